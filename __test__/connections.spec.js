'use strict'

// Clients are cheap: those with the same network settings share one pool.

const { AihubmixModelClient } = require('..')
const { MODEL, HELLO, KEY, useGateway, failureOf } = require('./support/gateway')
const { startHttpServer, completion } = require('./support/servers')
const { chunk, finish, saying, readAll, textOf } = require('./support/sse')

const context = useGateway()

async function startAnswers() {
  return startHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(completion())
  })
}

test('1,000 clients one after another use one connection', async () => {
  const server = await startAnswers()
  try {
    for (let n = 0; n < 1_000; n += 1) {
      const client = new AihubmixModelClient({
        apiKey: `sk-key-number-${n}`,
        baseURL: server.url,
        appCode: `APP${n}`,
        timeout: 10_000 + n
      })
      await client.chatCompletion(MODEL, HELLO)
      if (n % 2 === 0) client.close()
    }
    expect(server.connections).toBeLessThanOrEqual(2)
  } finally {
    await server.close()
  }
})

test('20,000 clients that are never used open none', async () => {
  const server = await startAnswers()
  try {
    for (let n = 0; n < 20_000; n += 1)
      expect(new AihubmixModelClient({ apiKey: KEY, baseURL: server.url }).getBaseURL()).toBe(
        server.url
      )
    expect(server.connections).toBe(0)
  } finally {
    await server.close()
  }
})

test('200 calls at once open at most 200, and the next ones open none', async () => {
  const server = await startAnswers()
  try {
    const call = () =>
      new AihubmixModelClient({ apiKey: KEY, baseURL: server.url }).chatCompletion(MODEL, HELLO)
    await Promise.all(Array.from({ length: 200 }, call))
    const opened = await settled(() => server.connections)
    expect(opened).toBeLessThanOrEqual(200)
    for (let n = 0; n < 50; n += 1) await call()
    expect(server.connections).toBe(opened)
  } finally {
    await server.close()
  }
})

const event = (data) => `data: ${JSON.stringify(data)}\n\n`

test('1,000 streams at once: each gets its own answer', async () => {
  const open = []
  const server = await startHttpServer((_request, response, body) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event(chunk({ role: 'assistant', content: '' })))
    open.push({ response, name: JSON.parse(body).user })
    // None ends before all have begun.
    if (open.length < 1_000) return
    for (const { response, name } of open)
      response.end(event(chunk({ content: name })) + event(finish()))
  })
  try {
    const client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url })
    const names = Array.from({ length: 1_000 }, (_, number) => `user ${number}`)
    const read = async (user) =>
      textOf(await readAll(await client.chatCompletion(MODEL, HELLO, { stream: true, user })))
    expect(await Promise.all(names.map(read))).toEqual(names)
  } finally {
    await server.close()
  }
}, 60_000)

test('the end of a stream, an error answer and a whole answer all leave their connection to the next call', async () => {
  const client = context.client({ maxRetries: 0 })
  for (let n = 0; n < 10; n += 1) {
    context.gateway.enqueue([{ sse: saying('a', 'b') }, { status: 400 }])
    await readAll(await client.chatCompletion(MODEL, HELLO, { stream: true }))
    expect((await failureOf(client.chatCompletion(MODEL, HELLO))).code).toBe('INVALID_REQUEST')
    await client.chatCompletion(MODEL, HELLO)
  }
  expect(context.gateway.openSockets).toBeLessThanOrEqual(2)
})

test('a connection that the server closed while it was idle costs no error', async () => {
  const server = await startAnswers()
  try {
    const client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url })
    for (let n = 0; n < 20; n += 1) {
      expect((await client.chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
      for (const socket of server.sockets) socket.destroy()
    }
  } finally {
    await server.close()
  }
})

// A call may take a connection that another has freed while its own is still on its way: the figure when no more arrive.
async function settled(figure) {
  let last
  while (last !== (last = figure())) await new Promise((resolve) => setTimeout(resolve, 200))
  return last
}
