// A user's Vitest suites, in each of its pools, with nothing configured.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { said, talk } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

const suite = `
import { AihubmixModelClient, AihubmixError } from 'aihubmix-native'
import { startMockGateway } from 'aihubmix-native/testing'
import { expect, test } from 'vitest'

test('talks', async () => {
  const lines: string[] = []
  const say = (line: string) => lines.push(line)
  ${talk}
  expect(lines).toEqual(${JSON.stringify(said)})
}, 30_000)
`

test('Vitest', async (t) => {
  const folder = await project(t, { 'one.test.ts': suite, 'two.test.ts': suite }, ['vitest'])
  for (const pool of ['forks', 'threads', 'vmThreads']) {
    await t.test(pool, async () => {
      const output = await run(folder, 'node', [
        join('node_modules', 'vitest', 'vitest.mjs'),
        'run',
        `--pool=${pool}`,
        '--no-color'
      ])
      assert.match(output, /Tests +2 passed \(2\)/)
    })
  }
})
