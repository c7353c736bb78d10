// A chat in the browser over a backend that keeps the key: node:http, one page, tokens as they come.
//
//   npm install && npm start         then open http://localhost:3000
//
// With AIHUBMIX_API_KEY set it talks to the real gateway (and costs a little), else to the mock gateway.

import { readFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AihubmixError, AihubmixModelClient } from 'aihubmix-native'

const MODELS = ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']
const LARGEST_REQUEST = 1024 * 1024

const mock = process.env.AIHUBMIX_API_KEY ? undefined : await startMock()
const client = mock
  ? new AihubmixModelClient({ apiKey: 'sk-mock', baseURL: mock.url })
  : new AihubmixModelClient()
const page = await readFile(new URL('page.html', import.meta.url))
const script = await readFile(new URL('markdown.js', import.meta.url))

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    // The browser learns what happened, the log learns why.
    console.error(error)
    if (!response.headersSent) response.writeHead(error instanceof SyntaxError ? 400 : 500)
    response.end()
  })
})

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address()
  console.log(`http://localhost:${port} (${mock ? 'the mock gateway' : client.getBaseURL()})`)
})

async function answer(request, response) {
  if (request.method === 'GET' && request.url === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  } else if (request.method === 'GET' && request.url === '/markdown.js') {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script)
  } else if (request.method === 'GET' && request.url === '/models') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(MODELS))
  } else if (request.method === 'POST' && request.url === '/chat') {
    await chat(await jsonBody(request), response)
  } else {
    response.writeHead(404).end()
  }
}

// Streams JSON lines: { reasoning } and { text } for each piece, then { usage, message } or { error }.
async function chat({ model, messages }, response) {
  if (!MODELS.includes(model)) return response.writeHead(400).end()
  // Whoever closes the page wants no more tokens, and shall not pay for them.
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  // A browser that reads slowly holds the vendor back.
  const send = async (line) => {
    if (!response.write(`${JSON.stringify(line)}\n`)) {
      await once(response, 'drain', { signal: gone.signal }).catch(() => {})
    }
  }
  try {
    mock?.enqueue({ gapMs: 60 })
    const stream = await client.chatCompletion(
      model,
      messages,
      { stream: true, reasoning_effort: 'low' },
      { signal: gone.signal }
    )
    for await (const { choices } of stream) {
      const { content: text, reasoning_content: reasoning } = choices[0]?.delta ?? {}
      if (reasoning || text)
        await send({ reasoning: reasoning || undefined, text: text || undefined })
    }
    const { choices, usage } = await stream.finalChatCompletion()
    await send({ usage, message: choices[0].message })
  } catch (error) {
    if (!AihubmixError.isInstance(error)) throw error
    if (error.code !== 'ABORTED') await send({ error: `${error.code}: ${error.message}` })
  }
  response.end()
}

async function jsonBody(request) {
  const parts = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > LARGEST_REQUEST) throw new SyntaxError('the request is too large')
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}

async function startMock() {
  const { startMockGateway } = await import('aihubmix-native/testing')
  return startMockGateway()
}
