'use strict'

// Loads the package again and again, as `jest.resetModules` does, and uses each copy. Run with
// --expose-gc. What cannot be collected afterwards is a leak: a copy's mailbox holds its realm.
// Argument: how many copies.

const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEndlessWords } = require('../endless-words')
const { startMockGateway } = require('../../../testing')

const root = path.join(__dirname, '../../..')

function freshCopy() {
  for (const file of Object.keys(require.cache)) {
    const own = path.relative(root, file)
    if (own === 'index.js' || own === 'native.js' || own.startsWith('lib'))
      delete require.cache[file]
  }
  // Node's own book of who required whom.
  module.children.length = 0
  return require('../../..')
}

async function use(gateway, words, collected) {
  const { AihubmixModelClient } = freshCopy()
  collected.push(new WeakRef(AihubmixModelClient))
  const options = { apiKey: 'sk-test-key', baseURL: gateway.url }
  const client = new AihubmixModelClient(options)
  await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }])
  const talker = new AihubmixModelClient({ ...options, baseURL: words.url })
  const stream = await talker.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }], {
    stream: true
  })
  const iterator = stream[Symbol.asyncIterator]()
  await iterator.next()
}

async function main() {
  const copies = Number(process.argv[2])
  const [gateway, words] = [await startMockGateway(), await startEndlessWords()]
  const refs = []
  for (let n = 0; n < copies; n += 1) await use(gateway, words, refs)
  freshCopy()
  const left = () => refs.filter((ref) => ref.deref() !== undefined).length
  // What `deref` has given is held to the end of the turn, so the collector comes in the next one.
  for (let n = 0; n < 100 && (left() > 1 || words.sockets.size > 0); n += 1) {
    await sleep(10)
    global.gc()
    await sleep(0)
  }
  console.log(JSON.stringify({ copies, left: left(), openStreams: words.sockets.size }))
}

main()
