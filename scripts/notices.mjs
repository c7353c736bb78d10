// Puts into each platform package what the licences of its crates ask for: LICENSE and the notices of everything
// that is linked into the binary.
//
//   node scripts/notices.mjs                  every platform
//   node scripts/notices.mjs linux-x64-gnu …  these
//
// Needs `cargo-about` (cargo install cargo-about --features cli). A licence that about.toml does not accept, and a
// crate whose licence cannot be told, end it with an error.

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder, platforms, root } from './platforms.mjs'
import { run } from './run.mjs'

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !platforms.some((platform) => platform.name === name))
if (unknown.length > 0) {
  console.error(`no such platform: ${unknown.join(', ')}`)
  process.exit(2)
}

for (const platform of platforms) {
  if (wanted.length > 0 && !wanted.includes(platform.name)) continue
  const folder = packageFolder(platform)
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  run('cargo', [
    ...['about', 'generate', '--locked', '--fail', '--target', platform.target],
    ...['--output-file', join(folder, 'THIRD-PARTY-NOTICES.md'), join(root, 'about.hbs')]
  ])
}
