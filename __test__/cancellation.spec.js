'use strict'

// Signals, at every moment of a call.

const { AihubmixError } = require('..')
const { MODEL, HELLO, useGateway, failureOf, eventually } = require('./support/gateway')
const { startTcpServer } = require('./support/servers')
const { listeners } = require('./support/signals')
const { chunk, saying, readAll } = require('./support/sse')

const context = useGateway()

const reason = new Error('the user went away')
const words = { sse: Array.from({ length: 200 }, () => chunk({ content: 'word ' })), gapMs: 10 }

// Each test speaks under its own name: a request that was cancelled in one may arrive during the next.
const me = () => expect.getState().currentTestName
const own = () => context.gateway.requests.filter(({ body }) => body.user === me())
const script = (members) =>
  context.gateway.enqueue({ match: ({ body }) => body.user === me(), ...members })

// The promise has to settle in this very turn of the event loop: no clock, so no luck on a loaded machine.
async function settledAtOnce(failure) {
  let settled = false
  failure.then(() => {
    settled = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(settled).toBe(true)
  return failure
}

// Aborts when `moment` has come; the error.
async function abortedAt(moment, start) {
  const controller = new AbortController()
  const failure = failureOf(start(controller.signal))
  await moment(controller.signal)
  expect(listeners(controller.signal)).toBe(1)
  controller.abort(reason)
  const error = await settledAtOnce(failure)
  expect(listeners(controller.signal)).toBe(0)
  return error
}

function expectAborted(error) {
  expect(error).toBeInstanceOf(AihubmixError)
  expect(error).toMatchObject({ name: 'AihubmixError', code: 'ABORTED', retryable: false })
  expect(error.cause).toBe(reason)
}

const requested = () => eventually(() => own().length === 1)

describe.each([
  ['whole', false],
  ['streamed', true]
])('a call, %s, is cancelled', (_, stream) => {
  const call = (signal, client = context.client()) =>
    client.chatCompletion(MODEL, HELLO, { stream, user: me() }, { signal })

  test('by a signal that is aborted already, without a request', async () => {
    for (const signal of [AbortSignal.abort(reason), AbortSignal.abort(reason)]) {
      expectAborted(await settledAtOnce(failureOf(call(signal))))
      expect(listeners(signal)).toBe(0)
    }
    // What is sent later has arrived.
    await call(undefined)
    expect(own()).toHaveLength(1)
  })

  test('while it waits for the answer: the socket closes', async () => {
    script({ delayMs: 60_000 })
    expectAborted(await abortedAt(requested, call))
    await eventually(() => context.gateway.closedEarly >= 1)
  })

  test('while the body stands still', async () => {
    script({ chat: 'x', stallAfter: 5 })
    expectAborted(await abortedAt(requested, call))
    await eventually(() => context.gateway.closedEarly >= 1)
  })

  test('during a back-off: no further attempt follows', async () => {
    const later = { status: 503, headers: { 'retry-after-ms': '300' } }
    script(later)
    const backOff = async () => {
      await requested()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expectAborted(await abortedAt(backOff, call))
    // The second attempt of a later call is due after that of the first one.
    script(later)
    await call(undefined)
    expect(own()).toHaveLength(3)
  })

  test('while the connection is made', async () => {
    // Takes the connection and never says a word of TLS.
    const server = await startTcpServer((socket) => socket.resume())
    try {
      const client = context.client({ baseURL: server.url.replace('http:', 'https:') })
      expectAborted(
        await abortedAt(
          () => eventually(() => server.connections === 1),
          (signal) => call(signal, client)
        )
      )
      await eventually(() => server.sockets.size === 0)
    } finally {
      await server.close()
    }
  })

  test('while the function `apiKey` thinks', async () => {
    let asked = false
    const client = context.client({
      apiKey: () => {
        asked = true
        return new Promise(() => {})
      }
    })
    expectAborted(
      await abortedAt(
        () => eventually(() => asked),
        (signal) => call(signal, client)
      )
    )
  })

  test('in the same tick', async () => {
    expectAborted(await abortedAt(() => {}, call))
  })

  test('by `AbortSignal.timeout`', async () => {
    script({ delayMs: 60_000 })
    const error = await failureOf(call(AbortSignal.timeout(30)))
    expect(error.code).toBe('ABORTED')
    expect(error.cause.name).toBe('TimeoutError')
  })

  test('with whatever the reason is', async () => {
    expect((await failureOf(call(AbortSignal.abort()))).cause.name).toBe('AbortError')
    for (const odd of ['text', 0, null, { any: 'thing' }]) {
      expect((await failureOf(call(AbortSignal.abort(odd)))).cause).toBe(odd)
    }
  })
})

describe('a stream under way', () => {
  const opened = async (signal) => {
    script(words)
    return context.client().chatCompletion(MODEL, HELLO, { stream: true, user: me() }, { signal })
  }

  test('throws ABORTED from the iterator, with what was said', async () => {
    const controller = new AbortController()
    const stream = await opened(controller.signal)
    expect(listeners(controller.signal)).toBe(1)
    const seen = []
    const failure = failureOf(async () => {
      for await (const one of stream) seen.push(one)
    })
    await eventually(() => seen.length >= 3)
    controller.abort(reason)
    const error = await settledAtOnce(failure)
    expectAborted(error)
    expect(error.partial.choices[0].message.content).toMatch(/^(word ){3,}/)
    expect(listeners(controller.signal)).toBe(0)
    await eventually(() => context.gateway.closedEarly >= 1)
  })

  test('that nobody reads yet closes its socket too, and fails when it is read', async () => {
    const controller = new AbortController()
    const stream = await opened(controller.signal)
    controller.abort(reason)
    expect(listeners(controller.signal)).toBe(0)
    await eventually(() => context.gateway.closedEarly >= 1)
    expectAborted(await failureOf(readAll(stream)))
  })

  test('fails its final completion', async () => {
    const controller = new AbortController()
    const final = failureOf((await opened(controller.signal)).finalChatCompletion())
    controller.abort(reason)
    expectAborted(await final)
  })

  test('aborted between the promise and the first look at it', async () => {
    const controller = new AbortController()
    const promise = opened(controller.signal)
    promise.then(() => controller.abort(reason))
    expectAborted(await failureOf(readAll(await promise)))
  })

  test('that was left gives its listener back', async () => {
    for (const leave of [
      (stream) => stream.abort(),
      async (stream) => {
        for await (const one of stream) if (one) break
      }
    ]) {
      const controller = new AbortController()
      const stream = await opened(controller.signal)
      await leave(stream)
      expect(listeners(controller.signal)).toBe(0)
    }
  })
})

describe('no listener stays on the signal', () => {
  test('after success and after failure, whole and streamed, many calls on one signal', async () => {
    const { signal } = new AbortController()
    const client = context.client({ maxRetries: 0 })
    for (let n = 0; n < 20; n += 1) {
      context.gateway.enqueue([
        { status: 400 },
        { status: 400 },
        { sse: saying('a') },
        { sse: [chunk({ content: 'cut' })] },
        { json: {} }
      ])
      await failureOf(client.chatCompletion(MODEL, HELLO, {}, { signal }))
      await failureOf(client.chatCompletion(MODEL, HELLO, { stream: true }, { signal }))
      await readAll(await client.chatCompletion(MODEL, HELLO, { stream: true }, { signal }))
      await failureOf(
        readAll(await client.chatCompletion(MODEL, HELLO, { stream: true }, { signal }))
      )
      await failureOf(client.chatCompletion(MODEL, HELLO, {}, { signal }))
      await client.chatCompletion(MODEL, HELLO, {}, { signal })
      expect(listeners(signal)).toBe(0)
    }
  })

  test('after a request that was refused before it was sent', async () => {
    const { signal } = new AbortController()
    const client = context.client()
    await failureOf(client.chatCompletion(42, HELLO, {}, { signal }))
    await failureOf(client.chatCompletion(MODEL, HELLO, { x: 1n }, { signal }))
    await failureOf(client.chatCompletion(MODEL, HELLO, {}, { signal, timeout: 'x' }))
    expect(listeners(signal)).toBe(0)
  })

  test('a late abort does nothing', async () => {
    const controller = new AbortController()
    const answer = await context
      .client()
      .chatCompletion(MODEL, HELLO, {}, { signal: controller.signal })
    controller.abort(reason)
    expect(answer.choices[0].message.content).toBe('You said: hello')
    expect((await context.client().chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
  })
})

test('one cancelled call of many leaves the others alone', async () => {
  const client = context.client()
  const controllers = Array.from({ length: 50 }, () => new AbortController())
  context.gateway.enqueue(controllers.map((_, n) => ({ chat: `answer ${n}`, delayMs: 50 })))
  const calls = controllers.map(({ signal }) => client.chatCompletion(MODEL, HELLO, {}, { signal }))
  const settled = Promise.allSettled(calls)
  controllers.forEach((controller, n) => n % 2 === 0 && controller.abort(reason))
  const outcomes = (await settled).map(({ status }) => status)
  expect(outcomes).toEqual(controllers.map((_, n) => (n % 2 === 0 ? 'rejected' : 'fulfilled')))
})
