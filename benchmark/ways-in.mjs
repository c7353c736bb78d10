// What a chunk of a streamed Claude costs by each way into the package: microseconds of CPU for each of the 400 chunks
// of an answer. Prints a markdown table.
//
//   node benchmark/ways-in.mjs [--streams 200]
//
// Needs the release build (npm run build) and Node.js >= 24. Each way is a process of its own, the
// server another; only ratios mean anything on another machine.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const CHUNKS = 400
const PIECE = 'a few words of it '
const WARM_UP_STREAMS = 50
const MODEL = 'claude-sonnet-4-6'
const MESSAGES = [{ role: 'user', content: 'hello' }]
// No dependency of the project: `npm i --no-save @ai-sdk/anthropic`.
const ANTHROPIC = '@ai-sdk/anthropic'
const here = fileURLToPath(import.meta.url)
const require = createRequire(here)

const WAYS = {
  chatCompletion: ({ client }) =>
    chunksOf(() => client.chatCompletion(MODEL, MESSAGES, { stream: true })),
  'chat.completions.create': ({ client }) => {
    const body = { model: MODEL, messages: MESSAGES, stream: true }
    return chunksOf(() => client.chat.completions.create(body))
  },
  'the same, traced by `otel`': async ({ client }) => {
    const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base')
    const { MeterProvider } = await import('@opentelemetry/sdk-metrics')
    const { instrument } = require('../otel.js')
    instrument({ tracerProvider: new BasicTracerProvider(), meterProvider: new MeterProvider() })
    return WAYS['chat.completions.create']({ client })
  },
  '`client.fetch` under `openai`': async ({ client, fetch }) => {
    const { default: OpenAI } = await import('openai')
    const openai = new OpenAI({
      apiKey: 'unused',
      baseURL: client.getBaseURL('gpt-5.4-mini'),
      fetch
    })
    const body = { model: MODEL, messages: MESSAGES, stream: true }
    return chunksOf(() => openai.chat.completions.create(body))
  },
  '`aihubmix-native/ai-sdk` under `streamText`': ({ client }) => {
    const { createAihubmix } = require('../ai-sdk.js')
    return streamedText(createAihubmix({ client, specificationVersion: 'v4' })(MODEL))
  },
  '`client.fetch` under `@ai-sdk/openai-compatible` under `streamText`': async ({
    client,
    fetch
  }) => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
    const baseURL = client.getBaseURL('gpt-5.4-mini')
    return streamedText(createOpenAICompatible({ name: 'aihubmix', baseURL, fetch })(MODEL))
  },
  '`@ai-sdk/anthropic` alone under `streamText`': async ({ url }) => {
    const { createAnthropic } = await import(ANTHROPIC)
    return streamedText(createAnthropic({ apiKey: 'unused', baseURL: `${url}/v1` })(MODEL))
  }
}

if (process.argv[2] === '--way')
  await measure(process.argv[3], process.argv[4], Number(process.argv[5]))
else if (process.argv[2] === '--serve') serve()
else await compare()

async function compare() {
  const { values } = parseArgs({ options: { streams: { type: 'string', default: '200' } } })
  const server = fork(here, ['--serve'])
  const [url] = await once(server, 'message')
  console.log('| way in | µs of CPU for a chunk | on the main thread |\n|---|---|---|')
  for (const way of Object.keys(WAYS)) {
    const child = fork(here, ['--way', way, url, values.streams], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc']
    })
    const message = once(child, 'message').then(([said]) => said)
    const ended = once(child, 'exit').then(() => ({ skipped: true }))
    const { skipped, whole, main } = await Promise.race([message, ended])
    console.log(
      `| ${way} | ${skipped ? 'its packages are not installed | ' : `${whole} | ${main}`} |`
    )
  }
  server.kill()
}

async function measure(way, url, streams) {
  const { AihubmixModelClient } = require('../index.js')
  globalThis.AI_SDK_LOG_WARNINGS = false
  const client = new AihubmixModelClient({ apiKey: 'sk-benchmark', baseURL: url, proxy: false })
  const stream = await WAYS[way]({ client, fetch: client.fetch, url })
  for (let done = 0; done < WARM_UP_STREAMS; done += 1) await stream()
  const [before, mainBefore] = [process.cpuUsage(), process.threadCpuUsage()]
  for (let done = 0; done < streams; done += 1) {
    const length = await stream()
    if (length !== CHUNKS * PIECE.length) throw new Error(`${way} has lost text: ${length}`)
  }
  const perChunk = ({ user, system }) => ((user + system) / streams / CHUNKS).toFixed(1)
  const figures = { whole: process.cpuUsage(before), main: process.threadCpuUsage(mainBefore) }
  process.send({ whole: perChunk(figures.whole), main: perChunk(figures.main) }, () =>
    process.exit(0)
  )
}

function chunksOf(ask) {
  return async () => {
    let length = 0
    for await (const { choices } of await ask()) length += choices[0]?.delta.content?.length ?? 0
    return length
  }
}

async function streamedText(model) {
  const { streamText } = await import('ai')
  return async () => {
    let length = 0
    for await (const text of streamText({ model, messages: MESSAGES }).textStream)
      length += text.length
    return length
  }
}

function serve() {
  const event = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
  const usage = { input_tokens: 10, output_tokens: CHUNKS }
  const head = { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL, content: [] }
  const message = { ...head, stop_reason: null, stop_sequence: null, usage }
  const delta = { type: 'text_delta', text: PIECE }
  const body = [
    event({ type: 'message_start', message }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    event({ type: 'content_block_delta', index: 0, delta }).repeat(CHUNKS),
    event({ type: 'content_block_stop', index: 0 }),
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage
    }),
    event({ type: 'message_stop' })
  ].join('')
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(body)
  })
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`))
  process.on('disconnect', () => process.exit(0))
}
