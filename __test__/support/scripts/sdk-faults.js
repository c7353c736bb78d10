'use strict'

// How often each SDK asks when something may be billed: over a server that counts.
//
//   node sdk-faults.js <sdk>      prints { silence, reset, quota }: requests

const http = require('node:http')
const { AihubmixModelClient } = require('../../..')

const MODEL = 'claude-sonnet-4-6'
// Longer than a connection that was closed while it was idle would show it.
const LATE_MS = 1_300
const QUOTA = {
  type: 'error',
  error: {
    type: 'insufficient_quota',
    code: 'insufficient_user_quota',
    message: 'the balance of this account is used up'
  }
}

const FAULTS = {
  silence: () => {},
  reset: (request) => setTimeout(() => request.socket.destroy(), LATE_MS),
  quota: (_request, response) => {
    response.writeHead(429, { 'content-type': 'application/json' }).end(JSON.stringify(QUOTA))
  }
}

const SDKS = {
  async openai({ baseURL, fetch }) {
    const { default: OpenAI } = await import('openai')
    const openai = new OpenAI({ apiKey: 'unused', baseURL, fetch })
    return (messages) => openai.chat.completions.create({ model: MODEL, messages })
  },
  async ai({ baseURL, fetch }) {
    const { generateText } = await import('ai')
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
    const model = createOpenAICompatible({ name: 'aihubmix', baseURL, fetch })(MODEL)
    return (messages) => generateText({ model, messages })
  },
  async 'ai-sdk'({ client }) {
    const { generateText } = await import('ai')
    const { createAihubmix } = require('../../../ai-sdk')
    const model = createAihubmix({ client })(MODEL)
    return (messages) => generateText({ model, messages })
  },
  async langchain({ baseURL, fetch }) {
    const { ChatOpenAI } = await import('@langchain/openai')
    const configuration = { baseURL, fetch }
    const chat = new ChatOpenAI({
      model: MODEL,
      apiKey: 'unused',
      useResponsesApi: false,
      configuration
    })
    return (messages) => chat.invoke(messages)
  }
}

async function main(name) {
  let requests = 0
  let fault
  const server = http.createServer((request, response) => {
    requests += 1
    request.resume()
    fault(request, response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const root = `http://127.0.0.1:${server.address().port}`
  const report = {}
  for (const [kind, does] of Object.entries(FAULTS)) {
    requests = 0
    fault = does
    const timeout = { response: kind === 'silence' ? 300 : 20_000 }
    const client = new AihubmixModelClient({ apiKey: 'sk-test-0123456789', baseURL: root, timeout })
    const baseURL = client.getBaseURL('gpt-5.4-mini')
    const ask = await SDKS[name]({ client, baseURL, fetch: client.fetch })
    const failure = await ask([{ role: 'user', content: 'hello' }]).then(
      () => 'no failure',
      (error) => error
    )
    report[kind] = failure === 'no failure' ? failure : requests
    if (process.env.SHOW_FAILURES) console.error(name, kind, requests, failure)
    client.close()
  }
  server.closeAllConnections()
  server.close()
  console.log(JSON.stringify(report))
  process.exit(0)
}

main(process.argv[2])
