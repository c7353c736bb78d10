'use strict'

// Whatever a function or a signal of the caller's does: every promise settles once, and the next call works.

const diagnostics = require('node:diagnostics_channel')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

const bad = () => {
  throw new Error('callback')
}
const proxy = new Proxy({}, { get: bad })
const odd = {
  'an error': [new Error('callback'), /callback/],
  nothing: [undefined, /undefined/],
  'a symbol': [Symbol('s'), /Symbol\(s\)/],
  'a proxy that throws': [proxy, /cannot be shown/],
  'an object without a prototype': [Object.create(null), /cannot be shown/],
  'an object whose message throws': [
    Object.defineProperty({}, 'message', { get: bad }),
    /cannot be shown/
  ]
}

afterEach(async () => {
  context.gateway.reset()
  const next = await context.client().chatCompletion(MODEL, HELLO)
  expect(next.choices[0].message.content).toBe('You said: hello')
  context.gateway.reset()
})

describe('a key function that throws', () => {
  test.each(Object.entries(odd))('%s', async (_name, [thrown, words]) => {
    const apiKey = () => {
      throw thrown
    }
    const error = await failureOf(context.client({ apiKey }).chatCompletion(MODEL, HELLO))
    expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'apiKey' })
    expect(error.message).toMatch(words)
    expect(() => `${error.cause?.message ?? String(error.cause)}`).not.toThrow()
  })

  test('or closes the client, or calls it', async () => {
    const closing = context.client({
      apiKey() {
        closing.close()
        return KEY
      }
    })
    expect(await failureOf(closing.chatCompletion(MODEL, HELLO))).toMatchObject({ code: 'ABORTED' })
    let asked = 0
    const calling = context.client({
      async apiKey() {
        asked += 1
        if (asked === 1) await calling.chatCompletion(MODEL, HELLO)
        return KEY
      }
    })
    expect((await calling.chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
  })
})

describe('a logger', () => {
  const loggerOf = (write) => ({ warn: write, info: write, debug: write })

  test.each([
    ['throws', bad],
    ['rejects', async () => bad()],
    // biome-ignore lint/suspicious/noThenProperty: that is the point
    ['gives a thenable that throws', () => ({ then: bad })]
  ])('that %s', async (_name, write) => {
    const client = context.client({ logger: loggerOf(write), logLevel: 'debug' })
    expect((await client.chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
  })

  test('that closes the client, or aborts, before the call has begun', async () => {
    const closing = context.client({ logger: loggerOf(() => closing.close()), logLevel: 'debug' })
    expect(await failureOf(closing.chatCompletion(MODEL, HELLO))).toMatchObject({ code: 'ABORTED' })
    const controller = new AbortController()
    const logger = loggerOf(() => controller.abort('why'))
    const aborting = context.client({ logger, logLevel: 'debug' })
    const { signal } = controller
    expect(await failureOf(aborting.chatCompletion(MODEL, HELLO, {}, { signal }))).toMatchObject({
      code: 'ABORTED',
      cause: 'why'
    })
    expect(context.gateway.requests).toHaveLength(0)
  })

  test('of pino’s kind gets the object first', async () => {
    const lines = []
    const logger = { ...loggerOf((...args) => lines.push(args)), bindings: () => ({}) }
    await context.client({ logger, logLevel: 'info' }).chatCompletion(MODEL, HELLO)
    expect(lines).toEqual([
      [expect.objectContaining({ operation: 'chat' }), expect.stringMatching(/^aihubmix: chat/)]
    ])
  })
})

describe('a subscriber', () => {
  const spoils = {
    'freezes the message': (message) => Object.freeze(message),
    'puts a getter that throws in its place': (message) =>
      Object.defineProperty(message, 'error', { get: bad, set: bad }),
    'empties it': (message) => {
      for (const name of Object.keys(message)) delete message[name]
    }
  }
  test.each(Object.entries(spoils))('that %s', async (_name, spoil) => {
    diagnostics.subscribe('aihubmix:call:start', spoil)
    try {
      const client = context.client({ maxRetries: 0 })
      context.gateway.enqueue([
        { chat: 'whole' },
        { status: 400 },
        { chat: 'streamed' },
        { delayMs: 60_000 }
      ])
      expect((await client.chatCompletion(MODEL, HELLO)).choices[0].message.content).toBe('whole')
      expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({ status: 400 })
      const stream = await client.chatCompletion(MODEL, HELLO, { stream: true })
      expect((await stream.finalChatCompletion()).choices[0].message.content).toBe('streamed')
      const failing = failureOf(client.chatCompletion(MODEL, HELLO))
      client.close()
      expect(await failing).toMatchObject({ code: 'ABORTED' })
    } finally {
      diagnostics.unsubscribe('aihubmix:call:start', spoil)
    }
  })
})

describe('a signal', () => {
  const signalOf = (members) => ({
    aborted: false,
    addEventListener() {},
    removeEventListener() {},
    ...members
  })
  const ask = (signal) => context.client().chatCompletion(MODEL, HELLO, {}, { signal })

  test('that fires while it is listened to, or before', async () => {
    const early = signalOf({ reason: 'why', addEventListener: (_name, listener) => listener() })
    expect(await failureOf(ask(early))).toMatchObject({ code: 'ABORTED', cause: 'why' })
  })

  test('that cannot be listened to, or not left', async () => {
    expect(await failureOf(ask(signalOf({ addEventListener: bad })))).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'signal'
    })
    expect((await ask(signalOf({ removeEventListener: bad }))).choices).toHaveLength(1)
  })

  test('whose reason throws, and that fires twice', async () => {
    context.gateway.enqueue({ delayMs: 60_000 })
    let fire
    const signal = signalOf({
      addEventListener: (_name, listener) => {
        fire = listener
      }
    })
    Object.defineProperty(signal, 'reason', { get: bad })
    const failing = failureOf(ask(signal))
    fire()
    fire()
    const error = await failing
    expect(error.code).toBe('ABORTED')
    expect(error.cause.message).toBe('callback')
  })
})
