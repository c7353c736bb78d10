// CommonJS and ESM, in one fresh project.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hostPlatform } from '../../scripts/platforms.mjs'
import { commonjs, esm, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

test('npm install, then require and import', async (t) => {
  const folder = await project(t, { 'index.cjs': commonjs, 'index.mjs': esm })

  await t.test('only the binary of this platform is installed', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter(
      (name) => !name.startsWith('.')
    )
    assert.deepEqual(packages.sort(), ['aihubmix-native', `aihubmix-native-${hostPlatform().name}`])
  })
  await t.test('CommonJS', async () =>
    assert.equal(await run(folder, 'node', ['index.cjs']), printed)
  )
  await t.test('ESM', async () => assert.equal(await run(folder, 'node', ['index.mjs']), printed))
})
