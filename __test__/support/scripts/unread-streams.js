'use strict'

// Drops streams unread, all on one long-lived signal and client. Run with --expose-gc.

const { getEventListeners } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('../../..')
const { startEndlessWords } = require('../endless-words')

async function main() {
  const server = await startEndlessWords()
  const { signal } = new AbortController()
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: server.url })
  const open = () =>
    client.chatCompletion(
      'gpt-5.4-mini',
      [{ role: 'user', content: 'x' }],
      { stream: true },
      { signal }
    )
  for (let n = 0; n < 50; n += 1) await open()
  const opened = server.connections
  const listeners = () => getEventListeners(signal, 'abort').length
  for (let n = 0; n < 100 && (server.sockets.size > 0 || listeners() > 0); n += 1) {
    global.gc()
    await sleep(10)
  }
  console.log(JSON.stringify({ opened, open: server.sockets.size, listeners: listeners() }))
}

main()
