'use strict'

// Makes many small calls and watches the memory. Arguments: calls, `whole` or `streamed`.
// Run with --expose-gc.

const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('../../..')
const { startHttpServer, completion } = require('../servers')
const { saying } = require('../sse')

const AT_ONCE = 16
const ROUND = 400
const WHOLE = completion()
const STREAMED = saying(...Array.from({ length: 20 }, (_, n) => `word ${n} `))
  .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
  .join('')

async function main() {
  const calls = Number(process.argv[2])
  const stream = process.argv[3] === 'streamed'
  const server = await startHttpServer((_request, response) => {
    response.setHeader('content-type', stream ? 'text/event-stream' : 'application/json')
    response.end(stream ? STREAMED : WHOLE)
  })
  const call = async () => {
    // A client for each call, as apps that make one per request do.
    const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: server.url })
    const answer = await client.chatCompletion(
      'gpt-5.4-mini',
      [{ role: 'user', content: 'hello' }],
      { stream }
    )
    if (stream)
      for await (const one of answer)
        if (one.object !== 'chat.completion.chunk') throw new Error('no chunk')
  }
  const run = async (count) => {
    for (let done = 0; done < count; done += ROUND) {
      let left = Math.min(ROUND, count - done)
      const worker = async () => {
        while (left-- > 0) await call()
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      // So that no peak of garbage is taken for a leak. Finalizers run in turns of their own.
      for (let n = 0; n < 3; n += 1) {
        global.gc()
        await sleep(1)
      }
    }
    // V8 sizes its own heap by the load, so what it has in reserve does not count.
    const { rss, heapTotal, heapUsed } = process.memoryUsage()
    return rss - heapTotal + heapUsed
  }
  await run(calls / 4)
  const before = await run(calls / 4)
  const after = await run(calls / 2)
  console.log(
    JSON.stringify({
      calls,
      growthMB: (after - before) / 2 ** 20,
      usedMB: after / 2 ** 20,
      connections: server.connections
    })
  )
}

main()
