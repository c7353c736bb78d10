'use strict'

// Cancelled, in each phase of a call: it settles at once, the connection closes, the signal is left as it was.

const net = require('node:net')
const { once } = require('node:events')
const { makeAuthority } = require('../support/certificates')
const { head } = require('../support/peer')
const { chunk } = require('../support/sse')
const { eventually, HELLO, MODEL } = require('../support/gateway')
const { clientOf, usePeers } = require('../support/fault')
const { listeners } = require('../support/signals')

const peers = usePeers()
const authority = makeAuthority()

// A server that does nothing of its own accord.
async function silence({ reads = true } = {}) {
  const sockets = new Set()
  let received = 0
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('data', ({ length }) => {
      received += length
    })
    if (!reads) socket.pause()
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return peers.add({
    port: server.address().port,
    get openSockets() {
      return sockets.size
    },
    get received() {
      return received
    },
    read() {
      for (const socket of sockets) socket.resume()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  })
}

// Each gives the client, the server whose sockets count, and when the phase is reached.
const PHASES = {
  'in the TLS handshake': async () => {
    const server = await silence()
    return {
      client: clientOf(`https://localhost:${server.port}`),
      server,
      reached: () => server.openSockets === 2
    }
  },
  'in the handshake of a proxy': async () => {
    const server = await silence()
    const proxy = `http://127.0.0.1:${server.port}`
    return {
      client: clientOf('https://gateway.invalid', { proxy }),
      server,
      reached: () => server.openSockets === 2
    }
  },
  'in the handshake of a SOCKS proxy': async () => {
    const server = await silence()
    const proxy = `socks5h://127.0.0.1:${server.port}`
    return {
      client: clientOf('http://gateway.invalid', { proxy }),
      server,
      reached: () => server.openSockets === 2
    }
  },
  'while an answer is awaited': async () => playing((_, __, wire) => wire.hang()),
  'while an answer is awaited over TLS': async () =>
    playing((_, __, wire) => wire.hang(), { identity: authority.issue() }),
  'in the middle of a head': async () =>
    playing((_, __, wire) => {
      wire.send('HTTP/1.1 200 OK\r\nx-so')
      return wire.hang()
    }),
  'in the middle of a body': async () =>
    playing((_, __, wire) => {
      wire.send(head(200, { 'content-type': 'application/json', 'content-length': 900 }), '{"id":')
      return wire.hang()
    }),
  'in the middle of an error’s body': async () =>
    playing((_, __, wire) => {
      wire.send(head(500, { 'content-length': 900 }), '{"error":')
      return wire.hang()
    }),
  'before the first delta': async () =>
    playing((_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ role: 'assistant' }))
      return wire.hang()
    }),
  'during a back-off': async () =>
    playing((_, __, wire) => wire.answer(503, '', { 'retry-after-ms': '30000' }))
}

async function playing(script, options) {
  const server = await peers.start(script, options)
  const client = clientOf(server, { ca: authority.pem, maxRetries: 2 })
  return { client, server, reached: () => server.requests.length === 2 }
}

describe.each(Object.keys(PHASES))('%s', (phase) => {
  test.each([
    ['by its signal', (_client, controller) => controller.abort('enough'), 'enough'],
    [
      'by close()',
      (client) => client.close(),
      expect.objectContaining({ message: 'the client was closed' })
    ]
  ])('%s', async (_, cancel, cause) => {
    const { client, server, reached } = await PHASES[phase]()
    const controller = new AbortController()
    // One whole, one streamed.
    const promises = [false, true].map((stream) =>
      client.chatCompletion(MODEL, HELLO, { stream }, { signal: controller.signal })
    )
    const settled = Promise.allSettled(promises)
    let isSettled = false
    settled.then(() => {
      isSettled = true
    })
    await eventually(reached)
    await new Promise((resolve) => setTimeout(resolve, 30))
    cancel(client, controller)
    // At once, and so within 50 ms: before the event loop turns.
    await new Promise(setImmediate)
    expect(isSettled).toBe(true)
    const outcomes = await settled
    for (const { status, reason } of outcomes) {
      expect(status).toBe('rejected')
      expect(reason).toMatchObject({ code: 'ABORTED', cause, attempts: 1 })
    }
    expect(listeners(controller.signal)).toBe(0)
    await eventually(() => server.openSockets === 0)
  })
})

test.each(['signal', 'close', 'timer'])(
  'an upload that its peer does not read is cut off by a %s, not kept for it',
  async (how) => {
    const server = await silence({ reads: false })
    const timeout = how === 'timer' ? { idle: 300 } : {}
    const client = clientOf(`http://localhost:${server.port}`, { timeout })
    const { signal, abort } = signalled()
    const length = 32 << 20
    const messages = [{ role: 'user', content: 'x'.repeat(length) }]
    const call = client.chatCompletion(MODEL, messages, {}, { signal }).catch((error) => error)
    await eventually(() => server.openSockets === 1)
    if (how === 'signal') abort()
    if (how === 'close') client.close()
    expect(await call).toMatchObject({ code: how === 'timer' ? 'TIMEOUT' : 'ABORTED' })
    server.read()
    await eventually(() => server.openSockets === 0)
    expect(server.received).toBeLessThan(length)
  }
)

function signalled() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
