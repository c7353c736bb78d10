// Makes a checkout usable: installs the development dependencies and builds the addon, each only where
// it is missing or out of date. Needs Node and Rust, nothing else.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { binaryName, hostPlatform, root } from './platforms.mjs'
import { read, run } from './run.mjs'

// npm leaves this file behind when an installation is complete.
const installed = ['node_modules', '.package-lock.json']
const sources = ['src', 'build.rs', 'Cargo.toml', 'Cargo.lock']

try {
  installDependencies()
  buildAddon()
} catch (error) {
  console.error(`setup: ${error.message}`)
  process.exitCode = 1
}

function installDependencies() {
  if (changedAt(...installed) >= changedAt('package-lock.json')) return
  console.log('setup: installing the development dependencies')
  run('npm', [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error'
  ])
}

function buildAddon() {
  const platform = hostPlatform()
  if (!platform) throw new Error(`no build is set up for ${process.platform}-${process.arch}`)
  const built = existsSync(join(root, 'native.js')) ? changedAt(binaryName(platform)) : 0
  const newestSource = Math.max(...sources.map((source) => changedAt(source)))
  if (built >= newestSource) return
  if (!read('cargo', ['--version'])) {
    throw new Error(
      'Rust is needed to build the addon: install it from https://rustup.rs and run this again'
    )
  }
  console.log(`setup: building the addon for ${platform.name} (the first time takes a few minutes)`)
  run('node', ['scripts/build.mjs'])
}

// When a file, or anything within a folder, last changed; 0 where it does not exist. A folder's own
// time counts, so that a removed file is noticed as well.
function changedAt(...path) {
  const place = join(root, ...path)
  if (!existsSync(place)) return 0
  const status = statSync(place)
  if (!status.isDirectory()) return status.mtimeMs
  return Math.max(status.mtimeMs, ...readdirSync(place).map((entry) => changedAt(...path, entry)))
}
