'use strict'

// Starts workers, terminates each with streams in flight, and watches the server's sockets.
// Arguments: rounds, streams per worker.

const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const { once } = require('node:events')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEndlessWords } = require('../endless-words')

async function main() {
  const [rounds, streams] = process.argv.slice(2).map(Number)
  const server = await startEndlessWords()
  let mostLeft = 0
  // Memory after half of the rounds, by when it has settled, and after all.
  const used = []
  for (let round = 0; round < rounds; round += 1) {
    const worker = new Worker(__filename, { workerData: { url: server.url, streams } })
    const [opened] = await once(worker, 'message')
    if (opened !== streams) throw new Error(`${opened} of ${streams} streams`)
    await worker.terminate()
    for (let waits = 0; server.sockets.size > 0 && waits < 1000; waits += 1) await sleep(5)
    mostLeft = Math.max(mostLeft, server.sockets.size)
    if (round === rounds >> 1 || round === rounds - 1) used.push(process.memoryUsage().rss)
  }
  const growthMB = (used[1] - used[0]) / 2 ** 20
  console.log(JSON.stringify({ rounds, connections: server.connections, mostLeft, growthMB }))
}

async function work() {
  const { AihubmixModelClient } = require('../../..')
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: workerData.url })
  const open = () =>
    client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }], { stream: true })
  const opened = await Promise.all(Array.from({ length: workerData.streams }, open))
  // Some are read, some wait, some calls have only begun.
  opened.forEach(async (stream, n) => {
    if (n % 3 !== 0) for await (const one of stream) if (one === undefined) return
  })
  for (let n = 0; n < 5; n += 1) open().catch(() => {})
  parentPort.postMessage(opened.length)
}

if (isMainThread) main()
else work()
