// What clients do when a server misbehaves: ten faults on loopback, each against each client, each in a
// process of its own. Prints two Markdown tables of the same run, one with all details and a short one;
// nothing in them is typed by hand.
//
//   node benchmark/peers-under-faults.mjs            installs the peers first, see prepare.mjs
//
// Needs a build (npm run build) and Node >= 22, which two of the peers demand.
//
// Every client runs with its defaults, and with a timeout of 1 s in its own option where a row says so.

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installPeers } from './prepare.mjs'

const KEY = 'sk-0123456789abcdefghijklmnop'
const PATIENCE_MS = 15_000
const FOLDER = fileURLToPath(new URL('peers/', import.meta.url))
const OWN = new URL('../', import.meta.url)

// --- the clients: `ask` gives a text, streamed or not ---

const CLIENTS = {
  'aihubmix-native': async ({ url, timeoutMs }) => {
    const { AihubmixModelClient } = createRequire(import.meta.url)(fileURLToPath(OWN))
    const timeout = timeoutMs && { response: timeoutMs, idle: timeoutMs }
    const client = new AihubmixModelClient({ apiKey: KEY, baseURL: url, timeout })
    const messages = [{ role: 'user', content: 'hello' }]
    return async ({ stream, signal }) => {
      const answer = await client.chatCompletion('gpt-5.4-mini', messages, { stream }, { signal })
      return stream
        ? gather(answer, (chunk) => chunk.choices[0]?.delta?.content)
        : answer.choices[0].message.content
    }
  },
  openai: async ({ url, timeoutMs, load }) => {
    const { default: OpenAI } = await load('openai')
    const client = new OpenAI({
      apiKey: KEY,
      baseURL: `${url}/v1`,
      ...(timeoutMs && { timeout: timeoutMs })
    })
    const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'hello' }] }
    return async ({ stream, signal }) => {
      const answer = await client.chat.completions.create({ ...body, stream }, { signal })
      return stream
        ? gather(answer, (chunk) => chunk.choices[0]?.delta?.content)
        : (answer.choices?.[0].message.content ?? answer)
    }
  },
  '@anthropic-ai/sdk': async ({ url, timeoutMs, load }) => {
    const { default: Anthropic } = await load('@anthropic-ai/sdk')
    const client = new Anthropic({
      apiKey: KEY,
      baseURL: url,
      ...(timeoutMs && { timeout: timeoutMs })
    })
    const body = {
      model: 'claude-sonnet-4-6',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'hello' }]
    }
    return async ({ stream, signal }) => {
      const answer = await client.messages.create({ ...body, stream }, { signal })
      return stream
        ? gather(answer, (event) => event.delta?.text)
        : (answer.content?.[0].text ?? answer)
    }
  },
  '@google/genai': async ({ url, timeoutMs, load }) => {
    const { GoogleGenAI } = await load('@google/genai')
    const client = new GoogleGenAI({
      apiKey: KEY,
      httpOptions: { baseUrl: url, ...(timeoutMs && { timeout: timeoutMs }) }
    })
    return async ({ stream, signal }) => {
      const request = {
        model: 'gemini-3.5-flash',
        contents: 'hello',
        config: { abortSignal: signal }
      }
      if (stream)
        return gather(await client.models.generateContentStream(request), (chunk) => chunk.text)
      const answer = await client.models.generateContent(request)
      return answer.text ?? answer
    }
  },
  ai: async ({ url, timeoutMs, load }) => {
    const { generateText, streamText } = await load('ai')
    const { createOpenAICompatible } = await load('@ai-sdk/openai-compatible')
    const model = createOpenAICompatible({ name: 'gateway', apiKey: KEY, baseURL: `${url}/v1` })(
      'gpt-5.4-mini'
    )
    const timeout = timeoutMs && { stepMs: timeoutMs, chunkMs: timeoutMs }
    return async ({ stream, signal }) => {
      const request = { model, prompt: 'hello', abortSignal: signal, ...(timeout && { timeout }) }
      if (!stream) return (await generateText(request)).text
      let failure
      // The package reports errors of a stream to this function, and ends `textStream` silently.
      const { textStream, finishReason } = streamText({
        ...request,
        onError: ({ error }) => (failure = error)
      })
      const text = await gather(textStream, (piece) => piece)
      if (failure !== undefined) throw failure
      return `${text} (finishReason ${await finishReason})`
    }
  }
}

async function gather(pieces, textOf) {
  let text = ''
  for await (const piece of pieces) text += textOf(piece) ?? ''
  return text
}

// --- the server: a good answer on each wire, and the faults ---

const WIRES = [
  {
    path: /chat\/completions/,
    whole: (text) => ({
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    }),
    begin: (text) => [
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }] })}`
    ]
  },
  {
    path: /messages/,
    whole: (text) => ({
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 }
    }),
    begin: (text) =>
      [
        {
          type: 'message_start',
          message: {
            id: 'm',
            type: 'message',
            role: 'assistant',
            model: 'm',
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 1, output_tokens: 1 }
          }
        },
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }
      ].map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}`)
  },
  {
    path: /generateContent|streamGenerateContent/i,
    whole: (text) => ({
      candidates: [
        { content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }
      ]
    }),
    begin: (text) => [
      `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] })}`
    ]
  }
]

const json = (response, status, body, headers = {}) =>
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body))
const fault = { error: { message: 'Overloaded', type: 'overloaded_error', code: 503 } }

const CASES = [
  {
    name: '503, then a good answer',
    cured: true,
    serve: ({ number, wire, response }) =>
      number === 0 ? json(response, 503, fault) : json(response, 200, wire.whole('good'))
  },
  {
    name: '429 with `Retry-After: 30`; cancelled after 0.5 s',
    cancelAfterMs: 500,
    serve: ({ response }) => json(response, 429, fault, { 'retry-after': '30' })
  },
  { name: 'no answer; timeout 1 s', countsRequests: true, timeoutMs: 1_000, serve: () => {} },
  {
    name: 'the connection is reset 1.5 s after the request',
    countsRequests: true,
    serve: ({ response }) => setTimeout(() => response.socket?.resetAndDestroy(), 1_500)
  },
  { name: '200 with an error inside', serve: ({ response }) => json(response, 200, fault) },
  {
    name: '200 with a web page',
    serve: ({ response }) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Portal</title>')
  },
  {
    name: 'a stream that ends too early',
    stream: true,
    serve: ({ wire, response }) => stream(response, wire.begin('half')).end()
  },
  {
    name: 'a stream that falls silent; timeout 1 s',
    stream: true,
    timeoutMs: 1_000,
    serve: ({ wire, response }) => stream(response, wire.begin('half'))
  },
  {
    name: 'a redirect to another origin',
    serve: ({ response, elsewhere, path: to }) =>
      response.writeHead(307, { location: `${elsewhere}${to}` }).end()
  },
  {
    name: '401 that repeats the key',
    serve: ({ response }) =>
      json(response, 401, { error: { message: `Invalid token: ${KEY.slice(3)}`, type: 'auth' } })
  }
]

function stream(response, events) {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const event of events) response.write(`${event}\n\n`)
  return response
}

async function startServer(handle) {
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
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(server.closeAllConnections())
  }
}

// --- one case against one client ---

async function run(client, test) {
  let number = 0
  const told = { key: false, words: false }
  const elsewhere = await startServer((request, response, body) => {
    told.key ||= JSON.stringify(request.headers).includes(KEY) || request.url.includes(KEY)
    told.words ||= body.includes('hello')
    const wire = WIRES.find((one) => one.path.test(request.url))
    json(response, 200, wire.whole('from elsewhere'))
  })
  const server = await startServer((request, response) => {
    const wire = WIRES.find((one) => one.path.test(request.url))
    test.serve({ number: number++, wire, response, elsewhere: elsewhere.url, path: request.url })
  })
  const { stdout } = await new Promise((resolve) => {
    const args = [
      fileURLToPath(import.meta.url),
      '--play',
      client,
      server.url,
      JSON.stringify(test)
    ]
    execFile(process.execPath, args, { timeout: PATIENCE_MS + 4_000 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr })
    )
  })
  server.close()
  elsewhere.close()
  const lines = stdout.trim().split('\n')
  const played = lines.at(-1) === '' ? { failed: 'crashed' } : JSON.parse(lines.at(-1))
  return { ...played, requests: `${number} request${number === 1 ? '' : 's'}`, told }
}

function inDetail({ text, failed, waits, showsKey, elapsedMs, requests, told }) {
  const parts = [
    waits ? '**still waiting**' : failed === undefined ? `no error: ${text}` : `\`${failed}\``
  ]
  if (showsKey) parts.push('**shows the key**')
  parts.push(requests)
  if (elapsedMs !== undefined) parts.push(`${(elapsedMs / 1000).toFixed(1)} s`)
  if (told.words) parts.push(told.key ? '**key and words went there**' : '**the words went there**')
  return parts.join(', ')
}

function inShort({ failed, waits, showsKey, requests, told }, { cured, countsRequests }) {
  if (waits) return '**waits on and on**'
  if (told.words) return told.key ? '**sends key and words there**' : '**sends the words there**'
  if (failed === undefined) return cured ? 'the answer' : '**no error**'
  const what = showsKey ? 'an error that **shows the key**' : 'an error'
  return countsRequests
    ? `${what}, ${requests === '1 request' ? requests : `**${requests}**`}`
    : what
}

async function play(client, url, test) {
  const require = createRequire(path.join(FOLDER, 'package.json'))
  const load = (name) => import(pathToFileURL(require.resolve(name)))
  const ask = await CLIENTS[client]({ url, timeoutMs: test.timeoutMs, load })
  const controller = new AbortController()
  if (test.cancelAfterMs !== undefined) setTimeout(() => controller.abort(), test.cancelAfterMs)
  const startedAt = performance.now()
  const waiting = setTimeout(() => tell({ waits: true }), PATIENCE_MS)
  function tell(outcome) {
    clearTimeout(waiting)
    console.log(JSON.stringify({ ...outcome, elapsedMs: performance.now() - startedAt }))
    process.exit(0)
  }
  try {
    const text = await ask({ stream: test.stream === true, signal: controller.signal })
    tell({
      text:
        typeof text === 'string'
          ? `"${text.slice(0, 40)}"`
          : `${JSON.stringify(text)?.slice(0, 40)}…`
    })
  } catch (error) {
    // A DOMException says what it is by its name, the classes of the clients by theirs.
    const isDom = error instanceof DOMException
    const name = isDom ? error.name : (error?.constructor?.name ?? typeof error)
    const words = isDom
      ? []
      : [error?.code, error?.status ?? error?.statusCode].filter(
          (word) => word !== undefined && word !== null
        )
    const showsKey = `${error?.message} ${error?.stack} ${JSON.stringify(error)}`.includes(
      KEY.slice(3)
    )
    tell({ failed: [name, ...words].join(' '), showsKey })
  }
}

// --- the table ---

function versionOf(name) {
  const file =
    name === 'aihubmix-native'
      ? new URL('package.json', OWN)
      : path.join(FOLDER, 'node_modules', name, 'package.json')
  return JSON.parse(fs.readFileSync(file, 'utf8')).version
}

async function main() {
  if (Number(process.versions.node.split('.')[0]) < 22) throw new Error('the peers need Node >= 22')
  installPeers()
  const names = Object.keys(CLIENTS)
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`)
  const head = () => {
    row(['the server', ...names.map((name) => `${name} ${versionOf(name)}`)])
    row(['---', ...names.map(() => '---')])
  }
  const short = []
  head()
  for (const test of CASES) {
    const results = []
    for (const name of names) results.push(await run(name, test))
    row([
      test.name,
      ...results.map((result) => inDetail(result).replaceAll('|', '\\|').replaceAll('\n', ' '))
    ])
    const inWords = results.map((result) => inShort(result, test))
    if (new Set(inWords).size > 1) short.push([test.name, ...inWords])
  }
  console.log('\nIn short, where they differ:\n')
  head()
  for (const cells of short) row(cells)
  console.log(
    `\nNode ${process.version}; \`ai\` with @ai-sdk/openai-compatible ${versionOf('@ai-sdk/openai-compatible')}.`
  )
}

const [mode, client, url, test] = process.argv.slice(2)
await (mode === '--play' ? play(client, url, JSON.parse(test)) : main())
