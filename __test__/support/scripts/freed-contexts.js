'use strict'

// The contexts of those who loaded the package, made the first client and made calls are garbage afterwards.

const { AsyncLocalStorage } = require('node:async_hooks')
const { setTimeout: sleep } = require('node:timers/promises')

const storage = new AsyncLocalStorage()
const stores = []
const HELLO = [{ role: 'user', content: 'hello' }]

// Does the work in a context of its own, of which only a weak reference stays.
async function inContext(work) {
  const store = { of: stores.length }
  stores.push(new WeakRef(store))
  return storage.run(store, work)
}

async function main() {
  const gateway = await require('../../../testing').startMockGateway()
  await inContext(async () => {
    require('../../..')
  })
  const { AihubmixModelClient } = require('../../..')
  const client = await inContext(
    async () =>
      new AihubmixModelClient({ apiKey: async () => 'sk-0123456789', baseURL: gateway.url })
  )
  await inContext(async () => {
    await client.chatCompletion('gpt-5.4-mini', HELLO)
    const stream = await client.chatCompletion('gpt-5.4-mini', HELLO, { stream: true })
    for await (const chunk of stream) void chunk
    const file = { content: Buffer.alloc(1000), name: 'a.mp3' }
    await client.audio.transcriptions.create({ model: 'whisper-1', file })
  })
  await gateway.close()
  const freed = () => stores.filter((store) => store.deref() === undefined).length
  for (let tries = 0; tries < 100 && freed() < stores.length; tries += 1) {
    await sleep(20)
    global.gc()
  }
  console.log(JSON.stringify({ freed: freed(), of: stores.length }))
}

main()
