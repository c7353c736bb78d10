'use strict'

// One call of a server, given by its URL; argument 2: `stream` or `whole`. Stopped from outside for longer than
// its timers.

const { AihubmixModelClient } = require('../../..')

async function main([baseURL, kind]) {
  const timeout = { idle: 1_000, response: 1_000 }
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL, timeout, maxRetries: 0 })
  const stream = kind === 'stream'
  const messages = [{ role: 'user', content: 'x' }]
  const answer = await client.chatCompletion('gpt-5.4-mini', messages, { stream })
  const completion = stream ? await answer.finalChatCompletion() : answer
  return { content: completion.choices[0].message.content }
}

main(process.argv.slice(2)).then(
  (report) => console.log(JSON.stringify(report)),
  ({ code, phase }) => console.log(JSON.stringify({ code, phase }))
)
