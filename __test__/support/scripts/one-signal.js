'use strict'

// Many operations of every kind on one signal, at once: what Node warns of meanwhile.

const { AihubmixModelClient } = require('../../..')
const { startMockGateway } = require('../../../testing')

const COUNT = 50
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

async function main() {
  const warnings = []
  process.on('warning', ({ name }) => warnings.push(name))
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: gateway.url })
  const request = { signal: new AbortController().signal }
  const messages = [{ role: 'user', content: 'x' }]
  const body = JSON.stringify({ model: 'gpt-5.4-mini', messages })
  const streamed = async () => {
    const options = { stream: true }
    for await (const one of await client.chatCompletion('gpt-5.4-mini', messages, options, request))
      if (one === undefined) return
  }
  const image = Array.from({ length: 16 }, () => ({ content: PNG, name: 'a.png' }))
  const work = {
    chats: () => client.chatCompletion('gpt-5.4-mini', messages, {}, request),
    streams: streamed,
    fetches: () => client.fetch('/v1/chat/completions', { method: 'POST', body, ...request }),
    runs: () =>
      client.chat.completions.runTools({ model: 'gpt-5.4-mini', messages, tools: [] }, request),
    uploads: () => client.images.edit({ model: 'gpt-image-2', prompt: 'x', image }, request)
  }
  const done = {}
  for (const [name, one] of Object.entries(work))
    done[name] = (await Promise.all(Array.from({ length: COUNT }, one))).length
  // Warnings are told in a turn of their own; this one after all others.
  const later = new Promise((resolve) => process.once('warning', resolve))
  process.emitWarning('the last', 'Last')
  await later
  await new Promise(setImmediate)
  console.log(JSON.stringify({ done, warnings }))
  await gateway.close()
}

main()
