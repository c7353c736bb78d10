// The platforms a binary is published for, and which of them this machine is.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root directory. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Every platform package: its folder under `npm/`, Rust's target triple, and what npm selects it by. */
export const platforms = [
  {
    name: 'linux-x64-gnu',
    target: 'x86_64-unknown-linux-gnu',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc'
  },
  {
    name: 'linux-arm64-gnu',
    target: 'aarch64-unknown-linux-gnu',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc'
  },
  {
    name: 'linux-x64-musl',
    target: 'x86_64-unknown-linux-musl',
    os: 'linux',
    cpu: 'x64',
    libc: 'musl'
  },
  {
    name: 'linux-arm64-musl',
    target: 'aarch64-unknown-linux-musl',
    os: 'linux',
    cpu: 'arm64',
    libc: 'musl'
  },
  { name: 'darwin-x64', target: 'x86_64-apple-darwin', os: 'darwin', cpu: 'x64' },
  { name: 'darwin-arm64', target: 'aarch64-apple-darwin', os: 'darwin', cpu: 'arm64' },
  { name: 'win32-x64-msvc', target: 'x86_64-pc-windows-msvc', os: 'win32', cpu: 'x64' },
  { name: 'win32-arm64-msvc', target: 'aarch64-pc-windows-msvc', os: 'win32', cpu: 'arm64' }
]

/** The platform this process runs on, or `undefined` where no binary is published for it. */
export function hostPlatform() {
  return platforms.find(
    ({ os, cpu, libc }) =>
      os === process.platform && cpu === process.arch && (!libc || libc === hostLibc())
  )
}

/** The file name of a platform's binary, the same in the repository's root and in its package. */
export function binaryName(platform) {
  return `aihubmix-native.${platform.name}.node`
}

/** The folder of a platform's package. */
export function packageFolder(platform) {
  return join(root, 'npm', platform.name)
}

/** A parsed JSON file of the repository. */
export function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'))
}

// Node's own report knows the glibc it runs on; on musl the field is absent.
function hostLibc() {
  process.report.excludeNetwork = true
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
}
