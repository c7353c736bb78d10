'use strict'

// Small servers for what lies below or beside the mock gateway.

const http = require('node:http')
const net = require('node:net')
const { once } = require('node:events')

// `handle(request, response, bodyText)`. Counts the connections it was given, and those still open.
async function startHttpServer(handle) {
  const server = http.createServer(async (request, response) => {
    response.on('error', () => {})
    const parts = []
    try {
      for await (const part of request) parts.push(part)
    } catch {
      return
    }
    handle(request, response, Buffer.concat(parts).toString())
  })
  return started(server)
}

// `handle(socket)` for every connection.
async function startTcpServer(handle) {
  return started(
    net.createServer((socket) => {
      socket.on('error', () => {})
      handle(socket)
    })
  )
}

async function started(server) {
  // Nothing here closes an idle connection behind a client's back.
  server.keepAliveTimeout = 0
  const sockets = new Set()
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.unref()
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    sockets,
    get connections() {
      return connections
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  }
}

function completion(members = {}) {
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-5.4-mini',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'hi', refusal: null },
        finish_reason: 'stop',
        logprobs: null
      }
    ],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    ...members
  })
}

module.exports = { startHttpServer, startTcpServer, completion }
