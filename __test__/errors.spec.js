'use strict'

// The one error class.

const util = require('node:util')
const { AihubmixError, handleAihubmixErrors } = require('..')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

const failing = (script, options) => {
  context.gateway.enqueue(script)
  return failureOf(context.client({ maxRetries: 0, ...options }).chatCompletion(MODEL, HELLO))
}

describe('an error', () => {
  test('is an Error and an AihubmixError of the caller’s realm, with a stack', async () => {
    const error = await failing({ status: 400 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(AihubmixError)
    expect(error.constructor).toBe(AihubmixError)
    expect(Object.prototype.toString.call(error)).toBe('[object Error]')
    expect(util.types.isNativeError(error)).toBe(true)
    expect(error.name).toBe('AihubmixError')
    expect(String(error)).toBe(`AihubmixError: ${error.message}`)
    expect(error.stack).toContain(error.message)
  })

  test('has every field that the answer gave', async () => {
    const body = {
      error: {
        message: 'slow down',
        type: 'rate_limit_error',
        param: 'model',
        code: 'rate_limited',
        extra: { n: 1 }
      }
    }
    const error = await failing({
      status: 429,
      headers: { 'retry-after': '7', 'x-request-id': 'trace-1', 'x-own': 'yes' },
      json: body
    })
    expect(error).toMatchObject({
      name: 'AihubmixError',
      message: 'slow down',
      code: 'RATE_LIMIT',
      status: 429,
      type: 'rate_limit_error',
      param: 'model',
      vendorCode: 'rate_limited',
      requestId: 'trace-1',
      retryAfterMs: 7000,
      retryable: true,
      attempts: 1,
      body
    })
    expect(error.headers).toBeInstanceOf(Headers)
    expect(error.headers.get('x-own')).toBe('yes')
    expect(error.headers.get('Retry-After')).toBe('7')
    for (const absent of ['phase', 'partial', 'cause']) expect(error[absent]).toBeUndefined()
  })

  test('reads the trace id out of the text', async () => {
    for (const text of ['(tid: 2024abc)', '(request id: 2024abc)']) {
      const error = await failing({
        status: 500,
        headers: { 'x-request-id': '' },
        json: { error: { message: `no ${text}` } }
      })
      expect(error.requestId).toBe('2024abc')
    }
  })

  test('of the transport has a cause', async () => {
    const error = await failing([], { baseURL: 'http://127.0.0.1:9', maxRetries: 1 })
    expect(error).toMatchObject({ code: 'CONNECTION_ERROR', retryable: true, attempts: 2 })
    expect(error.status).toBeUndefined()
    expect(error.message + error.cause?.message).toMatch(/refused/i)
    expect(error.cause).toBeInstanceOf(Error)
  })

  test('of a timer has its phase', async () => {
    expect(await failing({ delayMs: 5_000 }, { timeout: { response: 30 } })).toMatchObject({
      code: 'TIMEOUT',
      phase: 'response',
      attempts: 1
    })
  })

  test('can be made by anybody, as the guide does', () => {
    const error = new AihubmixError('text', 'CODE', 418)
    expect(error).toMatchObject({
      message: 'text',
      code: 'CODE',
      status: 418,
      name: 'AihubmixError',
      retryable: false,
      attempts: 0
    })
  })

  test('can be made with all its members', () => {
    const cause = new Error('below')
    const details = {
      requestId: 'r',
      retryable: true,
      attempts: 2,
      headers: { a: 'b' },
      cause,
      message: 'no',
      code: 'NO'
    }
    const error = new AihubmixError('text', 'CODE', undefined, details)
    expect(error).toMatchObject({
      message: 'text',
      code: 'CODE',
      status: undefined,
      requestId: 'r',
      retryable: true,
      attempts: 2
    })
    expect(error.headers.get('a')).toBe('b')
    expect(error.cause).toBe(cause)
    expect(Object.keys(error)).not.toContain('cause')
  })

  test('may be given another name, as some reporters do', () => {
    const error = new AihubmixError('text')
    error.name = 'Other'
    expect(String(error)).toBe('Other: text')
    expect(new AihubmixError('text').name).toBe('AihubmixError')
  })
})

test.each([
  [400, 'INVALID_REQUEST', false],
  [401, 'AUTH_ERROR', false],
  [402, 'INSUFFICIENT_QUOTA', false],
  [403, 'PERMISSION_DENIED', false],
  [404, 'NOT_FOUND', false],
  [408, 'TIMEOUT', true],
  [409, 'CONFLICT', true],
  [410, 'NOT_FOUND', false],
  [413, 'INVALID_REQUEST', false],
  [422, 'INVALID_REQUEST', false],
  [429, 'RATE_LIMIT', true],
  [500, 'SERVER_ERROR', true],
  [502, 'SERVER_ERROR', true],
  [503, 'OVERLOADED', true],
  [504, 'TIMEOUT', true],
  [529, 'OVERLOADED', true],
  [599, 'SERVER_ERROR', true]
])('status %i is %s, retryable: %s', async (status, code, retryable) => {
  const error = await failing({ status, json: { error: { message: 'said so' } } })
  expect(error).toMatchObject({ status, code, retryable, message: 'said so', attempts: 1 })
})

test('what `retryable` says is what the client does: a prompt that is too long stays too long', async () => {
  const message = 'This model\u2019s maximum context length exceeded'
  const long = { status: 500, json: { error: { message, type: 'server_error' } } }
  context.gateway.enqueue([long, long, long])
  const error = await failureOf(context.client().chatCompletion(MODEL, HELLO))
  expect(error).toMatchObject({ code: 'CONTEXT_LENGTH_EXCEEDED', retryable: false, attempts: 1 })
  expect(context.gateway.requests).toHaveLength(1)
})

test('other statuses keep the vendor’s own word', async () => {
  expect(
    await failing({ status: 418, json: { error: { message: 'm', code: 'teapot_error' } } })
  ).toMatchObject({ code: 'TEAPOT_ERROR', status: 418 })
  expect(
    await failing({ status: 418, json: { error: { message: 'm', code: 'not a word!' } } })
  ).toMatchObject({ code: 'API_ERROR' })
  expect(await failing({ status: 418, text: 'no JSON' })).toMatchObject({
    code: 'API_ERROR',
    status: 418
  })
})

test('a spent quota is told from a rate limit, and is not retried', async () => {
  const quota = {
    status: 429,
    json: { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }
  }
  const error = await failing([quota, quota], { maxRetries: 2 })
  expect(error).toMatchObject({
    code: 'INSUFFICIENT_QUOTA',
    status: 429,
    retryable: false,
    attempts: 1
  })
})

test('a prompt that is too long has its own class', async () => {
  const json = {
    error: {
      message: "This model's maximum context length is 8192 tokens",
      code: 'context_length_exceeded'
    }
  }
  expect(await failing({ status: 400, json })).toMatchObject({
    code: 'CONTEXT_LENGTH_EXCEEDED',
    status: 400,
    retryable: false
  })
})

describe('duplicated packages', () => {
  test('know each other’s errors by their brand', async () => {
    const error = await failing({ status: 400 })
    jest.resetModules()
    expect(require('..').AihubmixError).toBe(AihubmixError)
    // Another copy does not know of this one.
    jest.resetModules()
    delete globalThis[Symbol.for('aihubmix-native.realm')]
    const copy = require('..')
    expect(copy.AihubmixError).not.toBe(AihubmixError)
    expect(error instanceof copy.AihubmixError).toBe(false)
    expect(copy.AihubmixError.isInstance(error)).toBe(true)
    expect(copy.handleAihubmixErrors(error)).toBe(error)
  })

  test('what is none is none', () => {
    for (const other of [undefined, null, 42, 'x', {}, new Error('x'), { name: 'AihubmixError' }]) {
      expect(AihubmixError.isInstance(other)).toBe(false)
    }
    expect(AihubmixError.isInstance(new AihubmixError('x'))).toBe(true)
  })
})

describe('handleAihubmixErrors', () => {
  test.each([
    [new Error('Rate limit reached for gpt-5.4'), 'Rate limit exceeded', 'RATE_LIMIT', 429],
    [new Error('RATE LIMIT'), 'Rate limit exceeded', 'RATE_LIMIT', 429],
    [{ message: '401 Unauthorized' }, 'Authentication failed', 'AUTH_ERROR', 401],
    [
      Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
      'socket hang up',
      'ECONNRESET',
      undefined
    ],
    [Object.assign(new Error('no'), { code: 'x', status: 418 }), 'no', 'x', 418],
    [Object.assign(new Error('no'), { code: 17, status: 'late' }), 'no', 17, 'late'],
    ['unauthorized', 'Authentication failed', 'AUTH_ERROR', 401],
    ['just text', 'just text', undefined, undefined],
    [new Error(''), 'Unknown error', undefined, undefined],
    [{}, 'Unknown error', undefined, undefined],
    [undefined, 'Unknown error', undefined, undefined],
    [null, 'Unknown error', undefined, undefined],
    [42, 'Unknown error', undefined, undefined]
  ])('%p', (foreign, message, code, status) => {
    const error = handleAihubmixErrors(foreign)
    expect(error).toBeInstanceOf(AihubmixError)
    expect([error.message, error.code, error.status]).toEqual([message, code, status])
    expect(error.cause).toBe(foreign)
  })

  test('an AihubmixError comes back as it is', async () => {
    const error = await failing({ status: 429, json: { error: { message: 'rate limit' } } })
    expect(handleAihubmixErrors(error)).toBe(error)
  })
})
