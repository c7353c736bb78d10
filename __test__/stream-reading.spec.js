'use strict'

// The ways to read a stream, and to stop.

const { MODEL, HELLO, useGateway, failureOf, eventually } = require('./support/gateway')
const { chunk, saying, readAll, textOf } = require('./support/sse')

const context = useGateway()

const WORDS = ['one ', 'two ', 'three ', 'four ', 'five']
const TEXT = WORDS.join('')

async function open(script, request) {
  context.gateway.enqueue({ sse: saying(...WORDS), gapMs: 2, ...script })
  return context.client().chatCompletion(MODEL, HELLO, { stream: true }, request)
}

// Says something every 20 ms, for ever as far as a test is concerned.
const endless = {
  sse: Array.from({ length: 500 }, (_, n) => chunk({ content: `${n} ` })),
  gapMs: 20
}

describe('finalChatCompletion()', () => {
  const whole = async () => {
    context.gateway.enqueue({ sse: saying(...WORDS) })
    const { aihubmix, ...answer } = await (
      await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    ).finalChatCompletion()
    expect(aihubmix.route).toBe('openai')
    return answer
  }

  test('reads the stream if nobody else does', async () => {
    const answer = await (await open()).finalChatCompletion()
    expect(answer).toMatchObject({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: TEXT, refusal: null },
          finish_reason: 'stop',
          logprobs: null
        }
      ],
      usage: { total_tokens: 8 },
      aihubmix: { route: 'openai', attempts: 1 }
    })
  })

  test('before, during and after reading gives the same answer', async () => {
    const expected = await whole()
    const stream = await open()
    const early = stream[Symbol.asyncIterator]()
    const before = stream.finalChatCompletion()
    let during
    const chunks = []
    for (let step = await early.next(); !step.done; step = await early.next()) {
      chunks.push(step.value)
      during ??= stream.finalChatCompletion()
    }
    const answers = await Promise.all([
      before,
      during,
      stream.finalChatCompletion(),
      stream.finalChatCompletion()
    ])
    expect(textOf(chunks)).toBe(TEXT)
    for (const { aihubmix, ...answer } of answers) {
      expect(answer).toEqual(expected)
      expect(aihubmix.attempts).toBe(1)
    }
  })

  test('equals the whole answer of the same tokens', async () => {
    const chat = {
      content: 'Let me see: 世界 😀',
      reasoning_content: 'Hard one.',
      tool_calls: [
        { id: 'c1', name: 'get_weather', arguments: { city: 'Paris' } },
        { id: 'c2', name: 'now' }
      ]
    }
    context.gateway.enqueue([{ chat }, { chat }, { chat, chunkBytes: 11 }])
    const client = context.client()
    const answer = await client.chatCompletion(MODEL, HELLO)
    for (let n = 0; n < 2; n += 1) {
      const final = await (
        await client.chatCompletion(MODEL, HELLO, { stream: true })
      ).finalChatCompletion()
      expect(final.choices[0].message).toMatchObject(answer.choices[0].message)
      expect(final.choices[0].finish_reason).toBe(answer.choices[0].finish_reason)
      expect(final.usage).toEqual(answer.usage)
    }
  })

  test('fails as the stream fails', async () => {
    const stream = await open({ cutAfter: 600 })
    const errors = await Promise.all([
      failureOf(stream.finalChatCompletion()),
      failureOf(stream.finalChatCompletion())
    ])
    for (const error of errors)
      expect(error).toMatchObject({ code: 'STREAM_INTERRUPTED', partial: expect.anything() })
    expect(await failureOf(stream.finalChatCompletion())).toMatchObject({
      code: 'STREAM_INTERRUPTED'
    })
  })

  test('of a stream whose last whole chunk was passed over unread', async () => {
    // The later batches begin with bare texts that repeat a chunk of an earlier batch.
    const events = [
      chunk({ role: 'assistant', content: 'a' }),
      ...Array.from({ length: 20 }, () => chunk({ content: 'b' }))
    ]
    const stream = await open({
      sse: [...events, chunk({ content: 'c' }, {}, { finish_reason: 'stop' })],
      gapMs: 5
    })
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe(
      `a${'b'.repeat(20)}c`
    )
  })

  test('gives each caller an object of his own', async () => {
    const stream = await open()
    const [one, other] = [await stream.finalChatCompletion(), await stream.finalChatCompletion()]
    one.choices[0].message.content = 'changed'
    expect(other.choices[0].message.content).toBe(TEXT)
  })
})

describe('a stream is for one consumer', () => {
  test('a second iteration is refused, also after the end', async () => {
    const stream = await open()
    const chunks = await readAll(stream)
    expect(textOf(chunks)).toBe(TEXT)
    for (const again of [
      () => readAll(stream),
      () => stream.tee(),
      () => stream.toReadableStream()
    ]) {
      const error = await failureOf(async () => again())
      expect(error).toMatchObject({ code: 'INVALID_REQUEST' })
      expect(error.message).toContain('tee()')
    }
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe(TEXT)
  })

  test('`next` may be asked for several chunks at once, and for more than there are', async () => {
    const iterator = (await open())[Symbol.asyncIterator]()
    const steps = await Promise.all(Array.from({ length: 20 }, () => iterator.next()))
    expect(textOf(steps.filter(({ done }) => !done).map(({ value }) => value))).toBe(TEXT)
    expect(steps.at(-1)).toEqual({ value: undefined, done: true })
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })

  test('a failure is told once, then the iteration is over', async () => {
    const iterator = (await open({ cutAfter: 600 }))[Symbol.asyncIterator]()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => iterator.next()))
    const failed = results.filter(({ status }) => status === 'rejected')
    expect(failed).toHaveLength(1)
    expect(failed[0].reason.code).toBe('STREAM_INTERRUPTED')
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })
})

describe('stopping early closes the connection', () => {
  const closes = async (stop) => {
    context.gateway.enqueue(endless)
    const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    expect(context.gateway.closedEarly).toBe(0)
    await stop(stream)
    await eventually(() => context.gateway.closedEarly === 1)
  }

  test('break', () =>
    closes(async (stream) => {
      for await (const one of stream) {
        expect(one.object).toBe('chat.completion.chunk')
        break
      }
    }))

  test('a throw out of the loop', () =>
    closes(async (stream) => {
      const error = await failureOf(async () => {
        for await (const one of stream) throw new Error(one.id)
      })
      expect(error.message).toBe('chatcmpl-1')
    }))

  test('the iterator’s `return`, also before the first `next`, and what was asked for is over', () =>
    closes(async (stream) => {
      const iterator = stream[Symbol.asyncIterator]()
      expect(await iterator.return('value')).toEqual({ value: 'value', done: true })
      expect(await iterator.next()).toEqual({ value: undefined, done: true })
      expect(await iterator.return()).toEqual({ value: undefined, done: true })
    }))

  test('the iterator’s `return` while `next` waits', () =>
    closes(async (stream) => {
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
      const waiting = iterator.next()
      await iterator.return()
      expect(await waiting).toEqual({ value: undefined, done: true })
    }))

  test('the iterator’s `throw`', () =>
    closes(async (stream) => {
      const reason = new Error('enough')
      expect(await failureOf(stream[Symbol.asyncIterator]().throw(reason))).toBe(reason)
    }))

  test('abort(), and whoever reads learns why', () =>
    closes(async (stream) => {
      const reason = new Error('enough')
      const iterator = stream[Symbol.asyncIterator]()
      await iterator.next()
      const waiting = failureOf(readAll({ [Symbol.asyncIterator]: () => iterator }))
      stream.abort(reason)
      const error = await waiting
      expect(error).toMatchObject({
        code: 'ABORTED',
        requestId: 'mock-000001',
        attempts: 1,
        partial: { choices: [{ message: { content: expect.any(String) } }] }
      })
      expect(error.cause).toBe(reason)
      expect(await failureOf(stream.finalChatCompletion())).toBe(error)
      stream.abort('again')
    }))

  test('`controller.abort()`, as in other SDKs', () =>
    closes(async (stream) => {
      expect(stream.controller.signal.aborted).toBe(false)
      stream.controller.abort('enough')
      expect(stream.controller.signal.aborted).toBe(true)
      expect(await failureOf(readAll(stream))).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    }))

  test('`await using`', () =>
    closes((stream) => stream[Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]()))

  test('a ReadableStream that is cancelled', () =>
    closes(async (stream) => {
      const reader = stream.toReadableStream().getReader()
      expect((await reader.read()).done).toBe(false)
      await reader.cancel('enough')
      expect((await reader.read()).done).toBe(true)
    }))

  test('both branches of `tee`, and not before', () =>
    closes(async (stream) => {
      const [left, right] = stream.tee().map((branch) => branch[Symbol.asyncIterator]())
      await left.next()
      await left.return()
      await right.next()
      await right.next()
      expect(context.gateway.closedEarly).toBe(0)
      await right.return()
    }))

  test('a final answer that was asked for fails then', async () => {
    const stream = await open({ gapMs: 20 })
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    const final = failureOf(stream.finalChatCompletion())
    await iterator.return()
    expect(await final).toMatchObject({ code: 'ABORTED' })
    await eventually(() => context.gateway.closedEarly === 1)
  })

  test('at the end there is nothing left to close: the connection is used again', async () => {
    const client = context.client()
    for (let n = 0; n < 5; n += 1) {
      context.gateway.enqueue({ sse: saying(...WORDS) })
      const stream = await client.chatCompletion(MODEL, HELLO, { stream: true })
      await readAll(stream)
      stream.abort()
    }
    expect(context.gateway.closedEarly).toBe(0)
    expect(context.gateway.openSockets).toBeLessThan(5)
  })
})

describe('tee()', () => {
  test('gives two streams of the same chunks, in any order of reading', async () => {
    const [left, right] = (await open()).tee()
    const first = await readAll(left)
    const second = await readAll(right)
    expect(textOf(first)).toBe(TEXT)
    expect(second).toEqual(first)
    const finals = await Promise.all([left.finalChatCompletion(), right.finalChatCompletion()])
    expect(finals[0].choices[0].message.content).toBe(TEXT)
    expect(finals[1]).toEqual(finals[0])
    expect([left.requestId, right.requestId]).toEqual(['mock-000001', 'mock-000001'])
  })

  test('read side by side, and folded', async () => {
    const [left, right] = (await open()).tee()
    const [chunks, final] = await Promise.all([readAll(left), right.finalChatCompletion()])
    expect(textOf(chunks)).toBe(final.choices[0].message.content)
  })

  test('hands a failure to both', async () => {
    const [left, right] = (await open({ cutAfter: 600 })).tee()
    for (const branch of [left, right]) {
      expect(await failureOf(readAll(branch))).toMatchObject({ code: 'STREAM_INTERRUPTED' })
    }
  })

  test('one reader may leave, the other goes on', async () => {
    const [left, right] = (await open()).tee()
    for await (const one of left) {
      expect(one.id).toBe('chatcmpl-1')
      break
    }
    expect(textOf(await readAll(right))).toBe(TEXT)
  })

  test('of a branch', async () => {
    const [left, right] = (await open()).tee()
    const readers = [...left.tee(), right]
    const texts = await Promise.all(readers.map(async (reader) => textOf(await readAll(reader))))
    expect(texts).toEqual([TEXT, TEXT, TEXT])
  })
})

describe('toReadableStream()', () => {
  test('is one chunk per line, as JSON', async () => {
    context.gateway.enqueue([{ sse: saying(...WORDS) }, { sse: saying(...WORDS) }])
    const client = context.client()
    const expected = await readAll(await client.chatCompletion(MODEL, HELLO, { stream: true }))
    const readable = (
      await client.chatCompletion(MODEL, HELLO, { stream: true })
    ).toReadableStream()
    expect(readable).toBeInstanceOf(ReadableStream)
    const lines = (await new Response(readable).text()).split('\n')
    expect(lines.pop()).toBe('')
    const chunks = lines.map((line) => JSON.parse(line))
    expect(chunks.map((one) => one.choices)).toEqual(expected.map((one) => one.choices))
  })

  test('fails as the stream fails', async () => {
    const readable = (await open({ cutAfter: 600 })).toReadableStream()
    expect(await failureOf(new Response(readable).text())).toMatchObject({
      code: 'STREAM_INTERRUPTED'
    })
  })
})
