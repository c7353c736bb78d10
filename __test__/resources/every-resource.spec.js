'use strict'

// What every resource has in common: one request with the key in the right header, errors, retries,
// cancellation. One row for each.

const { setTimeout: sleep } = require('node:timers/promises')
const { KEY, HELLO, useGateway, failureOf, eventually } = require('../support/gateway')

const context = useGateway()
const SOUND = Buffer.from('ID3\x04 not much of a song')
const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex')
const CONTENTS = [{ role: 'user', parts: [{ text: 'hello' }] }]

// name, call, method, path, credential, what the answer has.
const RESOURCES = [
  [
    'embeddings.create',
    (c, r) => c.embeddings.create({ model: 'e', input: ['a', 'b'] }, r),
    'POST',
    '/v1/embeddings',
    'authorization',
    { data: [{ index: 0 }, { index: 1 }] }
  ],
  [
    'rerank.create',
    (c, r) => c.rerank.create({ model: 'r', query: 'b', documents: ['a', 'b'] }, r),
    'POST',
    '/v1/rerank',
    'authorization',
    { results: [{ index: 1 }, { index: 0 }] }
  ],
  [
    'moderations.create',
    (c, r) => c.moderations.create({ input: 'kill' }, r),
    'POST',
    '/v1/moderations',
    'authorization',
    { results: [{ flagged: true }] }
  ],
  [
    'images.generate',
    (c, r) => c.images.generate({ model: 'gpt-image-2', prompt: 'a fox' }, r),
    'POST',
    '/v1/images/generations',
    'authorization',
    { data: [{ b64_json: expect.any(String) }] }
  ],
  [
    'images.generate of Imagen',
    (c, r) => c.images.generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox' }, r),
    'POST',
    '/gemini/v1beta/models/imagen-4.0-generate-001:predict',
    'x-goog-api-key',
    { created: expect.any(Number), data: [{ b64_json: expect.any(String) }] }
  ],
  [
    'images.generate of a vendor',
    (c, r) => c.images.generate({ model: 'openai/gpt-image-1', prompt: 'a fox' }, r),
    'POST',
    '/v1/models/openai/gpt-image-1/predictions',
    'authorization',
    { data: [{ b64_json: expect.any(String) }] }
  ],
  [
    'images.edit',
    (c, r) => c.images.edit({ model: 'gpt-image-2', image: PICTURE, prompt: 'blue' }, r),
    'POST',
    '/v1/images/edits',
    'authorization',
    { data: [{ b64_json: expect.any(String) }] }
  ],
  [
    'audio.speech.create',
    (c, r) => c.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hi' }, r),
    'POST',
    '/v1/audio/speech',
    'authorization',
    { status: 200 }
  ],
  [
    'audio.transcriptions.create',
    (c, r) => c.audio.transcriptions.create({ model: 'whisper-1', file: SOUND }, r),
    'POST',
    '/v1/audio/transcriptions',
    'authorization',
    { text: 'This is what audio.mp3 says.' }
  ],
  [
    'audio.translations.create',
    (c, r) => c.audio.translations.create({ model: 'whisper-1', file: SOUND }, r),
    'POST',
    '/v1/audio/translations',
    'authorization',
    { text: 'This is what audio.mp3 says, in English.' }
  ],
  [
    'responses.create',
    (c, r) => c.responses.create({ model: 'gpt-5.5', input: 'hello' }, r),
    'POST',
    '/v1/responses',
    'authorization',
    { object: 'response', output_text: 'You said: hello' }
  ],
  [
    'messages.countTokens',
    (c, r) => c.messages.countTokens({ model: 'claude-sonnet-4-6', messages: HELLO }, r),
    'POST',
    '/v1/messages/count_tokens',
    'x-api-key',
    { input_tokens: expect.any(Number) }
  ],
  [
    'models.retrieve',
    (c, r) => c.models.retrieve('gpt-5.4-mini', r),
    'GET',
    '/v1/models/gpt-5.4-mini',
    'authorization',
    { id: 'gpt-5.4-mini', object: 'model' }
  ],
  [
    'messages.create',
    (c, r) => c.messages.create({ model: 'claude-sonnet-4-6', max_tokens: 9, messages: HELLO }, r),
    'POST',
    '/v1/messages',
    'x-api-key',
    { type: 'message', content: [{ type: 'text', text: 'You said: hello' }] }
  ],
  [
    'gemini.generateContent',
    (c, r) => c.gemini.generateContent({ model: 'models/gemini-3.5-flash', contents: CONTENTS }, r),
    'POST',
    '/gemini/v1beta/models/gemini-3.5-flash:generateContent',
    'x-goog-api-key',
    { candidates: [{ finishReason: 'STOP' }] }
  ],
  [
    'models.list',
    (c, r) => c.models.list(r),
    'GET',
    '/v1/models',
    'authorization',
    { object: 'list' }
  ],
  [
    'models.catalog',
    (c, r) => c.models.catalog({ model: 'claude' }, r),
    'GET',
    '/api/v1/models',
    'authorization',
    { success: true, data: [{ model_id: 'claude-sonnet-4-6' }] }
  ],
  [
    'videos.create',
    (c, r) => c.videos.create({ model: 'veo-3.1-generate-001', prompt: 'a boat' }, r),
    'POST',
    '/v1/videos',
    'authorization',
    { object: 'video', status: 'queued' }
  ],
  [
    'request',
    (c, r) =>
      c.request({ method: 'POST', path: '/v1/embeddings', body: { model: 'e', input: 'x' } }, r),
    'POST',
    '/v1/embeddings',
    'authorization',
    { object: 'list' }
  ]
]
const CREDENTIALS = ['authorization', 'x-api-key', 'x-goog-api-key']

describe.each(RESOURCES)('%s', (_name, call, method, path, credential, answer) => {
  test('asks once, with the key in its one place', async () => {
    const client = context.client({ appCode: 'CODE1234', headers: { 'x-mine': '1' } })
    expect(await call(client, { headers: { 'x-call': '2' } })).toMatchObject(answer)
    // A request that an earlier test has given up may still arrive.
    const own = ({ headers }) => headers['x-call'] === '2'
    const [request, ...more] = context.gateway.requests.filter(own)
    expect(more).toEqual([])
    expect([request.method, request.path]).toEqual([method, path])
    const { headers } = request
    expect(headers[credential]).toBe(credential === 'authorization' ? `Bearer ${KEY}` : KEY)
    expect(CREDENTIALS.filter((header) => header in headers)).toEqual([credential])
    expect(headers['anthropic-version']).toBe(credential === 'x-api-key' ? '2023-06-01' : undefined)
    expect(headers).toMatchObject({ 'app-code': 'CODE1234', 'x-mine': '1', 'x-call': '2' })
  })

  test('tells about the response', async () => {
    const { data, response, request_id: id } = await call(context.client()).withResponse()
    expect(data).toMatchObject(answer)
    expect(response.status).toBe(200)
    expect(response.headers.get('x-request-id')).toBe(id)
    const whole = await call(context.client()).asResponse()
    expect([whole.status, whole.bodyUsed]).toEqual([200, false])
    expect((await whole.arrayBuffer()).byteLength).toBeGreaterThan(0)
  })

  test('tells what the gateway refuses', async () => {
    context.gateway.enqueue({
      status: 400,
      json: { error: { message: `wrong: ${KEY} (tid: t-1)`, param: 'size', type: 'x' } }
    })
    const error = await failureOf(call(context.client()))
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      param: 'size',
      type: 'x',
      attempts: 1
    })
    expect(error.requestId).toMatch(/^mock-/)
    expect(JSON.stringify([error.message, error])).not.toContain(KEY.slice(3))
  })

  test('tries again after a passing failure, but no more often than told', async () => {
    const failure = { status: 503, headers: { 'retry-after-ms': '1' } }
    context.gateway.enqueue([failure, failure])
    expect(await call(context.client())).toMatchObject(answer)
    expect(context.gateway.requests).toHaveLength(3)
    context.gateway.enqueue([failure, failure])
    expect(await failureOf(call(context.client(), { maxRetries: 1 }))).toMatchObject({
      code: 'OVERLOADED',
      attempts: 2
    })
  })

  test('an error inside a 200 is an error', async () => {
    context.gateway.enqueue({ json: { error: { message: 'no', type: 'invalid_request_error' } } })
    expect(await failureOf(call(context.client()))).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      message: 'no'
    })
  })

  test('ends at once, and its connection with it, when it is aborted', async () => {
    context.gateway.enqueue({ stallAfter: 0 })
    const controller = new AbortController()
    const failing = failureOf(call(context.client(), { signal: controller.signal }))
    await eventually(() => context.gateway.requests.length === 1)
    await sleep(20)
    const reason = new Error('enough')
    const aborted = performance.now()
    controller.abort(reason)
    const error = await failing
    expect(performance.now() - aborted).toBeLessThan(50)
    expect(error).toMatchObject({ code: 'ABORTED', cause: reason })
    await eventually(() => context.gateway.closedEarly === 1)
  })

  test('has its timers', async () => {
    context.gateway.enqueue({ delayMs: 5_000 })
    const error = await failureOf(call(context.client(), { timeout: { response: 30 } }))
    expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'response', attempts: 1 })
  })

  test('a closed client refuses', async () => {
    const client = context.client()
    client.close()
    expect(await failureOf(call(client))).toMatchObject({ code: 'ABORTED' })
    expect(context.gateway.requests).toHaveLength(0)
  })
})

test('an aborted signal sends nothing', async () => {
  for (const [, call] of RESOURCES) {
    expect(await failureOf(call(context.client(), { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'ABORTED'
    })
  }
  expect(context.gateway.requests).toHaveLength(0)
})

test('bodies that are none are refused by name', async () => {
  const client = context.client()
  const creates = [
    client.embeddings.create,
    client.rerank.create,
    client.moderations.create,
    client.images.generate,
    client.images.edit,
    client.audio.speech.create,
    client.audio.transcriptions.create,
    client.responses.create,
    client.messages.create,
    client.gemini.generateContent,
    client.videos.create
  ]
  for (const create of creates) {
    for (const body of [undefined, null, 'text', []]) {
      expect(await failureOf(create(body))).toMatchObject({
        code: 'INVALID_REQUEST',
        param: 'body'
      })
    }
  }
  expect(await failureOf(client.embeddings.create({ model: 'e', input: 10n }))).toMatchObject({
    param: 'input'
  })
  expect(context.gateway.requests).toHaveLength(0)
})
