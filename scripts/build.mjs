// Builds the addon and puts it where it is loaded from and where it is published from.
//
//   node scripts/build.mjs                      the release build for this machine
//   node scripts/build.mjs --debug              a development build
//   node scripts/build.mjs --target <triple> …  another platform; the rest goes to `napi build` as it is
//
// A glibc version at the end of the target (`x86_64-unknown-linux-gnu.2.17`, with `-x` for zig's linker)
// is the oldest glibc the binary will load with. A release build names no folder of the machine it was made on.

import { copyFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { binaryName, hostPlatform, packageFolder, platforms, root } from './platforms.mjs'
import { read, run } from './run.mjs'

const { values } = parseArgs({
  options: { debug: { type: 'boolean' }, target: { type: 'string' } },
  strict: false
})
const [forNapi, forCargo] = split(
  process.argv.slice(2).filter((argument) => argument !== '--debug')
)
const { config, env } = values.debug ? { config: [], env: {} } : withoutFolders()

run(
  'napi',
  [
    'build',
    '--platform',
    ...(values.debug ? [] : ['--release']),
    '--no-const-enum',
    ...['--js', 'native.js'],
    ...['--dts', 'native.d.ts'],
    ...forNapi,
    ...['--', ...config, ...forCargo]
  ],
  { env }
)

const platform = builtPlatform(values.target)
if (platform) {
  const packaged = join(packageFolder(platform), binaryName(platform))
  copyFileSync(join(root, binaryName(platform)), packaged)
  console.log(`${binaryName(platform)} is in ${relative(root, packageFolder(platform))} too`)
}

function builtPlatform(target) {
  if (!target) return hostPlatform()
  return platforms.find((platform) => platform.target === tripleOf(target))
}

function tripleOf(target) {
  return target.split('.')[0]
}

// What stands before `--`, and what stands after it.
function split(args) {
  const end = args.indexOf('--')
  return end === -1 ? [args, []] : [args.slice(0, end), args.slice(end + 1)]
}

// Panic messages hold the paths of the sources, which lie in the builder's home. As a target's flags of the
// configuration they join those of `.cargo/config.toml`; RUSTFLAGS would replace them, and does where it is set:
// by the builder, or by napi's command line for musl.
function withoutFolders() {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), '.cargo')
  const toolchain = read('rustc', ['--print', 'sysroot'])?.trim()
  const folders = {
    [cargo]: '/cargo',
    ...(toolchain && { [toolchain]: '/rust' }),
    [root]: '/source/'
  }
  const flags = Object.entries(folders).map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
  const target = values.target ? tripleOf(values.target) : hostPlatform()?.target
  const { RUSTFLAGS } = process.env
  if (RUSTFLAGS || !target || target.endsWith('musl'))
    return { config: [], env: { RUSTFLAGS: [RUSTFLAGS, ...flags].filter(Boolean).join(' ') } }
  const rustflags = `target.${target}.rustflags=${JSON.stringify(flags)}`
  return { config: ['--config', rustflags], env: {} }
}
