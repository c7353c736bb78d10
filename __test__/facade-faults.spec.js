'use strict'

// What callers' functions, half-open files and odd servers must not do to a call.

const diagnostics = require('node:diagnostics_channel')
const { createReadStream } = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('..')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { chunk, finish, readAll } = require('./support/sse')
const { completion, startHttpServer } = require('./support/servers')

const context = useGateway()
const BARE = KEY.slice(3)
const servers = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function clientOf(handle, options) {
  const server = await startHttpServer(handle)
  servers.push(server)
  return new AihubmixModelClient({ apiKey: KEY, baseURL: server.url, maxRetries: 0, ...options })
}

const answering =
  (type, body, headers = {}) =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type, 'x-request-id': 'trace-1', ...headers })
    response.end(body)
  }
const speech = (client) =>
  client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hi' })
const message = (client, request) =>
  client.messages.create(
    { model: 'claude-x', max_tokens: 9, messages: HELLO, stream: true },
    request
  )
const transcribe = (client, file, request) =>
  client.audio.transcriptions.create({ model: 'whisper-1', file }, request)
const event = (data) => `data: ${JSON.stringify(data)}\n\n`
const silent = () => new ReadableStream({})

describe('a file that gives nothing', () => {
  test('is left when the signal says so', async () => {
    const controller = new AbortController()
    const failing = failureOf(transcribe(context.client(), silent(), { signal: controller.signal }))
    controller.abort('why')
    expect(await failing).toMatchObject({ code: 'ABORTED', cause: 'why', attempts: 0 })
  })

  test('is left when the client is closed', async () => {
    const client = context.client()
    const failing = failureOf(client.images.edit({ model: 'm', prompt: 'p', image: silent() }))
    await sleep(10)
    client.close()
    expect(await failing).toMatchObject({ code: 'ABORTED' })
  })

  test('is an upload that stands still', async () => {
    expect(
      await failureOf(transcribe(context.client(), silent(), { timeout: { idle: 50 } }))
    ).toMatchObject({ code: 'TIMEOUT', phase: 'idle' })
    expect(await failureOf(transcribe(context.client({ timeout: 50 }), silent()))).toMatchObject({
      code: 'TIMEOUT',
      phase: 'total'
    })
  })
})

test('a file that fails while it is looked at, or before the key is there, is an error of the call', async () => {
  const cause = new Error('gone')
  const failing = new ReadableStream({ pull: () => Promise.reject(cause) })
  expect(await failureOf(transcribe(context.client(), failing))).toMatchObject({
    code: 'INVALID_REQUEST',
    param: 'file',
    cause
  })
  const slow = context.client({ apiKey: async () => sleep(60, KEY) })
  expect(await failureOf(transcribe(slow, createReadStream('/nowhere.mp3')))).toMatchObject({
    code: 'INVALID_REQUEST'
  })
})

test('events that share a packet with an error are delivered before it, and asked for once', async () => {
  let requests = 0
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'later' } }
  const client = await clientOf(
    (request, response) => {
      requests += 1
      answering('text/event-stream', event({ type: 'message_start' }) + event(error))(
        request,
        response
      )
    },
    { maxRetries: 2 }
  )
  const seen = []
  const failure = await failureOf(async () => {
    for await (const one of await message(client)) seen.push(one.type)
  })
  expect(seen).toEqual(['message_start'])
  expect(failure).toMatchObject({ code: 'OVERLOADED', attempts: 1, requestId: 'trace-1' })
  expect(requests).toBe(1)
})

test('a stop reason completes a message whose last event is missing', async () => {
  const client = await clientOf(
    answering(
      'text/event-stream',
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } })
    )
  )
  expect(await readAll(await message(client))).toHaveLength(1)
})

test('ping events are no sign of life', async () => {
  const client = await clientOf((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ type: 'message_start' }))
    const timer = setInterval(() => response.write(event({ type: 'ping' })), 20)
    response.on('close', () => clearInterval(timer))
  })
  const failure = await failureOf(async () =>
    readAll(await message(client, { timeout: { idle: 150 } }))
  )
  expect(failure).toMatchObject({ code: 'TIMEOUT', phase: 'idle', attempts: 1 })
})

test.each([
  ['speech', speech],
  ['a video', (client) => client.videos.content('v')],
  [
    'subtitles',
    (client) =>
      client.audio.transcriptions.create({
        model: 'm',
        file: Buffer.from('a'),
        response_format: 'srt'
      })
  ],
  ['raw events', (client) => client.request({ path: '/x', stream: true })],
  ['a native stream', message]
])('%s that is HTML is no answer', async (_name, call) => {
  const client = await clientOf(answering('text/html', '<html>sorry</html>'))
  expect(await failureOf(async () => call(client))).toMatchObject({ code: 'INVALID_RESPONSE' })
  const refused = await clientOf(
    answering(
      'text/plain',
      JSON.stringify({ error: { type: 'overloaded_error', message: 'later' } })
    )
  )
  expect(await failureOf(async () => call(refused))).toMatchObject({ code: 'OVERLOADED' })
})

test('an empty answer is no stream and no sound', async () => {
  for (const call of [speech, message, (client) => client.request({ path: '/x', stream: true })]) {
    const client = await clientOf(answering('text/plain', ''))
    expect(await failureOf(async () => call(client))).toMatchObject({
      code: 'INVALID_RESPONSE',
      attempts: 1
    })
  }
})

test('an error of bytes that are cut says how it came about', async () => {
  const client = await clientOf((request, response) => {
    response.writeHead(200, {
      'content-type': 'audio/mpeg',
      'content-length': '1000',
      'x-request-id': 'trace-1'
    })
    response.write(Buffer.alloc(100))
    setTimeout(() => request.socket.destroy(), 20)
  })
  expect(await failureOf((await speech(client)).bytes())).toMatchObject({
    attempts: 1,
    requestId: 'trace-1'
  })
})

test('headers that come twice are both there', async () => {
  const client = await clientOf(
    answering('application/json', completion(), { 'set-cookie': ['a=1', 'b=2'] })
  )
  const { response } = await client.chat.completions
    .create({ model: MODEL, messages: HELLO })
    .withResponse()
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect((await client.fetch('/v1/x')).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})

test('headers and queries in forms of their own are sent, and members that are undefined vanish', async () => {
  const seen = []
  const client = await clientOf((request, response) => {
    seen.push(request)
    answering(request.url.includes('/content') ? 'video/mp4' : 'application/json', '{"data":[]}')(
      request,
      response
    )
  })
  const headers = new Headers({ 'x-a': '1' })
  await client.request(
    { path: '/v1/x', headers, query: new URLSearchParams('a=1&a=2') },
    { headers: new Map([['x-b', '2']]) }
  )
  await client.models.catalog(new URLSearchParams('type=llm'))
  await client.videos.content('v', { variant: undefined, n: 5 })
  expect(seen.map(({ url }) => url)).toEqual([
    '/v1/x?a=1&a=2',
    '/api/v1/models?type=llm',
    '/v1/videos/v/content?n=5'
  ])
  expect(seen[0].headers).toMatchObject({ 'x-a': '1', 'x-b': '2' })
})

test('a poll that pauses ends with the client, and a long pause is a pause', async () => {
  let polls = 0
  const client = await clientOf((request, response) => {
    if (request.url === '/v1/videos/v') polls += 1
    answering('application/json', '{"id":"v","status":"queued"}')(request, response)
  })
  const failing = failureOf(client.videos.waitFor('v', { interval: 3e9, timeout: 1e13 }))
  // A pause that had overflowed would be over long before these.
  for (let n = 0; n < 20; n += 1) await client.request({ path: '/v1/other', method: 'GET' })
  expect(polls).toBe(1)
  client.close()
  expect(await failing).toMatchObject({ code: 'ABORTED' })
})

test('an answer of null is no answer', async () => {
  const client = await clientOf(answering('application/json', 'null'))
  for (const call of [
    () => client.images.generate({ model: 'imagen-4.0-generate-001', prompt: 'p' }),
    () => client.responses.create({ model: 'gpt-5.5', input: 'x' }),
    () => client.videos.waitFor('v'),
    async () => readAll(client.models.list())
  ]) {
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_RESPONSE' })
  }
})

test('odd answers and arguments are errors of the one class', async () => {
  const client = await clientOf(
    answering('application/json', JSON.stringify({ choices: [], output: [null] }))
  )
  expect(await client.images.generate({ model: 'bfl/flux', prompt: 'p' })).toMatchObject({
    data: []
  })
  const run = (request) =>
    client.chat.completions.runTools({ model: MODEL, messages: HELLO, tools: [] }, request)
  expect(await failureOf(run())).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(await failureOf(run({ signal: {} }))).toMatchObject({
    code: 'INVALID_REQUEST',
    param: 'signal'
  })
  expect(
    (await client.fetch('/v1/chat/completions', { method: 'POST', body: 'null' })).status
  ).toBe(400)
  const cyclic = {}
  cyclic.self = cyclic
  expect(
    await failureOf(
      client.audio.transcriptions.create({ model: 'm', file: Buffer.from('a'), cyclic })
    )
  ).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('nothing was sent where there was no key', async () => {
  const apiKey = () => {
    throw new Error('no key')
  }
  expect(await failureOf(context.client({ apiKey }).chatCompletion(MODEL, HELLO))).toMatchObject({
    attempts: 0
  })
  const controller = new AbortController()
  const failing = failureOf(
    context
      .client({ apiKey: () => new Promise(() => {}) })
      .chatCompletion(MODEL, HELLO, {}, { signal: controller.signal })
  )
  await sleep(30)
  controller.abort()
  expect(await failing).toMatchObject({ code: 'ABORTED', attempts: 0 })
})

test('a key shows in no error that is made beside the core, nor in a dry run', async () => {
  const client = context.client({ apiKey: async () => KEY })
  context.gateway.enqueue({ chat: `Invalid token: ${BARE}` })
  const parsing = await failureOf(
    client.chat.completions.parse({
      model: MODEL,
      messages: HELLO,
      response_format: { type: 'json_object' }
    })
  )
  expect(
    `${parsing.message} ${JSON.stringify(parsing.partial)} ${parsing.cause?.message}`
  ).not.toContain(BARE)
  expect(
    JSON.stringify(
      client.buildRequest('claude-x', HELLO, { [KEY]: 1 }, { headers: { 'x-a': KEY } })
    )
  ).not.toContain(BARE)
  const unknown = await failureOf(client.chatCompletion(MODEL, HELLO, {}, { [KEY]: 1 }))
  expect(`${unknown.message} ${unknown.param}`).not.toContain(BARE)
  const known = context.client()
  for (const call of [
    () => context.client({ [KEY]: 1 }),
    () => context.client({ headers: { [KEY]: 1n } }),
    () => known.chatCompletion(MODEL, HELLO, { [KEY]: 1n }),
    () => known.buildRequest(MODEL, HELLO, { [KEY]: 1n }),
    () => known.embeddings.create({ model: 'e', [KEY]: 1n }),
    () => known.audio.transcriptions.create({ model: 'm', file: Buffer.from('a'), [KEY]: () => {} })
  ]) {
    const error = await failureOf(async () => call())
    expect(`${error.message} ${error.param}`).toContain('sk-***')
    expect(`${error.message} ${error.param} ${error.cause?.message}`).not.toContain(BARE)
  }
})

test('a key shows in no error of a picture that was not made', async () => {
  const client = await clientOf((request, response) => {
    const said =
      request.url === '/v1/poll'
        ? { status: `Failed ${BARE}`, detail: KEY }
        : { output: [{ polling_url: '/v1/poll' }] }
    answering('application/json', JSON.stringify(said))(request, response)
  })
  const { message: text, body } = await failureOf(
    client.images.generate({ model: 'bfl/flux', prompt: 'p' })
  )
  expect(text).toContain('***')
  expect(`${text} ${JSON.stringify(body)}`).not.toContain(BARE)
})

test('a key shows in no step that is published', async () => {
  const seen = []
  const listen = (one) => seen.push(JSON.stringify(one))
  diagnostics.subscribe('aihubmix:call:retry', listen)
  context.gateway.enqueue({
    status: 503,
    headers: { 'retry-after-ms': '1' },
    json: { error: { message: `busy (tid: ${BARE})` } }
  })
  await context.client().chatCompletion(MODEL, HELLO)
  diagnostics.unsubscribe('aihubmix:call:retry', listen)
  expect(seen).toHaveLength(1)
  expect(seen[0]).not.toContain(BARE)
})

test('the final answer of a branch that was left does not wait for the other one', async () => {
  context.gateway.enqueue({
    sse: [chunk({ content: 'a' }), chunk({ content: 'b' }), finish(), '[DONE]']
  })
  const [left] = (await context.client().chatCompletion(MODEL, HELLO, { stream: true })).tee()
  for await (const one of left) {
    expect(one).toBeDefined()
    break
  }
  expect(await failureOf(left.finalChatCompletion())).toMatchObject({ code: 'ABORTED' })
})

test('a chat script is rendered for Imagen too, and no content stays no content when it is streamed', async () => {
  const images = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QQ==' } }]
  context.gateway.enqueue({ chat: { images } })
  const drawn = await context.client().chatCompletion('imagen-4.0-generate-001', HELLO)
  expect(drawn.choices[0].message.images).toMatchObject(images)
  context.gateway.enqueue({ chat: { content: null, refusal: 'no' } })
  const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
  expect((await stream.finalChatCompletion()).choices[0].message).toMatchObject({
    content: null,
    refusal: 'no'
  })
})
