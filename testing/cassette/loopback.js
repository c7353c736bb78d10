'use strict'

// A server on loopback that does not keep the process alive.

const http = require('node:http')

const HOST = '127.0.0.1'

/** @param {(incoming, response) => Promise<void>} exchange */
async function listen(exchange) {
  const sockets = new Set()
  let closing
  const server = http.createServer((incoming, response) => {
    response.on('error', () => {})
    exchange(incoming, response).catch((error) => {
      if (response.headersSent) response.destroy()
      else
        refuse(
          response,
          500,
          `the cassette failed: ${error instanceof Error ? error.message : error}`
        )
    })
  })
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.on('connection', (socket) => {
    socket.unref()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, HOST, resolve)
  })
  server.unref()
  return {
    url: `http://${HOST}:${server.address().port}`,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
      return closing
    }
  }
}

// An error that no client repeats.
function refuse(response, status, message) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Should-Retry': 'false' })
  response.end(
    JSON.stringify({ error: { message, type: 'cassette_error', param: null, code: null } })
  )
}

module.exports = { listen, refuse }
