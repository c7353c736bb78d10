// Builds the binaries of every platform that can be linked on this machine, and compiles the others.
//
//   node scripts/cross/build.mjs                    all of them
//   node scripts/cross/build.mjs linux-x64-musl …   some
//
// Needs Linux, Node, Python 3, and Rust with each target's `std` (`rustup target add <triple>`). Zig, which links for
// every Linux and brings the C headers, comes from PyPI.
//
// Apple's and Microsoft's libraries come only with their own systems: for those the Rust and the C are
// compiled, and nothing is linked. All intermediate files are in ~/.cache/aihubmix-native; the binaries
// end up in the platform packages and pass `scripts/check-binary.mjs`.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { binaryName, packageFolder, platforms, root } from '../platforms.mjs'
import { read, run } from '../run.mjs'

const cache = process.env.AIHUBMIX_BUILD_CACHE || join(homedir(), '.cache', 'aihubmix-native')
const oldestGlibc = '2.17'
const tools = ['ziglang==0.14.1', 'cargo-zigbuild==0.24.0']
const toolFolder = join(cache, 'zig', 'bin')
const targetFolder = join(cache, 'target')
const environment = { PATH: `${toolFolder}:${process.env.PATH}`, CARGO_INCREMENTAL: '0' }

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !platforms.some((platform) => platform.name === name))
if (unknown.length > 0) {
  console.error(
    `no such platform: ${unknown.join(', ')} (there are ${platforms.map(({ name }) => name).join(', ')})`
  )
  process.exit(2)
}
if (process.platform !== 'linux') {
  console.error('the cross builds start from Linux; npm run build makes the binary of this machine')
  process.exit(2)
}

const rows = []
installTools()
for (const platform of platforms.filter(
  ({ name }) => wanted.length === 0 || wanted.includes(name)
)) {
  const row = { platform: platform.name, result: '' }
  rows.push(row)
  try {
    if (!hasStd(platform.target)) throw new Error(`needs: rustup target add ${platform.target}`)
    row.result = platform.os === 'linux' ? build(platform) : check(platform)
  } catch (error) {
    row.result = `FAILED: ${error.message}`
    process.exitCode = 1
  }
}
console.table(rows)

function installTools() {
  if (existsSync(join(toolFolder, 'cargo-zigbuild'))) return
  run('python3', ['-m', 'venv', join(cache, 'zig')])
  run(join(toolFolder, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...tools])
}

function hasStd(target) {
  const libraries = read('rustc', ['--print', 'target-libdir', '--target', target])?.trim()
  return libraries !== undefined && existsSync(libraries)
}

// As the release workflow does it.
function build(platform) {
  const { target, libc } = platform
  const glibc = libc === 'glibc' ? oldestGlibc : undefined
  const options = ['--target', glibc ? `${target}.${glibc}` : target, '--target-dir', targetFolder]
  run('node', ['scripts/build.mjs', ...options, '-x', '--', '--locked'], { env: environment })
  const packaged = join(packageFolder(platform), binaryName(platform))
  run('node', ['scripts/check-binary.mjs', packaged, ...(glibc ? ['--glibc', glibc] : [])])
  return `built: ${relative(root, packaged)}`
}

function check(platform) {
  const options = ['--locked', '--lib', '--target-dir', targetFolder, '--target', platform.target]
  run('cargo', ['check', ...options], { env: { ...environment, ...compilers(platform) } })
  return 'compiled, not linked'
}

function compilers({ target, os, cpu }) {
  const name = target.replaceAll('-', '_')
  const zigTarget = `${{ x64: 'x86_64', arm64: 'aarch64' }[cpu]}-${os === 'darwin' ? 'macos' : 'windows-gnu'}`
  // Archives for Microsoft's linker are made in the manner of its `lib`.
  const archiver = os === 'win32' ? 'lib' : 'ar'
  return {
    [`CC_${name}`]: zigCompiler(zigTarget),
    [`AR_${name}`]: script(`zig-${archiver}`, `exec python3 -m ziglang ${archiver} "$@"`)
  }
}

// Zig has the C headers of macOS and Windows. It has its own names for targets, so those of the `cc` crate go.
function zigCompiler(target) {
  return script(
    `zig-cc-${target}`,
    `
for argument do
  shift
  case "$argument" in
    --target=*|-arch|arm64|x86_64|-mmacosx-version-min=*|-isysroot) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec python3 -m ziglang cc -target ${target} "$@"`
  )
}

function script(name, text) {
  const file = join(cache, 'bin', name)
  mkdirSync(join(cache, 'bin'), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${text.trim()}\n`)
  chmodSync(file, 0o755)
  return file
}
