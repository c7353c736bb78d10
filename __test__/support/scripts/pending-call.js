'use strict'

// Awaits one thing that takes its time (the first argument says which), with nothing else to keep the
// process alive.

const { AihubmixModelClient } = require('../../..')
const { startMockGateway } = require('../../../testing')
const { chunk, saying } = require('../sse')

const HELLO = [{ role: 'user', content: 'hello' }]
const MODEL = 'gpt-5.4-mini'
const SLOW = 600

const WAITS = {
  answer: async (client, gateway) => {
    gateway.enqueue({ chat: 'at last', delayMs: SLOW })
    return (await client.chatCompletion(MODEL, HELLO)).choices[0].message.content
  },
  retry: async (client, gateway) => {
    gateway.enqueue([
      { status: 503, headers: { 'retry-after-ms': String(SLOW) } },
      { chat: 'at last' }
    ])
    return (await client.chatCompletion(MODEL, HELLO)).choices[0].message.content
  },
  chunk: async (client, gateway) => {
    gateway.enqueue({ sse: [chunk({ content: 'at ' }), ...saying('last')], gapMs: SLOW / 4 })
    const texts = []
    for await (const one of await client.chatCompletion(MODEL, HELLO, { stream: true })) {
      texts.push(one.choices[0].delta.content ?? '')
    }
    return texts.join('')
  },
  final: async (client, gateway) => {
    gateway.enqueue({ sse: [chunk({ content: 'at ' }), ...saying('last')], gapMs: SLOW / 4 })
    const stream = await client.chatCompletion(MODEL, HELLO, { stream: true })
    return (await stream.finalChatCompletion()).choices[0].message.content
  },
  timeout: async (client, gateway) => {
    gateway.enqueue({ delayMs: 60_000 })
    return client
      .chatCompletion(MODEL, HELLO, {}, { timeout: SLOW, maxRetries: 0 })
      .catch(({ code }) => code)
  }
}

async function main() {
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: gateway.url })
  const result = await WAITS[process.argv[2]](client, gateway)
  console.log(JSON.stringify({ result }))
}

main()
