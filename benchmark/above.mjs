// What the features above one call cost, on and off: fallback models, throttling, cost, meters, length.
//
//   node benchmark/above.mjs [--seconds 60] [--json file]     (after `npm run build`)
//
// One process, one gateway in another. Every variant is measured in turn, again and again; the least of its rounds
// counts, in microseconds of CPU per call: of the whole process, and of the main thread where Node.js can say that
// (from 23.9 on). Each call is a chat of eleven messages (4 KB), answered whole.

import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const MODEL = 'gpt-5.4-mini'
const CALLS = 300
const AT_ONCE = 30

if (process.argv[2] === 'gateway') serve()
else await main()

async function main() {
  const { values } = parseArgs({
    options: { seconds: { type: 'string', default: '60' }, json: { type: 'string' } }
  })
  const gateway = fork(fileURLToPath(import.meta.url), ['gateway'])
  const port = await new Promise((resolve) => gateway.once('message', resolve))
  try {
    const library = createRequire(import.meta.url)('..')
    const figures = [
      ...(await calls(library, `http://127.0.0.1:${port}`, Number(values.seconds) * 900)),
      ...functions(library, Number(values.seconds) * 100)
    ]
    console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])))
    if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  } finally {
    gateway.kill()
  }
}

// The same conversation for all: a few turns of prose.
function conversation() {
  const text = 'The office opens at nine; the coffee machine is on the second floor. '.repeat(6)
  const turn = (n) => [
    { role: 'user', content: `${n}: ${text}` },
    { role: 'assistant', content: `Noted, ${n}. ${text}` }
  ]
  return [...[1, 2, 3, 4, 5].flatMap(turn), { role: 'user', content: 'When does it open?' }]
}

// Name -> what one call does. `busy` is a model that the gateway always refuses.
function variants({ AihubmixModelClient }, baseURL) {
  const messages = conversation()
  const client = (options) =>
    new AihubmixModelClient({ apiKey: 'sk-test', baseURL, maxRetries: 0, ...options })
  const ask = (options, model = MODEL) => {
    const made = client(options)
    return () => made.chatCompletion(model, messages)
  }
  const plain = client()
  const meter = plain.meter()
  return {
    'all off': ask(),
    'fallback, not needed': ask({ fallback: ['claude-sonnet-4-6'] }),
    'fallback, needed': ask({ fallback: [MODEL] }, 'busy'),
    'throttle, nobody waits': ask({ throttle: { concurrency: 1_000 } }),
    'throttle, most wait': ask({ throttle: { concurrency: 5 } }),
    pricing: ask({ pricing: 'catalog' }),
    meter: ask({ meter }),
    'pricing and meter': ask({ pricing: 'catalog', meter: plain.meter() }),
    'fit, all fits': ask({ fit: {} }),
    'fit, turns go': ask({ fit: { limit: 1_000, reserve: 200 } }),
    'all on': ask({
      fallback: ['claude-sonnet-4-6'],
      throttle: { concurrency: 1_000 },
      pricing: 'catalog',
      meter: plain.meter(),
      fit: {}
    })
  }
}

async function calls(library, baseURL, milliseconds) {
  const { AihubmixModelClient } = library
  await new AihubmixModelClient({ apiKey: 'sk-test', baseURL }).models.info(MODEL)
  const measured = Object.entries(variants(library, baseURL))
  for (const [, call] of measured) await burst(call)
  const best = new Map(measured.map(([name]) => [name, { process: Infinity, main: Infinity }]))
  let rounds = 0
  for (const end = performance.now() + milliseconds; performance.now() < end; rounds += 1) {
    for (const [name, call] of measured) {
      const spent = await burst(call)
      const least = best.get(name)
      for (const thread of ['process', 'main'])
        least[thread] = Math.min(least[thread], spent[thread])
    }
  }
  const off = best.get('all off')
  console.log(`${rounds} rounds of ${CALLS} calls each`)
  return measured.map(([name]) => {
    const { process: whole, main } = best.get(name)
    const figures = { name, process: rounded(whole), more: rounded(whole - off.process) }
    return Number.isNaN(main)
      ? figures
      : { ...figures, main: rounded(main), moreMain: rounded(main - off.main) }
  })
}

// CALLS calls, some at once: microseconds of each.
async function burst(call) {
  const before = [process.cpuUsage(), threadCpu()]
  let left = CALLS
  const lane = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const { user, system } = process.cpuUsage(before[0])
  return { process: (user + system) / CALLS, main: (threadCpu() - before[1]) / CALLS }
}

function threadCpu() {
  const usage = process.threadCpuUsage?.()
  return usage === undefined ? Number.NaN : usage.user + usage.system
}

// Functions that send nothing: microseconds of a call, the least of many rounds.
function functions({ AihubmixModelClient, estimateTokens, fitMessages }, milliseconds) {
  const client = new AihubmixModelClient({ apiKey: 'sk-test' })
  const small = conversation()
  const large = Array.from({ length: 25 }, () => small).flat()
  const works = {
    'estimateTokens, 4 KB': () => estimateTokens(MODEL, small),
    'estimateTokens, 100 KB': () => estimateTokens(MODEL, large),
    'fitMessages, 100 KB': () => fitMessages(MODEL, large, { limit: 5_000, reserve: 0 }),
    'explainCache, 4 KB': () => client.explainCache(MODEL, small, small),
    'buildRequest, 4 KB': () => client.buildRequest(MODEL, small)
  }
  const names = Object.keys(works)
  const best = Object.fromEntries(names.map((name) => [name, Infinity]))
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    for (const name of names) {
      const begun = performance.now()
      for (let n = 0; n < 10; n++) works[name]()
      best[name] = Math.min(best[name], (performance.now() - begun) * 100)
    }
  }
  return names.map((name) => ({ name, main: rounded(best[name]) }))
}

function rounded(value) {
  return Number(value.toFixed(1))
}

// The gateway: answers at once, refuses the model `busy`.
function serve() {
  const usage = { prompt_tokens: 1_000, completion_tokens: 10, total_tokens: 1_010 }
  const message = { role: 'assistant', content: 'At nine.' }
  const answer = JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: MODEL,
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage
  })
  const pricing = { input: 1, output: 4, cache_read: 0.1 }
  const catalog = JSON.stringify({ success: true, data: [{ model_id: MODEL, pricing }] })
  const refused = JSON.stringify({ error: { message: 'overloaded' } })
  const server = createServer(async (request, response) => {
    const pieces = []
    for await (const piece of request) pieces.push(piece)
    response.setHeader('content-type', 'application/json')
    const isBusy = Buffer.concat(pieces).includes('"model":"busy"')
    response.statusCode = isBusy ? 503 : 200
    response.end(isBusy ? refused : request.url.startsWith('/api/') ? catalog : answer)
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.once('disconnect', () => process.exit())
}
