'use strict'

// Keeps a short text of every long answer, and watches the memory. Argument: how many. Run with --expose-gc.

const { AihubmixModelClient } = require('../../..')
const { startHttpServer, completion } = require('../servers')

async function main() {
  const texts = { content: 'x'.repeat(100_000), reasoning_content: 'y'.repeat(2_000_000) }
  const message = { role: 'assistant', refusal: null, ...texts }
  const body = completion({ choices: [{ index: 0, message, finish_reason: 'stop' }] })
  const server = await startHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: server.url })
  const kept = []
  const before = process.memoryUsage.rss()
  for (let left = Number(process.argv[2]); left > 0; left -= 1) {
    const messages = [{ role: 'user', content: 'hello' }]
    const { choices } = await client.chatCompletion('gpt-5.4-mini', messages)
    kept.push(choices[0].message.content)
    if (left % 10 === 0) global.gc()
  }
  const growthMB = (process.memoryUsage.rss() - before) / 2 ** 20
  server.close()
  console.log(JSON.stringify({ kept: kept.length, growthMB }))
}

main()
