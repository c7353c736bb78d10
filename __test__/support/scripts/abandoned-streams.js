'use strict'

// Opens streams that never end and looks away: unread, read for a while, teed.

const { AihubmixModelClient } = require('../../..')
const { startEndlessWords } = require('../endless-words')

async function main() {
  const server = await startEndlessWords()
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: server.url })
  const open = () =>
    client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }], { stream: true })
  const iterator = (await open())[Symbol.asyncIterator]()
  await iterator.next()
  globalThis.held = [await open(), iterator, (await open()).tee()]
  console.log(JSON.stringify({ open: server.sockets.size }))
}

main()
