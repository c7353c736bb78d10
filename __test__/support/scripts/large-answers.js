'use strict'

// Gets many large answers, forgets them, and watches the memory. Argument: how many.

const { AihubmixModelClient } = require('../../..')
const { startHttpServer, completion } = require('../servers')

const SIZE = 2 ** 20

async function main() {
  const message = { role: 'assistant', content: 'x'.repeat(SIZE), refusal: null }
  const body = completion({ choices: [{ index: 0, message, finish_reason: 'stop' }] })
  const server = await startHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: server.url })
  let largest = 0
  for (let left = Number(process.argv[2]); left > 0; left -= 1) {
    const messages = [{ role: 'user', content: 'hello' }]
    const { choices } = await client.chatCompletion('gpt-5.4-mini', messages)
    if (choices[0].message.content.length !== SIZE) throw new Error('not the whole answer')
    largest = Math.max(largest, process.memoryUsage.rss())
  }
  console.log(JSON.stringify({ largestMB: largest / 2 ** 20 }))
}

main()
