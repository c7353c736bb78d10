// Other package managers choose the platform package by their own rules and lay it out in their own ways.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { commonjs, esm, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { emptyProject, install, registry } from './support/project.mjs'

const programs = { 'index.cjs': commonjs, 'index.mjs': esm }
const manifest = JSON.stringify({
  name: 'project',
  version: '1.0.0',
  private: true,
  dependencies: { 'aihubmix-native': '*' }
})

async function tool(t, name, ...path) {
  const folder = emptyProject(t)
  await install(folder, [name])
  return join(folder, 'node_modules', ...path)
}

async function runs(folder) {
  assert.equal(await run(folder, 'node', ['index.cjs']), printed)
  assert.equal(await run(folder, 'node', ['index.mjs']), printed)
}

test('pnpm', async (t) => {
  const major = Number(process.versions.node.split('.')[0])
  const pnpm = await tool(
    t,
    major < 22 ? 'pnpm@10' : 'pnpm',
    'pnpm',
    'bin',
    major < 22 ? 'pnpm.cjs' : 'pnpm.mjs'
  )
  const folder = emptyProject(t, { ...programs, 'package.json': manifest })
  await run(folder, 'node', [
    pnpm,
    'install',
    '--ignore-scripts',
    '--store-dir',
    join(folder, '.store')
  ])
  await runs(folder)
})

test('yarn 1', async (t) => {
  const yarn = await tool(t, 'yarn@1', 'yarn', 'bin', 'yarn.js')
  const folder = emptyProject(t, {
    ...programs,
    'package.json': manifest,
    '.yarnrc': `registry "${registry}"\n`
  })
  await run(folder, 'node', [
    yarn,
    'install',
    '--ignore-scripts',
    '--no-lockfile',
    '--cache-folder',
    join(folder, '.cache')
  ])
  await runs(folder)
})

test('yarn 4', async (t) => {
  const yarn = await tool(t, '@yarnpkg/cli-dist', '@yarnpkg', 'cli-dist', 'bin', 'yarn.js')
  for (const linker of ['node-modules', 'pnp']) {
    await t.test(linker, async () => {
      const settings = [
        `npmRegistryServer: "${registry}"`,
        'unsafeHttpWhitelist: ["localhost"]',
        `nodeLinker: ${linker}`,
        'pnpEnableEsmLoader: true',
        'enableTelemetry: false',
        // What it remembers of another run's registry would be wrong.
        'globalFolder: ./.yarn-global',
        'enableGlobalCache: false',
        'enableScripts: false',
        'enableImmutableInstalls: false'
      ]
      const folder = emptyProject(t, {
        ...programs,
        'package.json': manifest,
        '.yarnrc.yml': `${settings.join('\n')}\n`,
        'yarn.lock': ''
      })
      await run(folder, 'node', [yarn, 'install'])
      for (const program of Object.keys(programs)) {
        assert.equal(await run(folder, 'node', [yarn, 'node', program]), printed)
      }
    })
  }
})
