'use strict'

// What is tried again, when, and what never is.

const diagnostics = require('node:diagnostics_channel')
const { chunk, finish, textOf } = require('../support/sse')
const { clientOf, expectFault, expectWithin, play, usePeers } = require('../support/fault')
const { eventually, failureOf, HELLO, MODEL } = require('../support/gateway')

const peers = usePeers()

// Fails `times` times with these, then answers well.
const failing =
  (times, status, headers, body = { error: { message: 'not now' } }) =>
  (number, _, wire) =>
    number < times ? wire.answer(status, body, headers) : wire.chat()

const at = (ms) => new Date(Date.now() + ms).toUTCString()

describe('Retry-After', () => {
  // What the delay must be, as the client tells it: a loaded machine may take longer.
  const usual = [375, 500]
  test.each([
    ['retry-after-ms', () => ({ 'retry-after-ms': '120' }), [120, 120]],
    ['retry-after-ms with a fraction', () => ({ 'retry-after-ms': '120.5' }), [120, 121]],
    [
      'retry-after-ms before retry-after',
      () => ({ 'retry-after-ms': '120', 'retry-after': '30' }),
      [120, 120]
    ],
    ['seconds', () => ({ 'retry-after': '0' }), [0, 0]],
    ['seconds with a fraction', () => ({ 'retry-after': '0.15' }), [150, 150]],
    ['a date', () => ({ 'retry-after': at(2_000) }), [200, 2_000]],
    ['a date that is past: the usual delay', () => ({ 'retry-after': at(-60_000) }), usual],
    ['more than 60 s: the usual delay', () => ({ 'retry-after': '61' }), usual],
    ['a negative number: the usual delay', () => ({ 'retry-after': '-1' }), usual],
    ['nonsense: the usual delay', () => ({ 'retry-after': 'soon' }), usual],
    ['nothing: the usual delay', () => ({}), usual]
  ])('%s', async (_, headers, [from, to]) => {
    const peer = await peers.start((number, request, wire) =>
      failing(1, 429, headers())(number, request, wire)
    )
    const delays = []
    const listen = ({ retry }) => delays.push(retry.delayMs)
    diagnostics.subscribe('aihubmix:call:retry', listen)
    const { answer, elapsedMs } = await play(clientOf(peer, { maxRetries: 2 }))
    diagnostics.unsubscribe('aihubmix:call:retry', listen)
    expect(answer.aihubmix.attempts).toBe(2)
    expect(peer.requests).toHaveLength(2)
    expect(delays).toHaveLength(1)
    expectWithin(delays[0], [from, to + 1])
    expectWithin(elapsedMs, [delays[0], delays[0] + 5_000])
  })

  test.each([-40_000, 8_000])('a date is read by the server’s clock, %i ms off', async (off) => {
    const date = new Date(Date.now() + off)
    const until = new Date(date.getTime() + 1_000)
    const headers = { date: date.toUTCString(), 'retry-after': until.toUTCString() }
    const peer = await peers.start(failing(1, 429, headers))
    const { elapsedMs } = await play(clientOf(peer, { maxRetries: 1 }))
    expectWithin(elapsedMs, [900, 6_000])
  })

  test('is told on the error', async () => {
    const peer = await peers.start(failing(9, 429, { 'retry-after': '7' }))
    await expectFault({
      peer,
      fails: { code: 'RATE_LIMIT', status: 429, retryAfterMs: 7_000, attempts: 1, retryable: true }
    })
  })
})

describe('statuses', () => {
  const soon = { 'retry-after-ms': '1' }

  test.each([408, 409, 429, 500, 502, 503, 504, 529])('%d is tried again', async (status) => {
    const peer = await peers.start(failing(2, status, soon))
    const { answer } = await play(clientOf(peer, { maxRetries: 2 }))
    expect(answer.aihubmix.attempts).toBe(3)
    expect(peer.requests).toHaveLength(3)
    expect(new Set(peer.requests.map((request) => request.body)).size).toBe(1)
  })

  test.each([
    [400, 'INVALID_REQUEST'],
    [401, 'AUTH_ERROR'],
    [403, 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND'],
    [410, 'NOT_FOUND'],
    [413, 'INVALID_REQUEST'],
    [422, 'INVALID_REQUEST'],
    [418, 'API_ERROR']
  ])('%d is not', async (status, code) => {
    const peer = await peers.start(failing(9, status, soon))
    await expectFault({ peer, client: { maxRetries: 2 }, fails: { code, status, attempts: 1 } })
  })

  test.each([
    [408, 'TIMEOUT'],
    [409, 'CONFLICT'],
    [429, 'RATE_LIMIT'],
    [500, 'SERVER_ERROR'],
    [503, 'OVERLOADED'],
    [504, 'TIMEOUT'],
    [529, 'OVERLOADED']
  ])('%d that stays is an error after all attempts', async (status, code) => {
    const peer = await peers.start(failing(9, status, soon))
    await expectFault({
      peer,
      client: { maxRetries: 2 },
      fails: { code, status, attempts: 3 },
      requests: 3
    })
  })

  test('the server’s word goes before', async () => {
    const yes = await peers.start(failing(1, 400, { ...soon, 'x-should-retry': 'true' }))
    expect((await play(clientOf(yes, { maxRetries: 1 }))).answer.aihubmix.attempts).toBe(2)
    const no = await peers.start(failing(1, 503, { ...soon, 'x-should-retry': 'false' }))
    await expectFault({
      peer: no,
      client: { maxRetries: 1 },
      fails: { code: 'OVERLOADED', attempts: 1 }
    })
  })

  test('a spent quota is never tried again, whatever the status and whatever the server says', async () => {
    const body = {
      error: { message: 'Your account balance is insufficient.', code: 'insufficient_user_quota' }
    }
    for (const status of [402, 403, 429, 500]) {
      const peer = await peers.start(
        failing(9, status, { ...soon, 'x-should-retry': 'true' }, body)
      )
      await expectFault({
        peer,
        client: { maxRetries: 2 },
        fails: { code: 'INSUFFICIENT_QUOTA', status, attempts: 1 }
      })
    }
  })

  test('each attempt asks for the key again', async () => {
    const peer = await peers.start(failing(2, 503, soon))
    let asked = 0
    const apiKey = async () => `sk-0123456789abcdef${(asked += 1)}`
    await play(clientOf(peer, { apiKey, maxRetries: 2 }))
    expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2, 3].map((n) => `Bearer sk-0123456789abcdef${n}`)
    )
  })
})

describe('an error inside a 200', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

  test('is tried again like its status', async () => {
    const peer = await peers.start((number, _, wire) =>
      number === 0 ? wire.answer(200, overloaded) : wire.chat()
    )
    expect((await play(clientOf(peer, { maxRetries: 1 }))).answer.aihubmix.attempts).toBe(2)
  })

  test('is an error of its own class', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, { error: { type: 'invalid_request_error', message: 'no' } })
    )
    await expectFault({
      peer,
      client: { maxRetries: 2 },
      fails: { code: 'INVALID_REQUEST', status: 400, attempts: 1 }
    })
  })

  test('of a stream, before the first delta: tried again like its status', async () => {
    const peer = await peers.start((number, _, wire) => {
      wire.beginStream()
      if (number === 0) {
        wire.event(chunk({ role: 'assistant' }))
        wire.event(overloaded)
      } else {
        wire.event(chunk({ content: 'cured' }))
        wire.event(finish())
        wire.event('[DONE]')
      }
      wire.end()
    })
    const { chunks } = await play(clientOf(peer, { maxRetries: 1 }), { stream: true })
    expect(textOf(chunks)).toBe('cured')
    expect(chunks.at(-1).aihubmix.attempts).toBe(2)
  })

  test('of a stream, after the first delta: never tried again', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ content: 'half' }))
      wire.event(overloaded)
      wire.end()
    })
    const fails = {
      code: 'OVERLOADED',
      status: 529,
      attempts: 1,
      partial: { choices: [{ message: { content: 'half' } }] }
    }
    await expectFault({ peer, client: { maxRetries: 2 }, call: { stream: true }, fails })
  })
})

describe('the whole call’s time', () => {
  test('covers the back-off', async () => {
    const peer = await peers.start(failing(9, 503, { 'retry-after': '20' }))
    const fails = { code: 'TIMEOUT', phase: 'total', attempts: 1 }
    const error = await expectFault({
      peer,
      client: { maxRetries: 2, timeout: { total: 150 } },
      fails,
      within: [150, 5_000]
    })
    expect(error.cause.message).toContain('OVERLOADED')
  })

  test('covers all attempts together', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      await wire.pause(80)
      wire.answer(503, '', { 'retry-after-ms': '1' })
    })
    const { error, elapsedMs } = await play(
      clientOf(peer, { maxRetries: 50, timeout: { total: 300 } })
    )
    expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'total', attempts: peer.requests.length })
    expect(peer.requests.length).toBeGreaterThan(1)
    expectWithin(elapsedMs, [300, 5_000])
  })
})

describe('cancelled', () => {
  test('during a back-off: at once, with the attempts so far, and none follows', async () => {
    const peer = await peers.start(failing(9, 503, { 'retry-after-ms': '200' }))
    const controller = new AbortController()
    const { signal } = controller
    const client = clientOf(peer, { maxRetries: 1 })
    const failure = failureOf(client.chatCompletion(MODEL, HELLO, {}, { signal }))
    await eventually(() => peer.requests.length === 1)
    controller.abort('enough')
    const error = await Promise.race([failure, new Promise(setImmediate)])
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'enough', attempts: 1 })
    // The second attempt of a later call is due after that of the first one.
    await failureOf(client.chatCompletion(MODEL, HELLO))
    expect(peer.requests).toHaveLength(3)
  })

  test('during the second attempt: it counts', async () => {
    const peer = await peers.start((number, _, wire) =>
      number === 0 ? wire.answer(503, '', { 'retry-after-ms': '1' }) : wire.hang()
    )
    const controller = new AbortController()
    const failure = failureOf(
      clientOf(peer, { maxRetries: 2 }).chatCompletion(
        MODEL,
        HELLO,
        {},
        { signal: controller.signal }
      )
    )
    while (peer.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort()
    expect(await failure).toMatchObject({ code: 'ABORTED', attempts: 2 })
  })
})
