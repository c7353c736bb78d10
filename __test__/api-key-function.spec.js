'use strict'

// A key that is asked for before each attempt.

const { inspect } = require('node:util')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { saying } = require('./support/sse')

const context = useGateway()

const FIRST = 'sk-first-0123456789'
const SECOND = 'sk-second-0123456789'
const later = { status: 503, headers: { 'retry-after-ms': '1' } }
const sentKeys = () => context.gateway.requests.map(({ headers }) => headers.authorization)

test('is asked before each attempt, retries included', async () => {
  const keys = [FIRST, SECOND, FIRST]
  const apiKey = jest.fn(() => keys.shift())
  context.gateway.enqueue([later, later])
  const { aihubmix } = await context.client({ apiKey }).chatCompletion(MODEL, HELLO)
  expect(aihubmix.attempts).toBe(3)
  expect(apiKey).toHaveBeenCalledTimes(3)
  expect(sentKeys()).toEqual([FIRST, SECOND, FIRST].map((key) => `Bearer ${key}`))
})

test('may be async, and is asked for streams', async () => {
  context.gateway.enqueue([later, { sse: saying('fine') }])
  const apiKey = jest.fn(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    return FIRST
  })
  const stream = await context.client({ apiKey }).chatCompletion(MODEL, HELLO, { stream: true })
  expect((await stream.finalChatCompletion()).choices[0].message.content).toBe('fine')
  expect(apiKey).toHaveBeenCalledTimes(2)
  expect(sentKeys()).toEqual([`Bearer ${FIRST}`, `Bearer ${FIRST}`])
})

test('is not asked at construction, by `buildRequest` or by `getBaseURL`', () => {
  const apiKey = jest.fn(() => FIRST)
  const client = context.client({ apiKey })
  expect(client.buildRequest(MODEL, HELLO).headers.authorization).toBe('Bearer ***')
  client.getBaseURL(MODEL)
  expect(apiKey).not.toHaveBeenCalled()
})

test('wins over the environment', async () => {
  process.env.AIHUBMIX_API_KEY = SECOND
  try {
    await context.client({ apiKey: () => FIRST }).chatCompletion(MODEL, HELLO)
  } finally {
    delete process.env.AIHUBMIX_API_KEY
  }
  expect(sentKeys()).toEqual([`Bearer ${FIRST}`])
})

test('many calls at once each get the key that was asked for them', async () => {
  let asked = 0
  const client = context.client({ apiKey: async () => `sk-key-number-${asked++}` })
  await Promise.all(Array.from({ length: 50 }, () => client.chatCompletion(MODEL, HELLO)))
  expect(new Set(sentKeys()).size).toBe(50)
})

describe('that gives no key is a CONFIG_ERROR without a request', () => {
  const cause = new Error('the vault is closed')
  test.each([
    [
      'throws',
      () => {
        throw cause
      }
    ],
    [
      'rejects',
      async () => {
        throw cause
      }
    ]
  ])('because it %s', async (_, apiKey) => {
    for (const stream of [false, true]) {
      const error = await failureOf(
        context.client({ apiKey }).chatCompletion(MODEL, HELLO, { stream })
      )
      expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'apiKey', retryable: false })
      expect(error.message).toContain('the vault is closed')
      expect(error.cause).toBe(cause)
    }
    expect(context.gateway.requests).toHaveLength(0)
  })

  test.each([
    [undefined],
    [null],
    [42],
    [{}],
    [''],
    ['   '],
    ['sk-line\nbreak-0123'],
    [Symbol('key')],
    [1n],
    [Promise.resolve(7)]
  ])('because it returns %p', async (key) => {
    const error = await failureOf(
      context.client({ apiKey: () => key }).chatCompletion(MODEL, HELLO)
    )
    expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'apiKey' })
    expect(error.message).not.toContain('break-0123')
    expect(context.gateway.requests).toHaveLength(0)
  })

  test('because it throws what is no error', async () => {
    for (const odd of ['text', undefined, null, 42]) {
      const apiKey = async () => {
        throw odd
      }
      expect(
        await failureOf(context.client({ apiKey }).chatCompletion(MODEL, HELLO))
      ).toMatchObject({ code: 'CONFIG_ERROR' })
    }
  })
})

test('that works again after a failure', async () => {
  let fails = true
  const client = context.client({
    apiKey: () => {
      if (fails) throw new Error('not yet')
      return FIRST
    }
  })
  await failureOf(client.chatCompletion(MODEL, HELLO))
  fails = false
  expect((await client.chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
})

test('that never answers ends with the call’s time', async () => {
  for (const [timeout, phase] of [
    [60, 'total'],
    [{ response: 60 }, 'response']
  ]) {
    const error = await failureOf(
      context.client({ apiKey: () => new Promise(() => {}), timeout }).chatCompletion(MODEL, HELLO)
    )
    expect(error).toMatchObject({ code: 'TIMEOUT', phase })
    expect(error.message).toContain('apiKey')
  }
})

test('may close the client', async () => {
  const client = context.client({
    apiKey: () => {
      client.close()
      return FIRST
    }
  })
  expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({ code: 'ABORTED' })
})

test('gives keys that never show, not even earlier ones', async () => {
  const keys = [FIRST, SECOND]
  const echo = `bad keys ${FIRST} ${FIRST.slice(3)} ${SECOND} ${SECOND.slice(3)}`
  context.gateway.enqueue([
    later,
    { status: 401, headers: { 'x-echo': echo }, json: { error: { message: echo, echo } } }
  ])
  const client = context.client({ apiKey: () => keys.shift() })
  const error = await failureOf(client.chatCompletion(MODEL, HELLO))
  expect(error).toMatchObject({ code: 'AUTH_ERROR', attempts: 2 })
  const shown =
    inspect(error, { depth: 10, showHidden: true }) +
    JSON.stringify(error) +
    error.stack +
    inspect(client, { depth: 10, showHidden: true })
  for (const key of [FIRST, SECOND]) expect(shown).not.toContain(key.slice(3))
})
