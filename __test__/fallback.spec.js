'use strict'

// Other models where one fails: which failures lead there, what is said of it, and that it is one call.

const diagnostics = require('node:diagnostics_channel')
const { HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const MODELS = ['claude-sonnet-4-6', 'gemini-3.1-pro-preview', 'gpt-5.4', 'gpt-5.5-pro']
const failing = (status, message = 'no') => ({ status, json: { error: { message } } })
const client = (options) => context.client({ maxRetries: 0, ...options })
const said = (answer) => answer.choices[0].message.content

describe.each(MODELS)('from %s', (model) => {
  test.each(MODELS.filter((other) => other !== model))(
    'to %s, whole and streamed',
    async (other) => {
      context.gateway.enqueue(failing(529))
      const messages = [...HELLO, { role: 'assistant', content: 'Hi.' }, ...HELLO]
      const answer = await client().chatCompletion(model, messages, {}, { fallback: [other] })
      expect(said(answer)).toBe('You said: hello')
      const tried = [{ model, code: 'OVERLOADED', status: 529, attempts: 1 }]
      expect(answer.aihubmix).toMatchObject({ attempts: 2, tried })
      context.gateway.enqueue(failing(529))
      const stream = await client({ fallback: [other] }).chatCompletion(model, messages, {
        stream: true
      })
      const folded = await stream.finalChatCompletion()
      expect(said(folded)).toBe('You said: hello')
      expect(folded.aihubmix).toMatchObject({ attempts: 2, tried })
      expect(context.gateway.requests).toHaveLength(4)
    }
  )
})

test.each([
  ['RATE_LIMIT', failing(429), true],
  ['SERVER_ERROR', failing(500), true],
  ['NOT_FOUND', failing(404), true],
  ['PERMISSION_DENIED', failing(403), true],
  ['INSUFFICIENT_QUOTA', failing(402), true],
  ['CONTEXT_LENGTH_EXCEEDED', failing(400, 'maximum context length is 8192 tokens'), true],
  ['INVALID_REQUEST', failing(400, 'The model `gpt-5.4` does not exist'), true],
  ['INVALID_REQUEST', failing(400, 'temperature is too high'), false],
  ['AUTH_ERROR', failing(401), false],
  ['INVALID_RESPONSE', { text: 'hello' }, false]
])('%s leads on: %j %s', async (code, failure, leads) => {
  context.gateway.enqueue(failure)
  const call = client({ fallback: ['claude-sonnet-4-6'] }).chatCompletion('gpt-5.4', HELLO)
  if (leads) expect((await call).aihubmix.tried).toMatchObject([{ model: 'gpt-5.4', code }])
  else expect(await failureOf(() => call)).toMatchObject({ code, attempts: 1 })
  expect(context.gateway.requests).toHaveLength(leads ? 2 : 1)
})

test('a model may name what leads to it, and have options of its own', async () => {
  context.gateway.enqueue(failing(401))
  const fallback = [
    { model: 'gpt-5.5', on: ['CONTEXT_LENGTH_EXCEEDED'] },
    { model: 'claude-sonnet-4-6', on: ['AUTH_ERROR'], options: { temperature: 0.5 } }
  ]
  const answer = await client().chatCompletion('gpt-5.4', HELLO, { temperature: 0 }, { fallback })
  expect(answer.aihubmix).toMatchObject({ route: 'anthropic', tried: [{ code: 'AUTH_ERROR' }] })
  expect(context.gateway.requests[1].body).toMatchObject({ temperature: 0.5 })
})

test('retries come first, and a call is counted as one', async () => {
  const quick = { ...failing(500), headers: { 'retry-after-ms': '1' } }
  context.gateway.enqueue([quick, quick, quick])
  const options = { fallback: ['claude-sonnet-4-6'], maxRetries: 2 }
  const answer = await client(options).chatCompletion('gpt-5.4', HELLO)
  expect(answer.aihubmix).toMatchObject({ attempts: 4, tried: [{ model: 'gpt-5.4', attempts: 3 }] })
})

test('the error of the last one names all', async () => {
  context.gateway.enqueue([failing(500), failing(429), failing(503)])
  const fallback = ['claude-sonnet-4-6', 'gemini-3.1-pro-preview']
  const error = await failureOf(() => client({ fallback }).chatCompletion('gpt-5.4', HELLO))
  expect(error).toMatchObject({
    code: 'OVERLOADED',
    attempts: 3,
    tried: [
      { model: 'gpt-5.4', code: 'SERVER_ERROR', status: 500, attempts: 1 },
      { model: 'claude-sonnet-4-6', code: 'RATE_LIMIT', status: 429, attempts: 1 },
      { model: 'gemini-3.1-pro-preview', code: 'OVERLOADED', status: 503, attempts: 1 }
    ]
  })
})

test('a model that cannot be asked this is passed over', async () => {
  context.gateway.enqueue(failing(500))
  const fallback = ['claude-sonnet-4-6', 'gpt-5.4-mini']
  const answer = await client({ fallback }).chatCompletion('gpt-5.4', HELLO, { n: 2 })
  expect(answer.aihubmix.tried).toMatchObject([
    { model: 'gpt-5.4', code: 'SERVER_ERROR' },
    { model: 'claude-sonnet-4-6', code: 'INVALID_REQUEST', attempts: 0 }
  ])
})

test('what was delivered is not asked again', async () => {
  context.gateway.enqueue({ chat: 'word '.repeat(50), chunkBytes: 200, cutAfter: 1_500 })
  const stream = await client({ fallback: ['claude-sonnet-4-6'] }).chatCompletion(
    'gpt-5.4',
    HELLO,
    {
      stream: true
    }
  )
  expect(await failureOf(() => stream.finalChatCompletion())).toMatchObject({
    code: 'STREAM_INTERRUPTED'
  })
  expect(context.gateway.requests).toHaveLength(1)
})

test('one total timer runs over all models', async () => {
  context.gateway.enqueue([
    { ...failing(500), delayMs: 150 },
    { chat: 'late', delayMs: 5_000 }
  ])
  const options = { timeout: { total: 400 }, fallback: ['claude-sonnet-4-6', 'gpt-5.5'] }
  const error = await failureOf(() => client(options).chatCompletion('gpt-5.4', HELLO))
  expect(error).toMatchObject({
    code: 'TIMEOUT',
    phase: 'total',
    tried: [{ model: 'gpt-5.4' }, {}]
  })
  expect(context.gateway.requests).toHaveLength(2)
})

test('a signal ends the whole, whichever model is asked', async () => {
  context.gateway.enqueue([failing(500), { chat: 'late', delayMs: 5_000 }])
  const controller = new AbortController()
  const options = { signal: controller.signal, fallback: ['claude-sonnet-4-6', 'gpt-5.5'] }
  const call = client().chatCompletion('gpt-5.4', HELLO, {}, options)
  while (context.gateway.requests.length < 2) await new Promise(setImmediate)
  controller.abort('enough')
  expect(await failureOf(() => call)).toMatchObject({ code: 'ABORTED', cause: 'enough' })
  expect(context.gateway.requests).toHaveLength(2)
})

test('it is told on a channel of its own', async () => {
  const seen = []
  const listen = ({ id, fallback }) => seen.push([typeof id, fallback])
  diagnostics.subscribe('aihubmix:call:fallback', listen)
  context.gateway.enqueue(failing(429))
  await client({ fallback: ['claude-sonnet-4-6'] }).chatCompletion('gpt-5.4', HELLO)
  diagnostics.unsubscribe('aihubmix:call:fallback', listen)
  expect(seen).toEqual([
    ['number', { code: 'RATE_LIMIT', status: 429, model: 'claude-sonnet-4-6' }]
  ])
})

test('create, runTools, parse, fetch and a dry run know it too', async () => {
  const one = client({ fallback: ['claude-sonnet-4-6'] })
  context.gateway.enqueue(failing(429))
  const body = { model: 'gpt-5.4', messages: HELLO }
  expect((await one.chat.completions.create(body)).aihubmix.route).toBe('anthropic')
  context.gateway.enqueue(failing(429))
  const response = await one.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(body)
  })
  expect((await response.json()).aihubmix.tried).toHaveLength(1)
  context.gateway.enqueue(failing(429))
  const format = { type: 'json_object' }
  expect(
    (await one.chat.completions.parse({ ...body, response_format: format })).aihubmix.tried
  ).toHaveLength(1)
  const built = one.buildRequest('gpt-5.4', HELLO)
  expect(built.fallback).toMatchObject([
    { route: 'anthropic', body: { model: 'claude-sonnet-4-6' } }
  ])
  expect(JSON.stringify(built)).not.toContain('sk-test')
})

test.each([
  [[5], 'fallback[0]'],
  [[{ options: {} }], 'fallback[0].model'],
  [[{ model: 'm', when: [] }], 'fallback[0].when'],
  [['ok', ''], 'fallback[1]']
])('a mistake is named: %j', async (fallback, param) => {
  const call = () => client().chatCompletion('gpt-5.4', HELLO, {}, { fallback })
  expect(await failureOf(call)).toMatchObject({ code: 'INVALID_REQUEST', param })
  expect(() => client({ fallback })).toThrow(
    expect.objectContaining({ code: 'CONFIG_ERROR', param })
  )
})
