'use strict'

// Writes bodies with messages of a megabyte and tells what is kept of them outside V8's heap: while all are there,
// and when they are gone. Arguments: how many. Run with --expose-gc.

const { setTimeout: sleep } = require('node:timers/promises')
const { toJsonBody } = require('../../../lib/long-strings')

async function outsideMB() {
  // Finalizers run in turns of their own.
  for (let n = 0; n < 4; n += 1) {
    global.gc()
    await sleep(1)
  }
  const { rss, heapTotal } = process.memoryUsage()
  return (rss - heapTotal) / 2 ** 20
}

async function main() {
  const before = await outsideMB()
  let messages = Array.from({ length: Number(process.argv[2]) }, (_, n) => ({
    role: 'user',
    content: String(n % 10).repeat(2 ** 20)
  }))
  for (const message of messages) {
    for (let time = 0; time < 3; time += 1) toJsonBody({ messages: [message] })
    await sleep(0)
  }
  const kept = (await outsideMB()) - before
  messages = undefined
  const left = (await outsideMB()) - before
  console.log(JSON.stringify({ kept, left }))
}

main()
