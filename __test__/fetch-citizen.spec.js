'use strict'

// `client.fetch` beside the runtime's own: what a response says of itself, and answers that are none.

const { KEY, MODEL, HELLO, eventually, useGateway, failureOf } = require('./support/gateway')
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

test('what the runtime’s own fetch says of an answer is said: redirects, words, bytes of headers', async () => {
  const utf8 = Buffer.from('日本').toString('latin1')
  const server = await startHttpServer((request, response) => {
    if (request.url === '/v1/moved') return response.writeHead(302, { location: '/v1/a' }).end()
    const headers = { 'x-latin': 'caf\u00e9', 'x-utf8': utf8, 'set-cookie': ['a=1', 'b=2'] }
    return response.writeHead(218, 'This is fine', headers).end('{}')
  })
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url })
  const said = ({ status, statusText, url, redirected, headers }) => {
    const values = [headers.get('x-latin'), headers.get('x-utf8'), headers.getSetCookie()]
    return [status, statusText, url, redirected, ...values]
  }
  for (const path of ['/v1/a', '/v1/moved']) {
    const own = await client.fetch(server.url + path)
    expect(said(own)).toEqual(said(await fetch(server.url + path)))
    expect(own.redirected).toBe(path === '/v1/moved')
  }
  await server.close()
})

test('an abort rejects with the reason of the signal, before an answer and within it', async () => {
  const client = context.client()
  const reason = new Error('the user has left')
  for (const [path, init] of [
    ['/v1/chat/completions', post],
    [
      '/v1/chat/completions',
      { ...post, body: JSON.stringify({ ...JSON.parse(post.body), stream: true }) }
    ],
    ['/v1/messages', post]
  ]) {
    for (const script of [
      { stallAfter: 0, delayMs: 5_000 },
      { gapMs: 60, chunkBytes: 50 }
    ]) {
      context.gateway.enqueue(script)
      const controller = new AbortController()
      const { signal } = controller
      const read = client.fetch(path, { ...init, signal }).then((response) => response.text())
      const failing = failureOf(read)
      await eventually(() => context.gateway.requests.length > 0)
      controller.abort(reason)
      expect(await failing).toBe(reason)
      context.gateway.reset()
    }
  }
  const signal = AbortSignal.timeout(200)
  context.gateway.enqueue({ delayMs: 5_000 })
  expect((await failureOf(client.fetch('/v1/models', { signal }))).name).toBe('TimeoutError')
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
