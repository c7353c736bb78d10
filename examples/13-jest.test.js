'use strict'

// A test of one's own code without a gateway: the mock speaks every route, answers by itself, and
// can be told what to answer and how to fail. Works the same in Vitest and node:test.

const { AihubmixModelClient } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')

// The code under test.
async function summarise(client, text) {
  const answer = await client.chatCompletion('claude-sonnet-4-6', [
    { role: 'user', content: `Summarise: ${text}` }
  ])
  return answer.choices[0].message.content
}

let gateway
let client
beforeAll(async () => {
  gateway = await startMockGateway()
  client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

test('asks Claude for a summary', async () => {
  gateway.enqueue({ chat: 'short' })
  expect(await summarise(client, 'a long text')).toBe('short')
  expect(gateway.requests[0].path).toBe('/v1/messages')
  expect(gateway.requests[0].bodyText).toMatch(/a long text/)
})

test('survives a busy gateway', async () => {
  gateway.enqueue([{ status: 529, headers: { 'retry-after-ms': '1' } }, { chat: 'at last' }])
  expect(await summarise(client, 'a long text')).toBe('at last')
})
