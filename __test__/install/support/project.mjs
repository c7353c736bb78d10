// A user's project: an empty folder, files, and an installation from the registry under test.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from './npm.mjs'

/** The registry of this test run (`npm run test:install` starts it). */
export const registry = process.env.AIHUBMIX_INSTALL_REGISTRY
if (!registry) throw new Error('start these tests with npm run test:install')

/** A new project with these files (path to text), which the test `t` removes again. */
export function emptyProject(t, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'aihubmix-native-install-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  write(folder, {
    'package.json': JSON.stringify({ name: 'project', version: '1.0.0', private: true }),
    '.npmrc': `registry=${registry}/\n`,
    ...files
  })
  return folder
}

/** The same with `aihubmix-native` and these packages installed by npm. */
export async function project(t, files, packages = []) {
  const folder = emptyProject(t, files)
  await install(folder, ['aihubmix-native', ...packages])
  return folder
}

/** Installs by npm; no package may run anything. */
export async function install(folder, packages) {
  await run(folder, 'npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...packages
  ])
}

/** Writes files (path to text) below `folder`. */
export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
