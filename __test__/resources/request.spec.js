'use strict'

// client.request: any other path of the gateway.

const { KEY, HELLO, useGateway, failureOf } = require('../support/gateway')

const context = useGateway()

test('sends method, path, query, body and headers as given', async () => {
  context.gateway.enqueue({ json: { fine: true } })
  const answer = await context
    .client({ headers: { 'x-one': 'client', 'x-two': 'client' } })
    .request(
      {
        method: 'patch',
        path: '/v1/thing?a=1',
        query: { b: [2, 'x y'], c: null, d: undefined, e: true },
        body: { n: 1 },
        headers: { 'X-One': 'request' }
      },
      { headers: { 'x-one': 'call', 'x-three': 'call' } }
    )
  expect(answer).toEqual({ fine: true })
  const [{ method, path, query, body, headers }] = context.gateway.requests
  expect([method, path, body]).toEqual(['PATCH', '/v1/thing', { n: 1 }])
  expect(query).toMatchObject({ a: '1', b: expect.anything(), e: 'true' })
  expect(headers).toMatchObject({
    'x-one': 'request',
    'x-two': 'client',
    'x-three': 'call',
    'content-type': 'application/json'
  })
  expect(headers.authorization).toBe(`Bearer ${KEY}`)
})

test('is a GET without a body and a POST with one', async () => {
  context.gateway.enqueue([{ json: 1 }, { json: 2 }])
  expect(await context.client().request({ path: '/v1/x' })).toBe(1)
  expect(await context.client().request({ path: '/v1/x', body: [] })).toBe(2)
  expect(context.gateway.requests.map(({ method }) => method)).toEqual(['GET', 'POST'])
  expect(context.gateway.requests[0].headers['content-type']).toBeUndefined()
})

test('an answer without a body is undefined, an answer that is no JSON an error', async () => {
  context.gateway.enqueue([
    { status: 204, text: '' },
    { text: 'hello' },
    { text: '<html></html>' },
    { text: '' }
  ])
  const client = context.client()
  expect(await client.request({ method: 'DELETE', path: '/v1/x' })).toBeUndefined()
  for (let n = 0; n < 3; n += 1) {
    expect(await failureOf(client.request({ path: '/v1/x' }))).toMatchObject({
      code: 'INVALID_RESPONSE'
    })
  }
})

test('gives the raw events of a stream', async () => {
  context.gateway.enqueue({
    sse: ['event: a\ndata: no json\n\n', ': comment\n\n', { b: 1 }, '[DONE]']
  })
  const stream = await context
    .client()
    .request({ method: 'POST', path: '/v1/x', body: {}, stream: true })
  const events = []
  for await (const event of stream) events.push(event)
  expect(events).toEqual([
    { event: 'a', data: 'no json' },
    { event: null, data: '{"b":1}' },
    { event: null, data: '[DONE]' }
  ])
  expect(context.gateway.requests[0].headers.accept).toBe('text/event-stream')
})

test('the key goes to the own origin only', async () => {
  const client = context.client()
  const other = new URL(context.gateway.url)
  other.port = String(Number(other.port) - 1)
  for (const path of ['https://evil.example/v1/models', other.href, 'v1/models', '']) {
    expect(await failureOf(client.request({ path }))).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'path'
    })
  }
  expect(context.gateway.requests).toHaveLength(0)
  await client.request({ path: `${context.gateway.url}/v1/models` })
  // Two slashes are a path of the gateway, not another host.
  await client.request({ path: '//evil.example/v1/models' })
  expect(context.gateway.requests).toHaveLength(2)
})

test('the vendors get the key as they want it', async () => {
  const client = context.client()
  await client.request({
    path: '/v1/messages',
    body: { model: 'claude-x', max_tokens: 9, messages: HELLO }
  })
  await client
    .request({ path: '/gemini/v1beta/models/gemini-x:generateContent', body: { contents: [] } })
    .catch(() => {})
  const [messages, gemini] = context.gateway.requests
  expect(messages.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' })
  expect(gemini.headers['x-goog-api-key']).toBe(KEY)
  for (const { headers } of [messages, gemini]) expect(headers.authorization).toBeUndefined()
})

test('options that cannot be sent are named', async () => {
  const client = context.client()
  for (const [options, param] of [
    [undefined, 'options'],
    [{}, 'path'],
    [{ path: 7 }, 'path'],
    [{ path: '/x', method: 'a b' }, 'method'],
    [{ path: '/x', method: 1 }, 'method'],
    [{ path: '/x', query: 'a=b' }, 'query'],
    [{ path: '/x', headers: { 'a b': '1' } }, 'headers.a b']
  ]) {
    expect(await failureOf(client.request(options))).toMatchObject({
      code: 'INVALID_REQUEST',
      param
    })
  }
})

test('behind a prefix, whole URLs are told from the root', async () => {
  const client = context.client({ baseURL: `${context.gateway.url}/some/prefix/v1` })
  await client.request({ path: '/v1/models' })
  await client.request({ path: `${context.gateway.url}/some/prefix/v1/models` })
  await client.request({ path: `${context.gateway.url}/v1/models` })
  const prefixed = '/some/prefix/v1/models'
  expect(context.gateway.requests.map(({ path }) => path)).toEqual([
    prefixed,
    prefixed,
    '/v1/models'
  ])
})
