// Installs what would be published into fresh projects, as users do, and runs them.
//
//   node scripts/test-install.mjs                  everything in __test__/install
//   node scripts/test-install.mjs modules jest     some files only
//
// The packages come from a registry on loopback that has all of ours, with this machine's binary from its
// folder under npm/ (run `npm run build` first); other packages come from the registry npm is configured with.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm } from '../__test__/install/support/npm.mjs'
import { packEverything } from '../__test__/install/support/packages.mjs'
import { startRegistry } from '../__test__/install/support/registry.mjs'
import { root } from './platforms.mjs'

const ending = '.test.mjs'
const folder = join(root, '__test__', 'install')
const known = readdirSync(folder)
  .filter((name) => name.endsWith(ending))
  .map((name) => name.slice(0, -ending.length))
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`no such test: ${unknown.join(', ')} (there are ${known.join(', ')})`)
  process.exit(2)
}

const tarballs = mkdtempSync(join(tmpdir(), 'aihubmix-native-packed-'))
try {
  const packages = packEverything(tarballs)
  const registry = await startRegistry(packages, npm(root, ['config', 'get', 'registry']).trim())
  const files = (wanted.length > 0 ? wanted : known).map((name) => join(folder, name + ending))
  process.exitCode = await runTests(files, registry.url)
  registry.close()
} finally {
  rmSync(tarballs, { recursive: true, force: true })
}

function runTests(files, registry) {
  const args = ['--test', '--test-reporter=spec', ...files]
  const env = { ...process.env, AIHUBMIX_INSTALL_REGISTRY: registry }
  return new Promise((resolve) => {
    spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env }).on('close', (status) =>
      resolve(status ?? 1)
    )
  })
}
