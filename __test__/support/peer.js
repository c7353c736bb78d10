'use strict'

// A server that does as it is told, byte by byte: what an HTTP server would never send, and when.
// `script(number, request, wire)` is called for each request, from 0, and plays its part on the wire.

const net = require('node:net')
const tls = require('node:tls')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { completion } = require('./servers')

async function startPeer(script, { identity } = {}) {
  const requests = []
  const sockets = new Set()
  let connections = 0
  const serve = (socket) => talk(socket, requests, script)
  const server =
    identity === undefined ? net.createServer(serve) : tls.createServer(identity, serve)
  server.on('tlsClientError', () => {})
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.unref()
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const { port } = server.address()
  return {
    port,
    url: `${identity === undefined ? 'http' : 'https'}://localhost:${port}`,
    requests,
    get connections() {
      return connections
    },
    get openSockets() {
      return sockets.size
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}

async function talk(socket, requests, script) {
  socket.on('error', () => {})
  const wire = new Wire(socket)
  for (;;) {
    const request = await wire.read()
    if (request === undefined) return
    requests.push(request)
    await script(requests.length - 1, request, wire)
  }
}

class Wire {
  #socket
  #received = Buffer.alloc(0)
  #arrived = new EventTarget()
  #ended = false

  constructor(socket) {
    this.#socket = socket
    const tell = () => this.#arrived.dispatchEvent(new Event('more'))
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes])
      tell()
    })
    socket.once('close', () => {
      this.#ended = true
      tell()
    })
    // Where the client has gone, there is nobody to talk to.
    socket.once('end', () => socket.destroy())
  }

  get isClosed() {
    return this.#ended
  }

  // The next request, or undefined at the end of the connection.
  async read() {
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n')
      if (head >= 0) {
        const text = this.#received.subarray(0, head).toString('latin1')
        const [line, ...fields] = text.split('\r\n')
        const headers = Object.fromEntries(
          fields.map((field) => {
            const colon = field.indexOf(':')
            return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
          })
        )
        const end = head + 4 + Number(headers['content-length'] ?? 0)
        if (this.#received.length >= end) {
          const body = this.#received.subarray(head + 4, end).toString()
          this.#received = this.#received.subarray(end)
          return { line, headers, body }
        }
      }
      if (this.#ended) return undefined
      await new Promise((resolve) =>
        this.#arrived.addEventListener('more', resolve, { once: true })
      )
    }
  }

  send(...pieces) {
    if (!this.#ended) for (const piece of pieces) this.#socket.write(piece)
  }

  // A whole answer, after which the connection ends.
  answer(status, body = '', headers = {}) {
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    const fields = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      connection: 'close',
      ...headers
    }
    this.send(head(status, fields), text)
    this.#socket.end()
  }

  // A good one.
  chat() {
    this.answer(200, completion())
  }

  // The beginning of an event stream.
  beginStream(headers = {}) {
    this.send(head(200, { 'content-type': 'text/event-stream', connection: 'close', ...headers }))
  }

  event(data) {
    this.send(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
  }

  pause(ms) {
    return sleep(ms, undefined, { ref: false })
  }

  // Waits until the client goes away.
  async hang() {
    while (!this.#ended)
      await new Promise((resolve) =>
        this.#arrived.addEventListener('more', resolve, { once: true })
      )
  }

  // Sends the same again and again until the client goes away.
  async forever(bytes) {
    while (!this.#ended) {
      if (this.#socket.write(bytes)) await new Promise(setImmediate)
      else await this.#drained()
    }
  }

  end() {
    this.#socket.end()
  }

  // Settles when the socket takes more, or is closed.
  #drained() {
    return new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done)
        resolve()
      }
      this.#socket.on('drain', done).on('close', done)
    })
  }

  reset() {
    if (typeof this.#socket.resetAndDestroy === 'function' && !this.#socket.encrypted)
      this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }
}

function head(status, fields) {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`
}

module.exports = { startPeer, head }
