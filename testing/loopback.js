'use strict'

// An HTTP server on loopback that never keeps the process alive: its listener and its sockets are unref'd.

const http = require('node:http')

const HOST = '127.0.0.1'

/**
 * @param {(incoming, response) => Promise<void>} exchange
 * @param {(response, message: string) => void} fail answers an exchange that threw before its headers went out
 * @returns {Promise<{ url, openSockets, closing, close(): Promise<void> }>}
 */
async function listen(exchange, fail) {
  const sockets = new Set()
  let closing
  const server = http.createServer((incoming, response) => {
    response.on('error', () => {})
    exchange(incoming, response).catch((error) => {
      if (response.headersSent) response.destroy()
      else fail(response, error instanceof Error ? error.message : String(error))
    })
  })
  // Who stands still is the business of the client under test.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 0
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
    get openSockets() {
      return sockets.size
    },
    get closing() {
      return closing !== undefined
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => {
          sockets.clear()
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      })
      return closing
    }
  }
}

module.exports = { listen }
