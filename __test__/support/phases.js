'use strict'

// Where a call may be when it is cut short: each phase of it, and a server that keeps it there.

const net = require('node:net')
const { once } = require('node:events')
const { makeAuthority } = require('./certificates')
const { head } = require('./peer')
const { chunk } = require('./sse')

// `peers` closes the servers. Each phase gives the options of the client, the server whose sockets count, and when
// two calls have reached it.
function phasesFor(peers) {
  const authority = makeAuthority()
  const shaking = async (optionsOf) => {
    const server = await silence(peers)
    return { options: optionsOf(server.port), server, reached: () => server.openSockets === 2 }
  }
  const playing = async (script, identity) => {
    const server = await peers.start(script, identity)
    const options = { baseURL: server.url, ca: authority.pem, maxRetries: 2 }
    return { options, server, reached: () => server.requests.length === 2 }
  }
  return {
    'in the TLS handshake': () => shaking((port) => ({ baseURL: `https://localhost:${port}` })),
    'in the handshake of a proxy': () =>
      shaking((port) => ({
        baseURL: 'https://gateway.invalid',
        proxy: `http://127.0.0.1:${port}`
      })),
    'in the handshake of a SOCKS proxy': () =>
      shaking((port) => ({
        baseURL: 'http://gateway.invalid',
        proxy: `socks5h://127.0.0.1:${port}`
      })),
    'while an answer is awaited': () => playing((_, __, wire) => wire.hang()),
    'while an answer is awaited over TLS': () =>
      playing((_, __, wire) => wire.hang(), { identity: authority.issue() }),
    'in the middle of a head': () =>
      playing((_, __, wire) => {
        wire.send('HTTP/1.1 200 OK\r\nx-so')
        return wire.hang()
      }),
    'in the middle of a body': () =>
      playing((_, __, wire) => {
        const fields = { 'content-type': 'application/json', 'content-length': 900 }
        wire.send(head(200, fields), '{"id":')
        return wire.hang()
      }),
    'in the middle of an error’s body': () =>
      playing((_, __, wire) => {
        wire.send(head(500, { 'content-length': 900 }), '{"error":')
        return wire.hang()
      }),
    'before the first delta': () =>
      playing((_, __, wire) => {
        wire.beginStream()
        wire.event(chunk({ role: 'assistant' }))
        return wire.hang()
      }),
    'during a back-off': () =>
      playing((_, __, wire) => wire.answer(503, '', { 'retry-after-ms': '30000' }))
  }
}

// A server that does nothing of its own accord; `reads: false`: it does not even take what it is sent.
async function silence(peers, { reads = true } = {}) {
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

module.exports = { phasesFor, silence }
