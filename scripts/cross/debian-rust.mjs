// Debian's Rust, unpacked beside everything else: its sources can build `std` for targets that the
// installed toolchain has none for.

import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { read, run } from '../run.mjs'

// The compiler, its libraries and the sources of `std` with everything those depend on. They are not
// installed, only unpacked: they would be in the way of rustup.
const packages = [
  /^rustc-web_/,
  /^libstd-rust-web-[\d.]+_/,
  /^libstd-rust-web-dev_/,
  /^rust-web-src_/,
  /^libllvm[\d.]+_/
]

/** The environment in which cargo uses it, `std` being built along; downloads what is missing to `cache`. */
export function debianRust(cache) {
  const folder = join(cache, 'debian-rust')
  const rustc = join(folder, 'usr', 'bin', 'rustc')
  if (!existsSync(rustc)) unpack(join(cache, 'debian-packages'), folder)
  return {
    RUSTC: rustc,
    LD_LIBRARY_PATH: join(folder, 'usr', 'lib', 'x86_64-linux-gnu'),
    // Building `std` is not stable yet; the compiler is.
    RUSTC_BOOTSTRAP: '1'
  }
}

function unpack(downloads, folder) {
  if (process.arch !== 'x64' || !read('apt-get', ['--version'])) {
    throw new Error(
      'this target needs `rustup target add`, or Debian 12 or later on x64 for its Rust packages'
    )
  }
  mkdirSync(downloads, { recursive: true })
  run('apt-get', ['download', ...names()], { cwd: downloads })
  for (const file of readdirSync(downloads)) {
    if (packages.some((pattern) => pattern.test(file)))
      run('dpkg', ['-x', join(downloads, file), folder])
  }
}

// Two names carry a version: apt knows which.
function names() {
  const dependency = (name, pattern) => {
    const found = read('apt-cache', ['depends', name])?.match(pattern)?.[1]
    if (!found) throw new Error(`apt does not know ${name}: run apt-get update`)
    return found
  }
  const library = dependency('libstd-rust-web-dev', /Depends: (libstd-rust-web-[\d.]+)/)
  const llvm = dependency(library, /Depends: (libllvm[\d.]+)/)
  return ['rustc-web', 'libstd-rust-web-dev', 'rust-web-src', library, llvm]
}
