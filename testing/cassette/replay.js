'use strict'

// Plays a cassette: each exchange once, to the request that was recorded with it. Nothing is asked elsewhere.

const { refuse, fail } = require('./refusal')
const { Secrets } = require('./secrets')
const { bytesOf, isSame, readTape, requestOf } = require('./tape')
const { listen } = require('../loopback')
const { receive } = require('../request')

async function replayCassette(file) {
  const waiting = await readTape(file)
  const requests = []
  const server = await listen(async (incoming, response) => {
    const request = await receive(incoming)
    if (request === undefined) return
    requests.push(request)
    const secrets = new Secrets()
    secrets.learn(request)
    const asked = requestOf(request, secrets)
    const at = waiting.findIndex((exchange) => isSame(exchange.request, asked))
    if (at < 0) return refuse(response, 404, missing(asked, waiting, file))
    const [{ response: answer }] = waiting.splice(at, 1)
    response.writeHead(answer.status, answer.headers)
    response.end(bytesOf(answer))
  }, fail)
  return {
    url: server.url,
    requests,
    get pending() {
      return waiting.length
    },
    close: server.close
  }
}

function missing({ method, path }, waiting, file) {
  const alike = waiting.filter(({ request }) => request.method === method && request.path === path)
  const differs = `what is left for that path differs in its ${alike.length === 1 ? 'query or body' : 'queries or bodies'}`
  const rest = alike.length === 0 ? 'nothing is left for that path' : differs
  return `${file} holds no answer to this ${method} ${path}: ${rest}; record it again`
}

module.exports = { replayCassette }
