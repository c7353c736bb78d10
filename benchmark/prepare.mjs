// What the benchmark needs beside the package: its release build, the peers (installed in peers/, by its own lockfile),
// and the programs of native/. Each is made where it is missing or out of date.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CLIENTS } from './clients.mjs'

export const here = fileURLToPath(new URL('.', import.meta.url))
export const root = resolve(here, '..')
const peers = join(here, 'peers')
const programs = join(root, 'target', 'benchmark', 'release')
const suffix = process.platform === 'win32' ? '.exe' : ''

/** The path of a program of native/. */
export const program = (name) => join(programs, `${name}${suffix}`)

/** Installs and builds what is missing. */
export function prepare() {
  checkAddon()
  installPeers()
  if (!existsSync(program('gateway')))
    console.error('benchmark: building the gateway (the first time takes a few minutes)')
  const target = ['--target-dir', join(root, 'target', 'benchmark')]
  run('cargo', ['build', '--release', '--locked', '--quiet', ...target], join(here, 'native'))
}

/** Installs what the lockfile of peers/ says, unless it is there. */
export function installPeers() {
  const lock = join(peers, 'package-lock.json')
  if (changedAt(join(peers, 'node_modules', '.package-lock.json')) < changedAt(lock)) {
    console.error('benchmark: installing the peers')
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], peers)
  }
}

function checkAddon() {
  const binaries = readdirSync(root).filter((name) => name.endsWith('.node'))
  if (binaries.length === 0) throw new Error('there is no addon: npm run build')
  const largest = Math.max(...binaries.map((name) => statSync(join(root, name)).size))
  if (largest > 12 * 1024 * 1024)
    console.error('benchmark: this looks like a debug build; figures of npm run build count\n')
}

function changedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0
}

function run(command, args, cwd) {
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32'
  })
}

/** A Node.js that the peers take, and that tells what its main thread costs: this one or one from npm. */
export function nodeForPeers() {
  const { nodeOfAtLeast } = createRequire(import.meta.url)('../__test__/support/newer-node.js')
  const node = nodeOfAtLeast(24)
  if (node === undefined) throw new Error('the benchmark needs Node.js >= 24')
  return node
}

/** `{ [client]: 'package version, …' }` of what is installed. */
export function versions() {
  return Object.fromEntries(
    Object.entries(CLIENTS).map(([name, client]) => [name, versionsOf(client)])
  )
}

function versionsOf({ packages = [], crate, own }) {
  const all = packages.map((name) => `${name} ${versionIn(join(peers, 'node_modules', name))}`)
  if (own) all.unshift(`aihubmix-native ${versionIn(root)}`)
  if (crate !== undefined) all.push(`${crate} ${crateVersion(crate)}`)
  return all.join(', ')
}

function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
}

function crateVersion(name) {
  const lock = readFileSync(join(here, 'native', 'Cargo.lock'), 'utf8')
  return new RegExp(`name = "${name}"\\nversion = "([^"]+)"`).exec(lock)?.[1]
}

/** `{ [client]: bytes }`: what an installation of each client's packages weighs, its dependencies included. */
export function installedSizes() {
  const sizes = Object.entries(CLIENTS)
    .filter(([, { packages, own }]) => packages !== undefined && !own)
    .map(([name, { packages }]) => [name, sizeWithDependencies(packages)])
  return { 'aihubmix-native': ownSize(), ...Object.fromEntries(sizes) }
}

function sizeWithDependencies(names) {
  const seen = new Set()
  const visit = (name) => {
    const folder = join(peers, 'node_modules', name)
    if (seen.has(name) || !existsSync(folder)) return
    seen.add(name)
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const dependency of Object.keys(dependencies)) visit(dependency)
  }
  for (const name of names) visit(name)
  return [...seen].reduce((sum, name) => sum + sizeOf(join(peers, 'node_modules', name)), 0)
}

// What npm would pack, and the binary of this platform.
function ownSize() {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const binaries = readdirSync(root).filter((name) => name.endsWith('.node'))
  return [...files, ...binaries.slice(0, 1)].reduce(
    (sum, name) => sum + sizeOf(join(root, name)),
    0
  )
}

function sizeOf(path) {
  if (!existsSync(path)) return 0
  const status = statSync(path)
  if (!status.isDirectory()) return status.size
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
