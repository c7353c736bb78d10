// Builds the addon and puts it where it is loaded from and where it is published from.
//
//   node scripts/build.mjs                      the release build for this machine
//   node scripts/build.mjs --debug              a development build
//   node scripts/build.mjs --target <triple> …  another platform; the rest goes to `napi build` as it is
//
// A glibc version at the end of the target (`x86_64-unknown-linux-gnu.2.17`, with `-x` for zig's linker)
// is the oldest glibc the binary will load with.

import { copyFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { binaryName, hostPlatform, packageFolder, platforms, root } from './platforms.mjs'
import { run } from './run.mjs'

const { values } = parseArgs({
  options: { debug: { type: 'boolean' }, target: { type: 'string' } },
  strict: false
})
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--debug')

run('napi', [
  'build',
  '--platform',
  ...(values.debug ? [] : ['--release']),
  '--no-const-enum',
  ...['--js', 'native.js'],
  ...['--dts', 'native.d.ts'],
  ...passedOn
])

const platform = builtPlatform(values.target)
if (platform) {
  const packaged = join(packageFolder(platform), binaryName(platform))
  copyFileSync(join(root, binaryName(platform)), packaged)
  console.log(`${binaryName(platform)} is in ${relative(root, packageFolder(platform))} too`)
}

function builtPlatform(target) {
  if (!target) return hostPlatform()
  const [triple] = target.split('.')
  return platforms.find((platform) => platform.target === triple)
}
