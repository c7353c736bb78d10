'use strict'

// Makes two calls, one whole and one streamed, and ends by itself when it is told to. In a worker or a process of its
// own; the options of its client are its argument.

const { parentPort, workerData } = require('node:worker_threads')
const { AihubmixModelClient } = require('../../..')

const options = workerData ?? JSON.parse(process.argv[2])
const client = new AihubmixModelClient({ apiKey: 'sk-0123456789abcdefghij', ...options })
for (const stream of [false, true])
  client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }], { stream })
const parent = parentPort ?? process
parent.on('message', () => process.exit(7))
