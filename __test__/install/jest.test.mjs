// A user's Jest suites: two files at once, each in a realm of its own, with nothing configured.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { said, talk } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

const suite = `
const { AihubmixModelClient, AihubmixError } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')

test('talks', async () => {
  const lines = []
  const say = (line) => lines.push(line)
  ${talk}
  expect(lines).toEqual(${JSON.stringify(said)})
}, 30_000)

test('fails when it should', () => {
  expect(() => new AihubmixModelClient({ apiKey: 'sk-test', nonsense: true })).toThrow(/nonsense/)
})

test('leaves nothing behind when it is closed in the middle', async () => {
  const gateway = await startMockGateway()
  gateway.enqueue({ stallAfter: 0 })
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
  const error = client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'ping' }]).catch((error) => error)
  client.close()
  expect((await error).code).toBe('ABORTED')
})
`

for (const version of [29, 30]) {
  test(`Jest ${version}`, async (t) => {
    const folder = await project(t, { 'one.test.js': suite, 'two.test.js': suite }, [
      `jest@${version}`
    ])
    for (const workers of [
      ['--runInBand'],
      ['--maxWorkers=2'],
      ['--maxWorkers=2', '--workerThreads']
    ]) {
      await t.test(workers.join(' '), async () => {
        const jest = [join('node_modules', 'jest', 'bin', 'jest.js'), '--ci', ...workers]
        const output = await run(folder, 'node', jest, { seconds: 120 })
        assert.match(output, /Tests: +6 passed, 6 total/)
        assert.doesNotMatch(output, /did not exit|failed to exit|open handles/)
      })
    }
  })
}
