'use strict'

// An HTTP proxy (plain requests and CONNECT) and a SOCKS5 proxy (RFC 1928, RFC 1929). Whatever name is
// asked for, they connect to this machine.

const http = require('node:http')
const net = require('node:net')
const { once } = require('node:events')

// `credentials`: "user:password" to be demanded. `asked` lists what was asked for.
async function startHttpProxy({ credentials, answer } = {}) {
  const asked = []
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  const isWelcome = (request) =>
    wanted === undefined || request.headers['proxy-authorization'] === wanted
  const server = http.createServer((request, response) => {
    if (!isWelcome(request)) {
      response
        .writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"', connection: 'close' })
        .end()
      return
    }
    asked.push(`${request.method} ${request.url}`)
    request.resume()
    answer(request, response)
  })
  server.on('connect', (request, socket) => {
    socket.on('error', () => {})
    if (!isWelcome(request)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n'
      )
      return
    }
    asked.push(`CONNECT ${request.url}`)
    const upstream = net.connect(Number(request.url.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      join(socket, upstream)
    })
    upstream.on('error', () => socket.destroy())
  })
  return listening(server, asked)
}

async function startSocksProxy({ credentials } = {}) {
  const asked = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    greet(socket, credentials, asked).catch(() => socket.destroy())
  })
  return listening(server, asked)
}

async function greet(socket, credentials, asked) {
  const read = reader(socket)
  const [, methods] = await read(2)
  await read(methods)
  if (credentials === undefined) {
    socket.write(Buffer.from([5, 0]))
  } else {
    socket.write(Buffer.from([5, 2]))
    const [, userLength] = await read(2)
    const user = await read(userLength)
    const [passwordLength] = await read(1)
    const password = await read(passwordLength)
    const isWelcome = `${user}:${password}` === credentials
    socket.write(Buffer.from([1, isWelcome ? 0 : 1]))
    if (!isWelcome) return socket.end()
  }
  const [, , , kind] = await read(4)
  const host =
    kind === 3
      ? (await read((await read(1))[0])).toString()
      : [...(await read(kind === 1 ? 4 : 16))].join('.')
  const port = (await read(2)).readUInt16BE()
  asked.push(`${host}:${port}`)
  const upstream = net.connect(port, '127.0.0.1', () => {
    socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
    join(socket, upstream)
  })
  upstream.on('error', () => socket.destroy())
  return undefined
}

// Reads a number of bytes at a time.
function reader(socket) {
  return async (length) => {
    for (;;) {
      const bytes = socket.read(length)
      if (bytes !== null) return bytes
      await once(socket, 'readable')
      if (socket.readableEnded) throw new Error('the client has gone')
    }
  }
}

function join(one, other) {
  one.pipe(other)
  other.pipe(one)
  one.once('close', () => other.destroy())
  other.once('close', () => one.destroy())
}

async function listening(server, asked) {
  const sockets = new Set()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${server.address().port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}

module.exports = { startHttpProxy, startSocksProxy }
