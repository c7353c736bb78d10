'use strict'

// Calls `process.exit` with calls and streams under way.

const { AihubmixModelClient } = require('../../..')
const { startEndlessWords } = require('../endless-words')

async function main() {
  const server = await startEndlessWords()
  const client = new AihubmixModelClient({ apiKey: async () => 'sk-test-key', baseURL: server.url })
  const open = () =>
    client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }], { stream: true })
  const streams = await Promise.all(Array.from({ length: 20 }, open))
  for (const stream of streams) {
    const read = async () => {
      for await (const one of stream) globalThis.last = one
    }
    read()
  }
  for (let n = 0; n < 20; n += 1) open()
  setTimeout(() => {
    console.log(JSON.stringify({ streams: streams.length }))
    process.exit(7)
  }, 100)
}

main()
