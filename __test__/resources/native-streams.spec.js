'use strict'

// The vendors' own streams: their events as they are, one consumer, errors at their place.

const { HELLO, useGateway, failureOf, eventually } = require('../support/gateway')

const context = useGateway()
const CONTENTS = [{ role: 'user', parts: [{ text: 'hello' }] }]

const STREAMS = [
  [
    'responses',
    (c, r) => c.responses.create({ model: 'gpt-5.5', input: 'hello', stream: true }, r),
    (events) =>
      events.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta),
    { type: 'response.completed' }
  ],
  [
    'messages',
    (c, r) =>
      c.messages.create({ model: 'claude-x', max_tokens: 9, messages: HELLO, stream: true }, r),
    (events) => events.map(({ delta }) => delta?.text),
    { type: 'message_stop' }
  ],
  [
    'gemini',
    (c, r) => c.gemini.generateContent({ model: 'gemini-x', contents: CONTENTS, stream: true }, r),
    (events) =>
      events.flatMap(({ candidates }) => candidates[0].content.parts.map(({ text }) => text)),
    { candidates: [{ finishReason: 'STOP' }] }
  ]
]

async function readAll(stream) {
  const events = []
  for await (const event of stream) events.push(event)
  return events
}

describe.each(STREAMS)('%s', (name, open, texts, last) => {
  test('gives the events as they are', async () => {
    const stream = await open(context.client())
    const events = await readAll(stream)
    expect(texts(events).join('')).toBe('You said: hello')
    expect(events.at(-1)).toMatchObject(last)
    expect(stream.requestId).toMatch(/^mock-/)
    expect(await failureOf(() => stream[Symbol.asyncIterator]())).toMatchObject({
      code: 'INVALID_REQUEST'
    })
  })

  test('comes whole through any cuts', async () => {
    context.gateway.enqueue({ chunkBytes: 1 })
    const whole = await readAll(await open(context.client()))
    expect(texts(whole).join('')).toBe('You said: hello')
  })

  test('an error at its beginning is tried again, a later one is thrown', async () => {
    const event = { error: { type: 'overloaded_error', message: 'later' }, type: 'error' }
    context.gateway.enqueue([{ sse: [event] }, { sse: [event] }])
    expect(texts(await readAll(await open(context.client({ maxRetries: 2 })))).join('')).toBe(
      'You said: hello'
    )
    expect(context.gateway.requests).toHaveLength(3)
    const first = name === 'gemini' ? { candidates: [] } : { type: 'response.created' }
    context.gateway.enqueue({ sse: [first, event] })
    const seen = []
    const error = await failureOf(async () => {
      for await (const one of await open(context.client())) seen.push(one)
    })
    expect(seen).toEqual([first])
    expect(error).toMatchObject({ code: 'OVERLOADED', status: 529, message: 'later' })
  })

  test('a stream that is cut is interrupted', async () => {
    context.gateway.enqueue({
      sse: [name === 'gemini' ? { candidates: [] } : { type: 'response.created' }]
    })
    expect(await failureOf(readAll(await open(context.client())))).toMatchObject({
      code: 'STREAM_INTERRUPTED'
    })
  })

  test('leaving the loop closes the connection', async () => {
    context.gateway.enqueue({ gapMs: 10_000 })
    for await (const event of await open(context.client())) {
      expect(event).toBeInstanceOf(Object)
      break
    }
    await eventually(() => context.gateway.closedEarly === 1)
  })

  test('abort throws from the loop', async () => {
    context.gateway.enqueue({ gapMs: 10_000 })
    const controller = new AbortController()
    const stream = await open(context.client(), { signal: controller.signal })
    const failing = failureOf(readAll(stream))
    controller.abort('why')
    expect(await failing).toMatchObject({ code: 'ABORTED', cause: 'why' })
    await eventually(() => context.gateway.closedEarly === 1)
  })

  test('silence is a timeout, and pings are silence', async () => {
    const first = name === 'gemini' ? { candidates: [] } : { type: 'response.created' }
    context.gateway.enqueue({ sse: [first, ...new Array(40).fill(': ping\n\n')], gapMs: 25 })
    const stream = await open(context.client(), { timeout: { idle: 150 } })
    expect(await failureOf(readAll(stream))).toMatchObject({ code: 'TIMEOUT', phase: 'idle' })
  })
})

test('a whole answer to a stream is its only event', async () => {
  context.gateway.enqueue({ json: { type: 'message', content: [] } })
  const stream = await context
    .client()
    .messages.create({ model: 'claude-x', max_tokens: 9, messages: HELLO, stream: true })
  expect(await readAll(stream)).toEqual([{ type: 'message', content: [] }])
})

test('two readers by tee, and lines for a browser', async () => {
  const open = () =>
    context
      .client()
      .messages.create({ model: 'claude-x', max_tokens: 9, messages: HELLO, stream: true })
  const [left, right] = (await open()).tee()
  expect(await readAll(left)).toEqual(await readAll(right))
  const text = await new Response((await open()).toReadableStream()).text()
  expect(JSON.parse(text.trim().split('\n').at(-1))).toEqual({ type: 'message_stop' })
})

test('a reader that lets the stream wait does not fill the memory', async () => {
  const payload = { type: 'content_block_delta', delta: { text: 'x'.repeat(10_000) } }
  context.gateway.enqueue({ sse: [...new Array(400).fill(payload), { type: 'message_stop' }] })
  const stream = await context
    .client()
    .messages.create({ model: 'claude-x', max_tokens: 9, messages: HELLO, stream: true })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect((await readAll(stream)).length).toBe(401)
})
