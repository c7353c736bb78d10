'use strict'

// What is told of calls: diagnostics channels and the log.

const diagnostics = require('node:diagnostics_channel')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { readAll } = require('./support/sse')

const context = useGateway()
const NAMES = ['start', 'retry', 'first-token', 'end', 'error']
const SECRETS = /0123456789abcdefghij|hello|a secret word/

// Listens while `work` runs: [name, a copy of the message] in order, and the messages themselves.
async function listen(work, names = NAMES) {
  const events = []
  const messages = new Set()
  const listeners = names.map((name) => [
    `aihubmix:call:${name}`,
    (message) => {
      messages.add(message)
      events.push([name, JSON.parse(JSON.stringify(message))])
    }
  ])
  for (const [name, listener] of listeners) diagnostics.subscribe(name, listener)
  try {
    await work()
  } finally {
    for (const [name, listener] of listeners) diagnostics.unsubscribe(name, listener)
  }
  return { events, messages, names: events.map(([name]) => name), last: events.at(-1)?.[1] }
}

describe('diagnostics channels', () => {
  test('tell start and end of a whole answer, in one object that grows', async () => {
    context.gateway.enqueue({ chat: 'a secret word', headers: { 'x-request-id': 'trace-1' } })
    const { events, names, messages, last } = await listen(() =>
      context.client().chatCompletion(MODEL, HELLO)
    )
    expect(names).toEqual(['start', 'end'])
    expect(messages.size).toBe(1)
    expect(events[0][1]).toEqual({
      id: expect.any(Number),
      operation: 'chat',
      model: MODEL,
      route: 'openai',
      stream: false,
      startTime: expect.any(Number),
      attempts: 1
    })
    expect(last).toMatchObject({
      status: 200,
      attempts: 1,
      finishReason: 'stop',
      requestId: 'trace-1',
      durationMs: expect.any(Number),
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
        total_tokens: expect.any(Number)
      }
    })
    expect(JSON.stringify(events)).not.toMatch(SECRETS)
  })

  test('tell the first token of a stream, and its end when it is read', async () => {
    context.gateway.enqueue({ chat: 'a secret word' })
    const { events, names, last } = await listen(async () =>
      readAll(await context.client().chatCompletion(MODEL, HELLO, { stream: true }))
    )
    expect(names).toEqual(['start', 'first-token', 'end'])
    expect(events[1][1].firstTokenMs).toBeGreaterThan(0)
    expect(last).toMatchObject({
      stream: true,
      finishReason: 'stop',
      usage: { total_tokens: expect.any(Number) }
    })
    expect(last.durationMs).toBeGreaterThanOrEqual(last.firstTokenMs)
    expect(JSON.stringify(events)).not.toMatch(SECRETS)
  })

  test('tell retries', async () => {
    context.gateway.enqueue({ status: 503, headers: { 'retry-after-ms': '10' } })
    const { events, names, last } = await listen(() =>
      context.client().chatCompletion(MODEL, HELLO)
    )
    expect(names).toEqual(['start', 'retry', 'end'])
    expect(events[1][1]).toMatchObject({
      attempts: 1,
      retry: { attempt: 1, delayMs: 10, code: 'OVERLOADED', status: 503 }
    })
    expect(last.attempts).toBe(2)
  })

  test('tell failures, without their words', async () => {
    context.gateway.enqueue({
      status: 400,
      json: { error: { message: `no: hello, ${KEY}`, type: 'bad', code: 'odd' } }
    })
    const { events, names, last } = await listen(() =>
      failureOf(context.client().chatCompletion(MODEL, HELLO))
    )
    expect(names).toEqual(['start', 'error'])
    expect(last).toMatchObject({
      attempts: 1,
      error: {
        code: 'INVALID_REQUEST',
        status: 400,
        type: 'bad',
        vendorCode: 'odd',
        retryable: false
      }
    })
    expect(JSON.stringify(events)).not.toMatch(SECRETS)
  })

  test('tell cancelled calls and streams, and streams that were left', async () => {
    context.gateway.enqueue([
      { delayMs: 60_000 },
      { chat: 'a secret word and more', chunkBytes: 200, gapMs: 60_000 },
      { chat: 'a secret word', gapMs: 1 }
    ])
    const aborted = await listen(async () => {
      const controller = new AbortController()
      const failure = failureOf(
        context.client().chatCompletion(MODEL, HELLO, {}, { signal: controller.signal })
      )
      controller.abort()
      await failure
    })
    expect(aborted.names).toEqual(['start', 'error'])
    expect(aborted.last.error.code).toBe('ABORTED')
    context.gateway.reset()
    const left = await listen(async () => {
      for await (const _ of await context.client().chatCompletion(MODEL, HELLO, { stream: true }))
        break
    })
    expect(left.names).toEqual(['start', 'first-token', 'end'])
    expect(left.last.left).toBe(true)
  })

  test('tell every other call too', async () => {
    const client = context.client()
    const { names, events, last } = await listen(async () => {
      await client.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' })
      await failureOf(client.request({ method: 'GET', path: '/v1/nowhere' }))
    })
    expect(names).toEqual(['start', 'end', 'start', 'error'])
    expect(events[1][1]).toMatchObject({
      operation: expect.any(String),
      model: 'text-embedding-3-small',
      usage: { total_tokens: expect.any(Number) }
    })
    expect(last).toMatchObject({ status: 404, error: { code: 'NOT_FOUND', status: 404 } })
    expect(JSON.stringify(events)).not.toMatch(SECRETS)
  })

  test('may be listened to one by one', async () => {
    const { names } = await listen(() => context.client().chatCompletion(MODEL, HELLO), ['end'])
    expect(names).toEqual(['end'])
  })

  test('cost nothing when nobody listens', async () => {
    const spy = jest.spyOn(diagnostics.Channel.prototype, 'publish')
    await context.client().chatCompletion(MODEL, HELLO)
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  })
})

describe('the log', () => {
  function recorder() {
    const lines = []
    const record = (level) => (line, details) => lines.push([level, line, details])
    return { lines, logger: { warn: record('warn'), info: record('info'), debug: record('debug') } }
  }

  async function linesOf(
    options,
    work = (client) => client.chatCompletion(MODEL, HELLO, { top_k: 5 })
  ) {
    const { lines, logger } = recorder()
    await work(context.client({ logger, ...options }))
    return lines
  }

  test('is silent unless asked for', async () => {
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
    await context.client().chatCompletion(MODEL, HELLO)
    expect(write).not.toHaveBeenCalled()
    write.mockRestore()
    expect(await linesOf({ logLevel: 'off' })).toEqual([])
  })

  test('tells each call at `info` and each attempt at `debug`', async () => {
    const info = await linesOf({ logLevel: 'info' })
    expect(info).toEqual([
      [
        'info',
        expect.stringMatching(
          /^aihubmix: chat #\d+ gpt-5.4-mini \(openai\) ended after \d+ ms, attempts 1, tokens \d+ \+ \d+, request id /
        ),
        expect.objectContaining({ operation: 'chat', finishReason: 'stop' })
      ]
    ])
    context.gateway.enqueue({ status: 429, headers: { 'retry-after-ms': '5' } })
    const debug = await linesOf({ logLevel: 'debug' })
    expect(debug.map(([level, line]) => [level, line.replace(/^.*\) /, '')])).toEqual([
      ['debug', 'begins'],
      ['debug', expect.stringMatching(/attempt 1 is answered 429 over HTTP\/1.1/)],
      ['debug', expect.stringMatching(/the next one begins in 5 ms/)],
      ['debug', expect.stringMatching(/attempt 2 is answered 200 over HTTP\/1.1/)],
      ['info', expect.stringMatching(/ended after/)]
    ])
    expect(JSON.stringify([info, debug])).not.toMatch(SECRETS)
  })

  test('tells what was left out at `warn`, which is what a logger alone gets', async () => {
    context.gateway.enqueue({ chat: 'hi' })
    const lines = await linesOf({ headers: { Authorization: `Bearer ${KEY}` } })
    expect(lines).toEqual([['warn', expect.stringContaining('ignored_header'), expect.anything()]])
  })

  test('tells failures without their words', async () => {
    context.gateway.enqueue({ status: 401, json: { error: { message: `Invalid token: ${KEY}` } } })
    const lines = await linesOf({ logLevel: 'info' }, (client) =>
      failureOf(client.chatCompletion(MODEL, HELLO))
    )
    expect(lines).toEqual([
      [
        'info',
        expect.stringMatching(/failed with AUTH_ERROR 401 after/),
        expect.objectContaining({ error: expect.anything() })
      ]
    ])
    expect(JSON.stringify(lines)).not.toMatch(SECRETS)
  })

  test('masks keys wherever they stand', async () => {
    const lines = await linesOf({ logLevel: 'debug' }, (client) =>
      client.chatCompletion(`gpt-${KEY}`, HELLO)
    )
    const masked = await linesOf({ logLevel: 'debug', apiKey: async () => KEY }, (client) =>
      client.chatCompletion(`gpt-${KEY.slice(3)}`, HELLO)
    )
    expect(JSON.stringify(lines)).not.toMatch(SECRETS)
    // A key that a function gives is known once it was given.
    expect(JSON.stringify(masked.slice(1))).not.toMatch(SECRETS)
  })

  test('goes to standard error by AIHUBMIX_LOG', async () => {
    process.env.AIHUBMIX_LOG = 'info'
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
    try {
      await context.client().chatCompletion(MODEL, HELLO)
      expect(write.mock.calls.map(([line]) => line)).toEqual([
        expect.stringMatching(/^aihubmix: chat #\d+ .* \(info\)\n$/)
      ])
    } finally {
      write.mockRestore()
      delete process.env.AIHUBMIX_LOG
    }
  })

  test('that throws disturbs no call', async () => {
    const fail = () => {
      throw new Error('disk full')
    }
    const client = context.client({
      logger: { warn: fail, info: fail, debug: fail },
      logLevel: 'debug'
    })
    expect((await client.chatCompletion(MODEL, HELLO)).aihubmix.attempts).toBe(1)
  })

  test('refuses what is no logger', () => {
    expect(() => context.client({ logger: { warn() {} } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_ERROR', param: 'logger' })
    )
  })
})
