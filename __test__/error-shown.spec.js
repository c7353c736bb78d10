'use strict'

// Where an error goes after it was thrown: its stack, logs, copies, the answers of web frameworks.

const { inspect } = require('node:util')
const { AihubmixError } = require('..')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { chunk } = require('./support/sse')

const context = useGateway()
const refused = { status: 400, json: { error: { message: 'no' } } }
const bare = () => context.client({ maxRetries: 0 })

describe('the stack of an error leads to the caller', () => {
  const works = {
    chatCompletion: async function theCaller(client) {
      await client.chatCompletion(MODEL, HELLO)
    },
    'a stream before its first chunk': async function theCaller(client) {
      await client.chatCompletion(MODEL, HELLO, { stream: true })
    },
    'chat.completions.create': async function theCaller(client) {
      await client.chat.completions.create({ model: MODEL, messages: HELLO })
    },
    withResponse: async function theCaller(client) {
      await client.chat.completions.create({ model: MODEL, messages: HELLO }).withResponse()
    },
    parse: async function theCaller(client) {
      await client.chat.completions.parse({
        model: MODEL,
        messages: HELLO,
        response_format: { type: 'text' }
      })
    },
    runTools: async function theCaller(client) {
      await client.chat.completions.runTools({ model: MODEL, messages: HELLO, tools: [] })
    },
    'embeddings.create': async function theCaller(client) {
      await client.embeddings.create({ model: 'e', input: 'x' })
    },
    'audio.transcriptions.create': async function theCaller(client) {
      await client.audio.transcriptions.create({ model: 'w', file: Buffer.alloc(9) })
    },
    'audio.speech.create': async function theCaller(client) {
      await client.audio.speech.create({ model: 't', input: 'x', voice: 'v' })
    },
    'messages.create': async function theCaller(client) {
      await client.messages.create({
        model: 'claude-x',
        max_tokens: 1,
        messages: HELLO,
        stream: true
      })
    },
    'models.list': async function theCaller(client) {
      await client.models.list()
    },
    request: async function theCaller(client) {
      await client.request({ path: '/v1/x' })
    }
  }
  test.each(Object.entries(works))('%s', async (_name, work) => {
    context.gateway.enqueue(refused)
    const error = await failureOf(work(bare()))
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', status: 400 })
    expect(error.stack).toMatch(/^AihubmixError: no\n/)
    expect(error.stack).toMatch(/at (?:async )?.*theCaller .*error-shown\.spec\.js/)
  })

  const readers = {
    'for await': async function theReader(stream) {
      for await (const one of stream) void one
    },
    next: async function theReader(stream) {
      const iterator = stream[Symbol.asyncIterator]()
      while (!(await iterator.next()).done);
    },
    finalChatCompletion: async function theReader(stream) {
      await stream.finalChatCompletion()
    },
    'a branch of a tee': async function theReader(stream) {
      const [branch] = stream.tee()
      for await (const one of branch) void one
    }
  }
  test.each(Object.entries(readers))('of a stream, by %s', async (_name, read) => {
    context.gateway.enqueue({
      sse: [chunk({ content: 'half' }), chunk({ content: 'more' })],
      cutAfter: 400
    })
    const stream = await bare().chatCompletion(MODEL, HELLO, { stream: true })
    const error = await failureOf(read(stream))
    expect(error).toMatchObject({ code: 'STREAM_INTERRUPTED' })
    expect(error.stack).toMatch(/at (?:async )?.*theReader .*error-shown\.spec\.js/)
  })

  test('of a call that was aborted', async () => {
    context.gateway.enqueue({ delayMs: 60_000 })
    const signal = AbortSignal.timeout(20)
    const error = await failureOf(
      (async function theCaller() {
        await bare().chatCompletion(MODEL, HELLO, {}, { signal })
      })()
    )
    expect(error.code).toBe('ABORTED')
    expect(error.stack).toMatch(/at (?:async )?theCaller/)
  })
})

describe('what an error shows', () => {
  const failing = async () => {
    context.gateway.enqueue({
      ...refused,
      headers: { 'x-own': 'yes', 'content-language': 'fr', 'x-request-id': 'trace-1' }
    })
    return failureOf(bare().chatCompletion(MODEL, HELLO))
  }

  test('JSON has all of it, the message and the cause included', async () => {
    const shown = JSON.parse(JSON.stringify(await failing()))
    expect(shown).toMatchObject({
      name: 'AihubmixError',
      message: 'no',
      code: 'INVALID_REQUEST',
      status: 400,
      requestId: 'trace-1',
      headers: { 'x-own': 'yes' },
      retryable: false,
      attempts: 1
    })
    const cause = new TypeError('below')
    expect(JSON.parse(JSON.stringify(new AihubmixError('m', 'C', 1, { cause })))).toMatchObject({
      message: 'm',
      cause: { name: 'TypeError', message: 'below' }
    })
    expect(JSON.parse(JSON.stringify(new AihubmixError('m', 'C', 1, { cause: 'why' }))).cause).toBe(
      'why'
    )
  })

  test('a structured clone keeps the message', async () => {
    expect(structuredClone(await failing()).message).toBe('no')
  })

  test('whoever copies its headers finds none, and they are there all the same', async () => {
    const { headers } = await failing()
    expect(headers.get('content-language')).toBe('fr')
    expect({ ...headers }).toEqual({})
    const seen = []
    for (const name in headers) seen.push(name)
    expect(seen).toEqual([])
    expect(Object.fromEntries(headers)).toMatchObject({ 'x-own': 'yes' })
  })

  test('nothing of it shows the key', async () => {
    context.gateway.enqueue({
      status: 400,
      headers: { 'x-echo': `Bearer ${KEY}` },
      json: { error: { message: `key ${KEY}` } }
    })
    const error = await failureOf(bare().chatCompletion(MODEL, HELLO))
    const shown = [inspect(error, { depth: 9 }), JSON.stringify(error), error.stack, String(error)]
    for (const text of shown) expect(text).not.toContain(KEY.slice(3))
  })
})
