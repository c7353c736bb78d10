'use strict'

// Records real exchanges: a server that passes everything on to the gateway and writes down what was said.

const { once } = require('node:events')
const { refuse, fail } = require('./refusal')
const { Secrets } = require('./secrets')
const { bodyOf, requestOf, writeTape } = require('./tape')
const { listen } = require('../loopback')
const { receive } = require('../request')

const GATEWAY = 'https://aihubmix.com'
// Of the connection, not of the message; `fetch` sets its own, and unpacks what is packed.
const HOP_BY_HOP = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade'
])

async function recordCassette(file, { target = GATEWAY } = {}) {
  const root = String(target).replace(/\/+$/, '')
  const secrets = new Secrets()
  const exchanges = []
  const server = await listen(async (incoming, response) => {
    const { url } = incoming
    const request = await receive(incoming)
    if (request === undefined) return
    secrets.learn(request)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    // In the order of the requests, whichever answer comes first.
    const exchange = { request, response: undefined }
    exchanges.push(exchange)
    let answer
    try {
      answer = await ask(root + url, request, gone.signal)
    } catch (error) {
      return refuse(
        response,
        502,
        `${root} cannot be reached: ${error.cause?.message ?? error.message}`
      )
    }
    exchange.response = await passOn(answer, response)
  }, fail)
  return {
    url: server.url,
    async close() {
      await server.close()
      const complete = exchanges.filter((exchange) => exchange.response !== undefined)
      await writeTape(
        file,
        complete.map((exchange) => written(exchange, secrets))
      )
    }
  }
}

function ask(url, { method, headers, bytes }, signal) {
  const body = bytes.length === 0 ? undefined : bytes
  return fetch(url, {
    method,
    headers: plain(Object.entries(headers)),
    body,
    signal,
    redirect: 'manual'
  })
}

// What was said, once it is said to its end.
async function passOn(answer, response) {
  const headers = plain([...answer.headers])
  response.writeHead(answer.status, headers)
  const pieces = []
  for await (const piece of answer.body ?? []) {
    pieces.push(piece)
    if (!response.write(piece))
      await Promise.race([once(response, 'drain'), once(response, 'close')])
  }
  response.end()
  return { status: answer.status, headers, bytes: Buffer.concat(pieces) }
}

function written({ request, response: { status, headers, bytes } }, secrets) {
  return {
    request: requestOf(request, secrets),
    response: { status, headers: secrets.headers(headers), ...bodyOf(bytes, secrets) }
  }
}

function plain(headers) {
  return Object.fromEntries(headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())))
}

module.exports = { recordCassette }
