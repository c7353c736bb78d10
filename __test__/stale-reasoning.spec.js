'use strict'

// Encrypted reasoning is bound to who wrote it. A vendor that can no longer read it refuses the whole
// request; the conversation then goes on without it.

const { AihubmixModelClient } = require('..')
const { startMockGateway } = require('../testing')

const REFUSAL = {
  status: 400,
  json: {
    error: {
      message: 'The encrypted content could not be verified.',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_encrypted_content'
    }
  }
}

const MESSAGES = [
  { role: 'user', content: 'Why?' },
  {
    role: 'assistant',
    content: 'Because.',
    reasoning_details: [
      {
        format: 'aihubmix.responses',
        type: 'reasoning',
        id: 'rs_1',
        summary: [],
        encrypted_content: 'sealed'
      },
      {
        format: 'aihubmix.responses',
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Because.' }]
      }
    ]
  },
  { role: 'user', content: 'And then?' }
]

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})

afterAll(() => gateway.close())

beforeEach(() => gateway.reset())

function ask(maxRetries, stream) {
  const client = new AihubmixModelClient({
    apiKey: 'sk-stale-0123456789',
    baseURL: gateway.url,
    proxy: false,
    maxRetries
  })
  return client.chatCompletion('gpt-5.5', MESSAGES, { stream }, { route: 'openai-responses' })
}

const kinds = ({ body }) => body.input.map((item) => item.type)

test.each([
  ['whole', false],
  ['streamed', true]
])('stale reasoning is taken out and the call goes on: %s', async (_, stream) => {
  gateway.enqueue(REFUSAL)
  const answer = await ask(1, stream)
  const completion = stream ? await answer.finalChatCompletion() : answer
  expect(completion.choices[0].message.content).toContain('And then?')
  expect(gateway.requests.map(kinds)).toEqual([
    ['message', 'reasoning', 'message', 'message'],
    ['message', 'message', 'message']
  ])
  expect(completion.aihubmix).toMatchObject({
    attempts: 2,
    warnings: [{ code: 'stale_reasoning', param: 'messages' }]
  })
})

test('once only', async () => {
  gateway.enqueue([REFUSAL, REFUSAL])
  await expect(ask(5, false)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    vendorCode: 'invalid_encrypted_content',
    attempts: 2
  })
})

test('also where there are no retries: it is none', async () => {
  gateway.enqueue(REFUSAL)
  const completion = await ask(0, false)
  expect(completion.aihubmix).toMatchObject({
    attempts: 2,
    warnings: [{ code: 'stale_reasoning', param: 'messages' }]
  })
})
