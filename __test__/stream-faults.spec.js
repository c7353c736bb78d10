'use strict'

// Streams that break, before and after the first delta.

const { AihubmixError } = require('..')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { startPeer } = require('./support/peer')
const { startHttpServer } = require('./support/servers')
const { chunk, finish, saying, readAll, textOf } = require('./support/sse')

const context = useGateway()

const streaming = (options) =>
  context.client(options).chatCompletion(MODEL, HELLO, { stream: true })
const bytesOf = (events) => events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('').length
const said = [chunk({ role: 'assistant', content: 'half ' }), chunk({ content: 'an answer' })]

// What was delivered before the error, and the error.
async function broken(stream) {
  const chunks = []
  try {
    for await (const one of stream) chunks.push(one)
  } catch (error) {
    return { chunks, error }
  }
  throw new Error('the stream ended properly')
}

describe('before the first delta', () => {
  test('an HTTP error rejects the promise, as for a whole answer', async () => {
    context.gateway.enqueue({
      status: 400,
      json: {
        error: { message: 'bad tools', type: 'invalid_request_error', param: 'tools', code: 'bad' }
      }
    })
    expect(await failureOf(streaming())).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      message: 'bad tools',
      param: 'tools',
      vendorCode: 'bad',
      attempts: 1
    })
  })

  test('an error event rejects the promise, after retries if its status is worth them', async () => {
    const overloaded = {
      sse: [': ping\n\n', { error: { message: 'later', type: 'overloaded_error' } }]
    }
    context.gateway.enqueue([
      overloaded,
      { sse: saying('fine') },
      { sse: [{ error: { message: 'no', type: 'invalid_request_error' } }] }
    ])
    expect(textOf(await readAll(await streaming()))).toBe('fine')
    expect(context.gateway.requests).toHaveLength(2)
    expect(await failureOf(streaming())).toMatchObject({
      code: 'INVALID_REQUEST',
      status: 400,
      message: 'no',
      attempts: 1
    })
    expect(context.gateway.requests).toHaveLength(3)
  })

  test('bare JSON in place of events is the error that it says, retried like its status', async () => {
    const bare = JSON.stringify(
      { error: { code: 503, message: 'later', status: 'UNAVAILABLE' } },
      null,
      2
    )
    context.gateway.enqueue([{ sse: [bare] }, { sse: saying('fine') }])
    expect(textOf(await readAll(await streaming()))).toBe('fine')
    expect(context.gateway.requests).toHaveLength(2)
  })

  test('a role alone is no delta: what fails after it still rejects the promise', async () => {
    const role = chunk({ role: 'assistant', content: '' })
    context.gateway.enqueue({ sse: [role, { error: { message: 'no', type: 'permission_error' } }] })
    const error = await failureOf(streaming())
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', status: 403 })
    expect(error.partial).toBeUndefined()
  })

  test('a last event alone is no answer', async () => {
    context.gateway.enqueue({ sse: ['event: message_stop\ndata: {"type":"message_stop"}\n\n'] })
    const call = context
      .client({ maxRetries: 0 })
      .chatCompletion('claude-sonnet-4-6', HELLO, { stream: true })
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_RESPONSE' })
  })

  test('an event that cannot be read', async () => {
    context.gateway.enqueue({ sse: ['data: {"id":\n\n'] })
    expect(await failureOf(streaming())).toMatchObject({ code: 'INVALID_RESPONSE' })
  })

  test('`[DONE]` at once', async () => {
    context.gateway.enqueue({ sse: ['[DONE]'] })
    expect(await failureOf(streaming())).toMatchObject({ code: 'INVALID_RESPONSE' })
  })

  test('the end of the body before anything was said is no interrupted stream', async () => {
    context.gateway.enqueue([
      { sse: [] },
      { sse: [': ping\n\n'] },
      { sse: [chunk({ role: 'assistant', content: '' })] }
    ])
    for (let n = 0; n < 3; n += 1) {
      expect(await failureOf(streaming({ maxRetries: 0 }))).toMatchObject({
        code: 'INVALID_RESPONSE'
      })
    }
  })

  test('a connection that breaks', async () => {
    context.gateway.enqueue([{ sse: [': ping\n\n', ...said], cutAfter: 8 }])
    expect(await failureOf(streaming({ maxRetries: 0 }))).toMatchObject({
      code: 'CONNECTION_ERROR',
      attempts: 1
    })
  })
})

describe('after the first delta', () => {
  test('the end of the body without a terminal signal is STREAM_INTERRUPTED with what was said', async () => {
    context.gateway.enqueue({ sse: said })
    const { chunks, error } = await broken(await streaming())
    expect(textOf(chunks)).toBe('half an answer')
    expect(error).toBeInstanceOf(AihubmixError)
    expect(error).toMatchObject({
      code: 'STREAM_INTERRUPTED',
      requestId: 'mock-000001',
      attempts: 1,
      partial: {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'half an answer' },
            finish_reason: null
          }
        ],
        aihubmix: { route: 'openai', requestId: 'mock-000001' }
      }
    })
    expect(context.gateway.requests).toHaveLength(1)
  })

  test('bare JSON behind the events is the error that it says', async () => {
    context.gateway.enqueue({
      sse: [...said, '{"error":{"code":503,"message":"later","status":"UNAVAILABLE"}}']
    })
    const { chunks, error } = await broken(await streaming())
    expect(textOf(chunks)).toBe('half an answer')
    expect(error).toMatchObject({
      code: 'OVERLOADED',
      status: 503,
      message: 'later',
      partial: { choices: [{ message: { content: 'half an answer' } }] }
    })
  })

  test('a broken connection is STREAM_INTERRUPTED with its cause', async () => {
    context.gateway.enqueue({ sse: [...said, ...said], cutAfter: bytesOf(said) })
    const { chunks, error } = await broken(await streaming())
    expect(textOf(chunks)).toBe('half an answer')
    expect(error).toMatchObject({
      code: 'STREAM_INTERRUPTED',
      partial: { choices: [{ message: { content: 'half an answer' } }] }
    })
    expect(error.cause).toBeInstanceOf(Error)
    expect(error.cause.message).not.toBe('')
  })

  test('an event cut in its middle is not delivered', async () => {
    context.gateway.enqueue({
      sse: [...said, chunk({ content: 'never seen' })],
      cutAfter: bytesOf(said) + 40
    })
    const { chunks, error } = await broken(await streaming())
    expect(textOf(chunks)).toBe('half an answer')
    expect(error.partial.choices[0].message.content).toBe('half an answer')
  })

  test('an error event has its own class, the partial answer, and is never retried', async () => {
    context.gateway.enqueue({
      sse: [
        ...said,
        { error: { message: 'too much', type: 'overloaded_error', code: 'busy' } },
        finish()
      ]
    })
    const { chunks, error } = await broken(await streaming())
    expect(textOf(chunks)).toBe('half an answer')
    expect(error).toMatchObject({
      code: 'OVERLOADED',
      status: 529,
      message: 'too much',
      vendorCode: 'busy',
      attempts: 1,
      requestId: 'mock-000001',
      partial: { choices: [{ message: { content: 'half an answer' } }] }
    })
    expect(context.gateway.requests).toHaveLength(1)
  })

  test('a failure in the same packet as the first delta is thrown by the iterator all the same, and not retried', async () => {
    const event = (one) => `data: ${JSON.stringify(one)}\n\n`
    const overloaded = { error: { message: 'too much', type: 'overloaded_error' } }
    for (const [rest, code] of [
      [event(overloaded), 'OVERLOADED'],
      ['data: {"choices":\n\n', 'INVALID_RESPONSE']
    ]) {
      context.gateway.enqueue({ sse: [event(said[0]) + event(said[1]) + rest] })
      const { chunks, error } = await broken(await streaming())
      expect(textOf(chunks)).toBe('half an answer')
      expect(error).toMatchObject({
        code,
        attempts: 1,
        partial: { choices: [{ message: { content: 'half an answer' } }] }
      })
    }
    expect(context.gateway.requests).toHaveLength(2)
  })

  test('an event that cannot be read is INVALID_RESPONSE with the partial answer', async () => {
    context.gateway.enqueue({ sse: [...said, 'data: {"choices":[{"delta":}]}\n\n'] })
    const { error } = await broken(await streaming())
    expect(error).toMatchObject({
      code: 'INVALID_RESPONSE',
      partial: { choices: [{ message: { content: 'half an answer' } }] }
    })
  })

  test('silence is a TIMEOUT of phase `idle`; pings are silence too', async () => {
    const pings = Array.from({ length: 100 }, () => ': ping\n\n')
    context.gateway.enqueue([
      { sse: [...said, ...said], stallAfter: bytesOf(said) },
      { sse: [...said, ...pings], gapMs: 10 }
    ])
    for (let n = 0; n < 2; n += 1) {
      const { error } = await broken(await streaming({ timeout: { idle: 150 } }))
      expect(error).toMatchObject({
        code: 'TIMEOUT',
        phase: 'idle',
        partial: { choices: [{ message: { content: 'half an answer' } }] }
      })
    }
  })

  test('empty chunks are silence too', async () => {
    const nothing = [{ ...chunk({}), choices: [] }, chunk({ content: '' })]
    const pings = Array.from({ length: 100 }, (_, n) => nothing[n % 2])
    context.gateway.enqueue({ sse: [...said, ...pings], gapMs: 10 })
    const { error } = await broken(await streaming({ timeout: { idle: 150 } }))
    expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'idle' })
  })

  test('an answer over `limits.answer` ends: what it adds up to is kept, and has a bound', async () => {
    const words = Array.from({ length: 100 }, () => chunk({ content: 'x'.repeat(1_000) }))
    context.gateway.enqueue({ sse: words })
    const { chunks, error } = await broken(await streaming({ limits: { answer: 20_000 } }))
    expect(textOf(chunks).length).toBeGreaterThan(15_000)
    expect(error).toMatchObject({ code: 'INVALID_RESPONSE', partial: expect.anything() })
    const { content } = error.partial.choices[0].message
    expect(content.length).toBeLessThan(25_000)
  })

  test('the total time covers the stream', async () => {
    context.gateway.enqueue({
      sse: Array.from({ length: 100 }, () => chunk({ content: 'x' })),
      gapMs: 10
    })
    const { error } = await broken(await streaming({ timeout: { total: 200 } }))
    expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'total', partial: expect.anything() })
  })

  test('an event over `limits.event` ends the stream without using memory for it', async () => {
    const server = await startHttpServer((_request, response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.write(`data: ${JSON.stringify(said[0])}\n\n`)
      response.write(`data: {"choices":[{"delta":{"content":"${'x'.repeat(200_000)}`)
    })
    try {
      const { chunks, error } = await broken(
        await streaming({ baseURL: server.url, limits: { event: 50_000 } })
      )
      expect(textOf(chunks)).toBe('half ')
      expect(error).toMatchObject({ code: 'INVALID_RESPONSE', partial: expect.anything() })
    } finally {
      await server.close()
    }
  })

  test('tool calls cut short are in the partial answer as they are', async () => {
    const call = {
      index: 0,
      id: 'c1',
      type: 'function',
      function: { name: 'f', arguments: '{"a": "b' }
    }
    context.gateway.enqueue({ sse: [chunk({ tool_calls: [call] })] })
    const { error } = await broken(await streaming())
    expect(error.partial.choices[0]).toMatchObject({
      finish_reason: null,
      message: { tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{"a": "b' } }] }
    })
  })

  test('a consumer that comes late gets all chunks before the error', async () => {
    context.gateway.enqueue({ sse: said })
    const stream = await streaming()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { chunks, error } = await broken(stream)
    expect(textOf(chunks)).toBe('half an answer')
    expect(error.code).toBe('STREAM_INTERRUPTED')
  })

  test('fewer choices than asked for, in one burst, are the end and do not stop the process', async () => {
    const events = [...said, finish()].map((one) => `data: ${JSON.stringify(one)}\n\n`)
    const chunked = events.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`)
    const peer = await startPeer((_number, _request, wire) => {
      wire.beginStream({ 'transfer-encoding': 'chunked', connection: 'keep-alive' })
      wire.send(`${chunked.join('')}0\r\n\r\n`)
    })
    const client = context.client({ baseURL: peer.url })
    try {
      for (let n = 0; n < 20; n += 1) {
        const stream = await client.chatCompletion(MODEL, HELLO, { n: 2, stream: true })
        expect(textOf(await readAll(stream))).toBe('half an answer')
      }
    } finally {
      await peer.close()
    }
  })

  test('a failure that nobody reads is not an unhandled rejection', async () => {
    context.gateway.enqueue([{ sse: said }, { sse: said }])
    const stream = await streaming()
    // What comes later has come.
    await broken(await streaming())
    stream.abort()
    // Jest fails a test in which a rejection is not handled; that shows in a later turn.
    await new Promise(setImmediate)
  })
})
