'use strict'

// A queue before the network: how many are under way, in which order, for how long, and what ends the waiting.

const diagnostics = require('node:diagnostics_channel')
const { Worker } = require('node:worker_threads')
const { HELLO, MODEL, useGateway, failureOf, eventually } = require('./support/gateway')

const context = useGateway()
let keys = 0
// Each test has a key, and so a queue, of its own.
const ownKey = () => `sk-throttle-${process.pid}-${keys++}-0123456789`
const ask = (client, text, request, options) =>
  client.chatCompletion(MODEL, [{ role: 'user', content: text }], options, request)
const asked = () => context.gateway.requests.map(({ body }) => body.messages[0].content)

// The next answers take their time.
function slowly(count, delayMs) {
  for (let n = 0; n < count; n++) context.gateway.enqueue({ delayMs, chat: { content: `${n}` } })
}

test('no more are in flight than allowed, first in, first out, whole or streamed', async () => {
  const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
  const order = ['a', 'b', 'c', 'd', 'e']
  slowly(2, 30)
  const done = []
  await Promise.all(
    order.map(async (text, index) => {
      const answer = await ask(client, text, {}, { stream: index % 2 === 1 })
      if (index % 2 === 1) await answer.finalChatCompletion()
      // Those after it have not been sent before it was over.
      expect(asked().length).toBeLessThanOrEqual(index + 2)
      done.push(text)
    })
  )
  expect(asked()).toEqual(order)
  expect(done).toEqual(order)
})

test('a stream is in flight until its end, or until its reader leaves it', async () => {
  const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
  const events = ['a', 'b'].map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
  context.gateway.enqueue({ sse: events, stallAfter: 120 })
  const stream = await ask(client, 'first', {}, { stream: true })
  const next = ask(client, 'second')
  const first = await stream[Symbol.asyncIterator]().next()
  expect(first.done).toBe(false)
  expect(asked()).toEqual(['first'])
  stream.abort()
  await next
  expect(asked()).toEqual(['first', 'second'])
})

test('a thousand calls at once, of several clients of one key', async () => {
  const apiKey = ownKey()
  const clients = [1, 2, 3].map(() => context.client({ apiKey, throttle: { concurrency: 20 } }))
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, (_, n) => ask(clients[n % 3], `${n}`))
  )
  expect(answers.map((answer) => answer.choices[0].message.content)).toEqual(
    Array.from({ length: 1_000 }, (_, n) => `You said: ${n}`)
  )
  expect(asked().map(Number).slice(0, 20)).toHaveLength(20)
}, 60_000)

test('workers stand in the same queue', async () => {
  const apiKey = ownKey()
  const source = `
    const { AihubmixModelClient } = require(${JSON.stringify(require.resolve('..'))})
    const { parentPort, workerData } = require('node:worker_threads')
    const client = new AihubmixModelClient(workerData)
    client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'worker' }])
      .then(() => parentPort.postMessage('answered'))
  `
  const options = { apiKey, baseURL: context.gateway.url, throttle: { concurrency: 1 } }
  const client = context.client(options)
  context.gateway.enqueue({ sse: [], stallAfter: 0 })
  const cancel = new AbortController()
  const first = failureOf(ask(client, 'main', { signal: cancel.signal }, { stream: true }))
  await eventually(() => asked().length === 1)
  const worker = new Worker(source, { eval: true, workerData: options })
  const answered = new Promise((resolve) => worker.once('message', resolve))
  await new Promise((resolve) => worker.once('online', resolve))
  expect(asked()).toEqual(['main'])
  cancel.abort()
  expect((await first).code).toBe('ABORTED')
  expect(await answered).toBe('answered')
  await worker.terminate()
})

describe('who waits', () => {
  async function withOneInFlight(work) {
    const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
    context.gateway.enqueue({ sse: [], stallAfter: 0 })
    const cancel = new AbortController()
    const first = failureOf(ask(client, 'first', { signal: cancel.signal }, { stream: true }))
    await eventually(() => asked().length === 1)
    try {
      await work(client)
    } finally {
      cancel.abort()
      await first
    }
  }

  test('has the time of its whole call, and no other timer runs', async () => {
    await withOneInFlight(async (client) => {
      const error = await failureOf(
        ask(client, 'second', { timeout: { total: 60, response: 5, connect: 5 } })
      )
      expect(error).toMatchObject({
        code: 'TIMEOUT',
        phase: 'queue',
        attempts: 0,
        retryable: false
      })
      expect(error.message).toContain('throttle')
    })
    expect(asked()).toEqual(['first'])
  })

  test('is no longer there once its signal says so, and those behind it move up', async () => {
    await withOneInFlight(async (client) => {
      const cancel = new AbortController()
      const waiting = Array.from({ length: 100 }, (_, n) =>
        failureOf(ask(client, `${n}`, { signal: cancel.signal }))
      )
      const reason = new Error('changed my mind')
      cancel.abort(reason)
      const began = performance.now()
      for (const error of await Promise.all(waiting))
        expect(error).toMatchObject({ code: 'ABORTED', cause: reason, attempts: 0 })
      expect(performance.now() - began).toBeLessThan(1_000)
    })
    expect(asked()).toEqual(['first'])
  })

  test('is told about, and for how long it has waited', async () => {
    const seen = []
    const onQueued = (message) => seen.push({ ...message })
    const onEnd = ({ queuedMs }) => seen.push(queuedMs)
    diagnostics.subscribe('aihubmix:call:queued', onQueued)
    diagnostics.subscribe('aihubmix:call:end', onEnd)
    let second
    await withOneInFlight(async (client) => {
      second = ask(client, 'second')
      await eventually(() => seen.length === 1)
      expect(seen[0]).toMatchObject({ model: MODEL, queued: { waiting: 0 } })
    })
    await second
    diagnostics.unsubscribe('aihubmix:call:queued', onQueued)
    diagnostics.unsubscribe('aihubmix:call:end', onEnd)
    expect(seen[1]).toEqual(expect.any(Number))
  })

  test('is let go by close()', async () => {
    await withOneInFlight(async (client) => {
      const other = failureOf(ask(client, 'second'))
      client.close()
      expect((await other).code).toBe('ABORTED')
    })
  })
})

test('a 429 holds back everybody for as long as it asks', async () => {
  const apiKey = ownKey()
  const client = context.client({ apiKey, throttle: {}, maxRetries: 0 })
  const limits = { 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '0' }
  const headers = { 'retry-after-ms': '300', 'x-ratelimit-reset-requests': '1s', ...limits }
  context.gateway.enqueue({ status: 429, headers, json: { error: { message: 'slow down' } } })
  const error = await failureOf(ask(client, 'first'))
  const began = performance.now()
  expect(error).toMatchObject({
    code: 'RATE_LIMIT',
    retryAfterMs: 300,
    rateLimit: { limit: 60, remaining: 0, resetMs: 1_000 }
  })
  await Promise.all([ask(client, 'second'), ask(context.client({ apiKey, throttle: {} }), 'third')])
  expect(performance.now() - began).toBeGreaterThan(200)
})

test('what does not fit into a minute waits for the next one', async () => {
  const client = context.client({ apiKey: ownKey(), throttle: { requestsPerMinute: 2 } })
  await Promise.all([ask(client, 'a'), ask(client, 'b')])
  const error = await failureOf(
    client.embeddings.create({ model: 'm', input: 'x' }, { timeout: 50 })
  )
  expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'queue' })
  expect(context.gateway.requests).toHaveLength(2)
})

test('an attempt after a failure keeps the place of its call', async () => {
  const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
  context.gateway.enqueue({ status: 500, headers: { 'retry-after-ms': '0' }, json: {} })
  slowly(1, 100)
  await Promise.all(['a', 'b', 'c'].map((text) => ask(client, text)))
  const second = asked().lastIndexOf('a')
  expect(asked()).toHaveLength(4)
  expect(second).toBeLessThan(3)
})

test('other keys, and clients without a throttle, do not wait', async () => {
  const apiKey = ownKey()
  const client = context.client({ apiKey, throttle: { requestsPerMinute: 1 } })
  await ask(client, 'a')
  await ask(context.client({ apiKey }), 'b')
  await ask(context.client({ apiKey: ownKey(), throttle: { requestsPerMinute: 1 } }), 'c')
  expect(asked()).toEqual(['a', 'b', 'c'])
})

test.each([
  [{ concurrency: 0 }, 'throttle.concurrency'],
  [{ concurrency: 1.5 }, 'throttle.concurrency'],
  [{ requestsPerMinute: -1 }, 'throttle.requestsPerMinute'],
  [{ rpm: 5 }, 'throttle.rpm'],
  [5, 'throttle']
])('%j is no throttle', async (throttle, param) => {
  expect(await failureOf(() => context.client({ throttle }))).toMatchObject({
    code: 'CONFIG_ERROR',
    param
  })
})

test('the clients of other SDKs wait, too', async () => {
  const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
  const body = JSON.stringify({ model: MODEL, messages: HELLO })
  const responses = await Promise.all(
    [1, 2, 3].map(async () => {
      const response = await client.fetch('/v1/chat/completions', { method: 'POST', body })
      return response.json()
    })
  )
  expect(responses.map(({ object }) => object)).toEqual(new Array(3).fill('chat.completion'))
})
