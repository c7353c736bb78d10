'use strict'

// Has a call answered and then nothing more to do: the process has to end by itself, the pooled
// connection notwithstanding.

const { AihubmixModelClient } = require('../../..')
const { startMockGateway } = require('../../../testing')

async function main() {
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: gateway.url })
  const answer = await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
  await (
    await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }], {
      stream: true
    })
  ).finalChatCompletion()
  console.log(
    JSON.stringify({
      content: answer.choices[0].message.content,
      resources: process.getActiveResourcesInfo()
    })
  )
}

main()
