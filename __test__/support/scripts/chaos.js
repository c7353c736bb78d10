'use strict'

// Thousands of calls, whole and streamed, against a server that misbehaves at random, cancelled at random.
// Reports how each settled and what is left afterwards.

const fs = require('node:fs')
const http = require('node:http')
const { once, getEventListeners } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('../../..')

const [CALLS, AT_ONCE, SEED] = process.argv.slice(2).map(Number)
const MESSAGES = [{ role: 'user', content: 'hello' }]

// The same faults in every run with the same seed (mulberry32).
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const random = generator(SEED)
const among = (values) => values[Math.floor(random() * values.length)]

const HEAD = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-5.4-mini'
}
const event = (delta, reason = null) =>
  `data: ${JSON.stringify({ ...HEAD, choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`
const WHOLE = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5.4-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
})

const FAULTS = [
  (response) => response.destroy(),
  (response) => response.socket.resetAndDestroy(),
  (response) => setTimeout(() => response.destroy(), 5),
  () => {},
  (response) =>
    response
      .writeHead(among([400, 401, 408, 409, 429, 500, 503]), { 'retry-after-ms': '1' })
      .end('{"error":{"message":"no"}}'),
  (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(WHOLE.slice(0, 40)),
  (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
  (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end('none'),
  (response) => response.writeHead(200).end('{"error":{"type":"overloaded_error","message":"no"}}'),
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ content: 'half' }))
    setTimeout(() => response.destroy(), random() * 10)
  },
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ content: 'half' }))
  }
]

function serve(request, response) {
  request.on('error', () => {})
  response.on('error', () => {})
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    if (random() < 0.4) return among(FAULTS)(response)
    const isStream = Buffer.concat(chunks).includes('"stream":true')
    if (!isStream) return response.writeHead(200, { 'content-type': 'application/json' }).end(WHOLE)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let number = 0; number < 20; number += 1) response.write(event({ content: 'word ' }))
    return response.end(`${event({}, 'stop')}data: [DONE]\n\n`)
  })
}

async function call(client, tally) {
  const controller = new AbortController()
  if (random() < 0.3) setTimeout(() => controller.abort(), random() * 100)
  let settled = 0
  const count = () => {
    settled += 1
  }
  const promise = client.chatCompletion(
    'gpt-5.4-mini',
    MESSAGES,
    { stream: random() < 0.5 },
    { signal: controller.signal }
  )
  promise.then(count, count)
  let word
  try {
    const answer = await promise
    word = 'whole'
    if (answer.choices === undefined) {
      const leaveAfter = random() < 0.3 ? Math.floor(random() * 10) : Infinity
      let number = 0
      for await (const _ of answer) if ((number += 1) > leaveAfter) break
      word = number > leaveAfter ? 'left' : 'streamed'
    }
  } catch (error) {
    word = error.code ?? `not ours: ${error}`
  }
  tally[word] = (tally[word] ?? 0) + 1
  tally.settled += settled
  tally.listeners += getEventListeners(controller.signal, 'abort').length
}

function openSockets() {
  try {
    return fs.readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')
      } catch {
        return false
      }
    }).length
  } catch {
    return 0
  }
}

async function main() {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, serve)
  const sockets = new Set()
  server.on(
    'connection',
    (socket) => sockets.add(socket) && socket.once('close', () => sockets.delete(socket))
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const before = openSockets()
  const client = new AihubmixModelClient({
    apiKey: 'sk-test',
    baseURL: `http://127.0.0.1:${server.address().port}`,
    maxRetries: 1,
    timeout: { response: 300, idle: 250, total: 1_500 }
  })
  const tally = { settled: 0, listeners: 0 }
  const rss = []
  let left = CALLS
  const started = performance.now()
  const worker = async () => {
    while (left > 0) {
      left -= 1
      if (left % Math.ceil(CALLS / 10) === 0) {
        globalThis.gc?.()
        rss.push(Math.round(process.memoryUsage().rss / 1048576))
      }
      await call(client, tally)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const elapsedMs = Math.round(performance.now() - started)
  // Idle connections are kept for the next call: the server ends them, and the client must let them go.
  server.closeIdleConnections()
  for (const socket of sockets) socket.end()
  const until = performance.now() + 3_000
  while ((sockets.size > 0 || openSockets() > before) && performance.now() < until) await sleep(10)
  const report = { tally, rss, elapsedMs, sockets: sockets.size, leaked: openSockets() - before }
  server.close()
  console.log(JSON.stringify(report))
}

process.on('unhandledRejection', (error) => {
  console.error('unhandled', error)
  process.exitCode = 2
})
main()
