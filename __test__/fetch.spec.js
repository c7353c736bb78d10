'use strict'

// client.fetch: what a WHATWG fetch promises, over the engine.

const { once } = require('node:events')
const http = require('node:http')
const { KEY, MODEL, HELLO, useGateway, failureOf, eventually } = require('./support/gateway')

const context = useGateway()
const CHAT = '/v1/chat/completions'

const post = (body, init) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...init
})
const chat = (client, body, init) =>
  client.fetch(context.gateway.url + CHAT, post({ model: MODEL, messages: HELLO, ...body }, init))

// Answers that begin, and then take for ever.
const SLOW_CHAT = {
  sse: ['a', 'b'].map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
  gapMs: 60_000
}
const SLOW_BODY = { chunkBytes: 150, gapMs: 60_000 }

const MODELS = [
  ['gpt-5.4-mini', '/v1/chat/completions', 'authorization'],
  ['claude-sonnet-4-6', '/v1/messages', 'x-api-key'],
  ['gemini-3.5-flash', '/gemini/v1beta/models/gemini-3.5-flash:generateContent', 'x-goog-api-key'],
  ['gpt-5.4-pro', '/v1/responses', 'authorization']
]

test.each(MODELS)(
  'a chat with %s takes its own route and comes back in the one shape',
  async (model, path, credential) => {
    const response = await chat(
      context.client(),
      { model },
      {
        headers: {
          Authorization: 'Bearer other',
          'X-Api-Key': 'other',
          'x-goog-api-key': 'other',
          'x-mine': '1',
          'content-type': 'text/plain'
        }
      }
    )
    expect(response).toBeInstanceOf(Response)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^application\/json/)
    ])
    expect(response.headers.get('x-request-id')).toMatch(/^mock-/)
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'You said: hello' }, finish_reason: 'stop' }],
      aihubmix: { warnings: [] }
    })
    const [{ headers, ...request }] = context.gateway.requests
    expect(request.path).toBe(path)
    expect(headers).toMatchObject({ 'x-mine': '1', 'content-type': 'application/json' })
    const credentials = ['authorization', 'x-api-key', 'x-goog-api-key'].filter(
      (name) => name in headers
    )
    expect(credentials).toEqual([credential])
    expect(headers[credential]).toContain(KEY)
  }
)

test.each(MODELS)('a streamed chat with %s is an event stream', async (model) => {
  const response = await chat(context.client(), { model, stream: true })
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '')
  expect(lines.at(-1)).toBe('data: [DONE]')
  const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')))
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
    'You said: hello'
  )
  expect(chunks.map(({ object }) => object)).toEqual(chunks.map(() => 'chat.completion.chunk'))
})

test("errors are responses in OpenAI's shape, of one attempt", async () => {
  context.gateway.enqueue([
    { status: 429, headers: { 'retry-after': '7', 'x-ratelimit-limit-requests': '60' } },
    { status: 401, json: { error: { message: `Invalid token: ${KEY.slice(3)}` } } },
    { status: 402, json: { error: { message: 'balance' } } }
  ])
  const limited = await chat(context.client(), {})
  expect(limited.status).toBe(429)
  expect(Object.fromEntries(limited.headers)).toMatchObject({
    'retry-after': '7',
    'x-should-retry': 'true',
    'x-ratelimit-limit-requests': '60',
    'x-request-id': expect.any(String)
  })
  expect(await limited.json()).toEqual({
    error: {
      message: expect.any(String),
      type: expect.any(String),
      param: null,
      code: 'RATE_LIMIT'
    }
  })
  const refused = await chat(context.client(), { stream: true })
  expect(refused.status).toBe(401)
  expect(await refused.text()).not.toContain(KEY.slice(3))
  expect((await chat(context.client(), {})).headers.get('x-should-retry')).toBe('false')
  expect(context.gateway.requests).toHaveLength(3)
})

test('what is refused before sending is a 400', async () => {
  const client = context.client()
  for (const [body, param] of [
    ['{', 'body'],
    ['[]', expect.anything()],
    [JSON.stringify({ messages: HELLO }), 'model']
  ]) {
    const response = await client.fetch(CHAT, { method: 'POST', body })
    expect(response.status).toBe(400)
    expect((await response.json()).error).toMatchObject({ code: 'INVALID_REQUEST', param })
    expect(response.headers.get('x-should-retry')).toBe('false')
  }
  expect(context.gateway.requests).toHaveLength(0)
})

test('a response timeout is a 504 that is not to be repeated', async () => {
  const client = context.client({ timeout: { response: 30 } })
  for (const ask of [
    () => chat(client, {}),
    () => chat(client, { stream: true }),
    () => client.fetch('/v1/models')
  ]) {
    context.gateway.enqueue({ delayMs: 5_000 })
    const response = await ask()
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([504, 'false'])
    expect((await response.json()).error.code).toBe('TIMEOUT')
  }
})

test('no connection is what it is for fetch', async () => {
  const client = context.client({ baseURL: 'http://127.0.0.1:1' })
  for (const path of [CHAT, '/v1/models']) {
    const error = await failureOf(
      client.fetch(path, path === CHAT ? post({ model: MODEL, messages: HELLO }) : {})
    )
    expect(error).toBeInstanceOf(TypeError)
    expect(error.cause).toMatchObject({ code: 'CONNECTION_ERROR' })
  }
})

test('an abort rejects with an AbortError, before, during and after the beginning', async () => {
  const client = context.client()
  expect(await failureOf(chat(client, {}, { signal: AbortSignal.abort('why') }))).toMatchObject({
    name: 'AbortError',
    cause: 'why'
  })
  expect(context.gateway.requests).toHaveLength(0)
  for (const stream of [false, true]) {
    context.gateway.enqueue({ delayMs: 5_000 })
    const controller = new AbortController()
    const failing = failureOf(chat(client, { stream }, { signal: controller.signal }))
    await eventually(() => context.gateway.requests.length > 0)
    controller.abort()
    expect((await failing).name).toBe('AbortError')
    context.gateway.reset()
  }
  for (const [ask, script] of [
    [(init) => chat(client, { stream: true }, init), SLOW_CHAT],
    [(init) => client.fetch('/v1/models', init), SLOW_BODY]
  ]) {
    context.gateway.enqueue(script)
    const controller = new AbortController()
    const response = await ask({ signal: controller.signal })
    const failing = failureOf(response.text())
    controller.abort()
    expect((await failing).name).toBe('AbortError')
  }
  client.close()
  expect((await failureOf(client.fetch('/v1/models'))).name).toBe('AbortError')
})

test("an error in mid-stream is the stream's last event", async () => {
  context.gateway.enqueue({
    sse: [
      { choices: [{ index: 0, delta: { content: 'hi' } }] },
      { error: { message: 'later', type: 'overloaded_error' } }
    ]
  })
  const text = await (await chat(context.client(), { stream: true })).text()
  const last = text.trim().split('\n\n').at(-1)
  expect(JSON.parse(last.replace(/^data: /, ''))).toEqual({
    error: { message: 'later', type: 'overloaded_error', param: null, code: 'OVERLOADED' }
  })
})

test('a body that is given up closes its connection', async () => {
  for (const [ask, script] of [
    [() => chat(context.client(), { stream: true }), SLOW_CHAT],
    [() => context.client().fetch('/v1/models'), SLOW_BODY]
  ]) {
    context.gateway.reset()
    context.gateway.enqueue(script)
    await (await ask()).body.cancel()
    await eventually(() => context.gateway.closedEarly === 1)
  }
})

test('the key goes to the own origins only', async () => {
  const client = context.client({ fallbackBaseURLs: ['https://second.example/prefix'] })
  for (const url of [
    'https://evil.example/v1/chat/completions',
    'https://evil.example/v1/models',
    'https://second.example:444/v1/models',
    'http://user:pass@127.0.0.1/v1/models'
  ]) {
    expect(
      await failureOf(client.fetch(url, post({ model: MODEL, messages: HELLO })))
    ).toMatchObject({ name: 'AihubmixError', code: 'INVALID_REQUEST', param: 'path' })
  }
  expect(context.gateway.requests).toHaveLength(0)
})

test('it works without its client, from strings, URLs and Requests, with or without a prefix', async () => {
  const { fetch } = context.client({ baseURL: `${context.gateway.url}/prefix/v1` })
  const url = `${context.gateway.url}/prefix/v1/chat/completions`
  const body = JSON.stringify({ model: 'claude-x', messages: HELLO })
  for (const input of [
    url,
    new URL(url),
    new Request(url, { method: 'POST', body }),
    `${url}?api-version=1`,
    `${url}/`
  ]) {
    const init =
      typeof input === 'object' && 'method' in input
        ? undefined
        : { method: 'POST', body: Buffer.from(body) }
    expect((await (await fetch(input, init)).json()).object).toBe('chat.completion')
    expect(context.gateway.requests.at(-1).path).toBe('/prefix/v1/messages')
  }
})

describe('any other path goes straight through', () => {
  test('with the key in its place, and the answer as it is', async () => {
    const client = context.client({ appCode: 'CODE1234' })
    const response = await client.fetch(`${context.gateway.url}/v1/models?x=1`, {
      headers: { Authorization: 'Bearer other', accept: 'text/x', 'x-mine': '1' }
    })
    expect((await response.json()).object).toBe('list')
    const [{ headers, query, method }] = context.gateway.requests
    expect([method, query]).toEqual(['GET', { x: '1' }])
    expect(headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      accept: 'text/x',
      'x-mine': '1',
      'app-code': 'CODE1234'
    })
    await client.fetch('/v1/messages', post({}))
    expect(context.gateway.requests[1].headers).toMatchObject({
      'x-api-key': KEY,
      'anthropic-version': '2023-06-01'
    })
  })

  test('errors too, without the key and without a second attempt', async () => {
    context.gateway.enqueue([
      { status: 500, json: { error: { message: `bad ${KEY}` } }, headers: { 'x-echo': KEY } },
      { status: 404, text: 'nothing here' }
    ])
    const failed = await context.client().fetch('/v1/models')
    expect(failed.status).toBe(500)
    expect(await failed.json()).toEqual({ error: { message: 'bad sk-***' } })
    expect(failed.headers.get('x-echo')).toBe('sk-***')
    expect(await (await context.client().fetch('/v1/none')).text()).toBe('nothing here')
    expect(context.gateway.requests).toHaveLength(2)
  })

  test('answers without a body', async () => {
    context.gateway.enqueue([{ status: 204, text: '' }, {}])
    const deleted = await context.client().fetch('/v1/videos/x', { method: 'DELETE' })
    expect([deleted.status, deleted.body, context.gateway.requests[0].method]).toEqual([
      204,
      null,
      'DELETE'
    ])
    expect(await (await context.client().fetch('/v1/models', { method: 'HEAD' })).text()).toBe('')
  })

  test.each([
    ['a string', () => 'plain', 'text/plain;charset=UTF-8', 'plain'],
    [
      'parameters',
      () => new URLSearchParams({ a: '1 2' }),
      'application/x-www-form-urlencoded;charset=UTF-8',
      'a=1+2'
    ],
    ['bytes', () => new TextEncoder().encode('bytes'), undefined, 'bytes'],
    ['a Blob', () => new Blob(['blob'], { type: 'text/x' }), 'text/x', 'blob'],
    ['a stream', () => new Blob(['stream']).stream(), undefined, 'stream']
  ])('%s as its body', async (_name, body, type, text) => {
    await context.client().fetch('/v1/x', { method: 'POST', body: body(), duplex: 'half' })
    const [{ headers, bodyText }] = context.gateway.requests
    expect([headers['content-type'], bodyText]).toEqual([type, text])
  })

  test('a form as its body', async () => {
    const form = new FormData()
    form.append('model', 'whisper-1')
    form.append('file', new File(['ID3'], 'x.mp3', { type: 'audio/mpeg' }))
    expect(
      await (
        await context.client().fetch('/v1/audio/transcriptions', { method: 'POST', body: form })
      ).json()
    ).toMatchObject({ text: 'This is what x.mp3 says.' })
    expect(context.gateway.requests[0].body).toMatchObject({
      fields: { model: 'whisper-1' },
      files: [{ filename: 'x.mp3', contentType: 'audio/mpeg', size: 3 }]
    })
  })

  test('a packed answer is unpacked, and says so no more', async () => {
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(require('node:zlib').gzipSync('{"plain":true}'))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = context.client({ baseURL: `http://127.0.0.1:${server.address().port}` })
    const response = await client.fetch('/v1/x')
    expect([response.headers.get('content-encoding'), await response.json()]).toEqual([
      null,
      { plain: true }
    ])
    server.closeAllConnections()
    server.close()
  })
})

test('the fallback of the client is asked where a model fails', async () => {
  const client = context.client({ fallback: ['claude-sonnet-4-6'] })
  for (const stream of [false, true]) {
    context.gateway.enqueue({ status: 503, json: { error: { message: 'no' } } })
    const response = await chat(client, { stream })
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('"tried":[{"model":"gpt-5.4-mini"')
  }
  expect(context.gateway.requests.map(({ path }) => path)).toEqual([
    CHAT,
    '/v1/messages',
    CHAT,
    '/v1/messages'
  ])
})
