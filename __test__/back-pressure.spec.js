'use strict'

// A consumer that does not keep up holds the server back.

const { MODEL, HELLO, useGateway } = require('./support/gateway')
const { startHttpServer } = require('./support/servers')
const { chunk, finish, textOf } = require('./support/sse')

const context = useGateway()

const MEGABYTE = 1 << 20
const EVENT = `data: ${JSON.stringify(chunk({ content: 'x'.repeat(1000) }))}\n\n`
const EVENTS = 40_000

// Writes 40,000 events of 1 KB, as fast as they are taken.
async function startFirehose() {
  const sent = { bytes: 0 }
  const server = await startHttpServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    let left = EVENTS
    const pour = () => {
      while (left > 0) {
        left -= 1
        sent.bytes += EVENT.length
        if (!response.write(EVENT)) return response.once('drain', pour)
      }
      response.end(`data: ${JSON.stringify(finish())}\n\ndata: [DONE]\n\n`)
    }
    pour()
  })
  return Object.assign(server, { sent })
}

test('the server’s written bytes are bounded while nobody reads, and all arrive afterwards', async () => {
  const server = await startFirehose()
  try {
    const stream = await context
      .client({ baseURL: server.url, timeout: { idle: 200 } })
      .chatCompletion(MODEL, HELLO, { stream: true })
    const iterator = stream[Symbol.asyncIterator]()
    let length = textOf([(await iterator.next()).value]).length
    // Longer than the idle timer, which stands still meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const held = server.sent.bytes
    // The core has gone on meanwhile.
    for (let n = 0; n < 20; n += 1) await context.client().chatCompletion(MODEL, HELLO)
    expect(server.sent.bytes).toBe(held)
    // What the kernel's socket buffers take, and a little of our own.
    expect(held).toBeLessThan(16 * MEGABYTE)
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
      length += step.value.choices[0].delta.content?.length ?? 0
    }
    expect(length).toBe(EVENTS * 1000)
    expect(server.sent.bytes).toBe(EVENTS * EVENT.length)
  } finally {
    await server.close()
  }
})

test('a stream that is held back can be left', async () => {
  const server = await startFirehose()
  try {
    const stream = await context
      .client({ baseURL: server.url })
      .chatCompletion(MODEL, HELLO, { stream: true })
    for await (const one of stream) {
      expect(one.object).toBe('chat.completion.chunk')
      await new Promise((resolve) => setTimeout(resolve, 100))
      break
    }
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(server.sent.bytes).toBeLessThan(16 * MEGABYTE)
  } finally {
    await server.close()
  }
})

test('a slow consumer does not slow others down', async () => {
  const server = await startFirehose()
  try {
    const client = context.client({ baseURL: server.url })
    const slow = await client.chatCompletion(MODEL, HELLO, { stream: true })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => context.client().chatCompletion(MODEL, HELLO))
    )
    expect(answers).toHaveLength(10)
    slow.abort()
  } finally {
    await server.close()
  }
})
