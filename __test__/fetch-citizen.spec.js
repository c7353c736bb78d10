'use strict'

// `client.fetch` beside the runtime's own: what a response says of itself, and answers that are none.

const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { AihubmixModelClient } = require('..')
const { startHttpServer } = require('./support/servers')

const context = useGateway()
const NATIVE = [
  '/v1/messages',
  '/v1/responses',
  '/gemini/v1beta/models/gemini-3.5-flash:generateContent',
  '/gemini/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse'
]
const post = { method: 'POST', body: JSON.stringify({ model: MODEL, messages: HELLO }) }
const ask = (client, path, headers) => client.fetch(path, { ...post, headers })

test('a response knows its address and the words of its status, as the runtime’s own does', async () => {
  const client = context.client()
  const url = `${context.gateway.url}/v1/models`
  for (const address of [url, '/v1/models']) {
    const response = await client.fetch(address)
    expect([response.url, response.status, response.statusText]).toEqual([url, 200, 'OK'])
  }
  context.gateway.enqueue({ status: 404, json: { error: { message: 'no' } } })
  expect((await client.fetch('/v1/nothing')).statusText).toBe('Not Found')
  expect((await ask(client, '/v1/chat/completions')).statusText).toBe('OK')
})

describe.each(NATIVE)('%s', (path) => {
  test.each([
    [
      'an error',
      { json: { error: { message: 'overloaded', type: 'overloaded_error' } } },
      529,
      'overloaded'
    ],
    [
      'a web page',
      { text: '<html>down</html>', headers: { 'content-type': 'text/html' } },
      502,
      /web page/
    ]
  ])('a 200 with %s is an error in the words of the path', async (_name, answer, status, words) => {
    context.gateway.enqueue(answer)
    const response = await ask(context.client(), path)
    expect(response.status).toBe(status)
    const body = await response.json()
    expect(body.error.message).toMatch(words)
    if (path.includes('messages')) expect(body.type).toBe('error')
    if (path.includes('gemini'))
      expect(body.error).toMatchObject({ code: status, status: expect.any(String) })
  })
})

test('an answer of a native path comes through as it is', async () => {
  const json = { type: 'message', content: [{ type: 'text', text: 'hi' }], error: null }
  context.gateway.enqueue({ json })
  const response = await ask(context.client(), '/v1/messages')
  expect([response.status, await response.json()]).toEqual([200, json])
})

test('what may be billed is not repeated by the SDK above', async () => {
  const server = await startHttpServer((request) =>
    setTimeout(() => request.socket.destroy(), 1_300)
  )
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url })
  const response = await ask(client, '/v1/chat/completions')
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([502, 'false'])
  // The AI SDK repeats by the status alone.
  const headers = { 'user-agent': 'ai/7.0.1 ai-sdk-provider-utils/5.0.1 node.js/v24' }
  expect(await failureOf(ask(client, '/v1/chat/completions', headers))).toMatchObject({
    name: 'AI_APICallError',
    isRetryable: false,
    cause: { code: 'CONNECTION_ERROR', retryable: false }
  })
  await server.close()
}, 30_000)
