'use strict'

// Every function of the caller's that a call uses runs in the asynchronous context of that call, and no context
// outlives its call.

const { AsyncLocalStorage } = require('node:async_hooks')
const diagnostics = require('node:diagnostics_channel')
const { nodeOfAtLeast } = require('./support/newer-node')
const { runScript } = require('./support/child')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const storage = new AsyncLocalStorage()
const CHANNELS = ['start', 'retry', 'first-token', 'end', 'error']

// What was called, in which context: `note(what)` beside it.
function record() {
  const seen = new Set()
  return { seen, note: (what) => seen.add(`${what} in ${storage.getStore() ?? 'none'}`) }
}

// A client that was made in the context of somebody else, whose functions tell where they are called.
function talkativeClient(note) {
  const tell = () => note('logger')
  return storage.run('A', () =>
    context.client({
      apiKey: async () => {
        note('apiKey')
        return KEY
      },
      logger: { warn: tell, info: tell, debug: tell },
      logLevel: 'debug'
    })
  )
}

async function listening(note, work) {
  const listeners = CHANNELS.map((name) => [`aihubmix:call:${name}`, () => note(name)])
  for (const [name, listener] of listeners) diagnostics.subscribe(name, listener)
  try {
    await work()
  } finally {
    for (const [name, listener] of listeners) diagnostics.unsubscribe(name, listener)
  }
}

async function readStream(client, request) {
  const stream = await client.chatCompletion(MODEL, HELLO, { stream: true }, request)
  for await (const chunk of stream) void chunk
}

test('of chats: key function, logger, channels', async () => {
  const { seen, note } = record()
  const client = talkativeClient(note)
  const fault = { status: 503, headers: { 'retry-after-ms': '1' } }
  context.gateway.enqueue([
    { chat: 'first' },
    fault,
    { chat: 'one' },
    { chat: 'two' },
    { status: 400 }
  ])
  await storage.run('A', () => client.chatCompletion(MODEL, HELLO))
  await listening(note, () =>
    storage.run('B', async () => {
      seen.clear()
      await readStream(client)
      await client.chatCompletion(MODEL, HELLO)
      await failureOf(client.chatCompletion(MODEL, HELLO))
    })
  )
  const expected = ['apiKey', 'logger', ...CHANNELS].map((what) => `${what} in B`)
  expect([...seen].toSorted()).toEqual(expected.toSorted())
})

test('of calls that somebody else ends, and of streams that somebody else reads', async () => {
  const { seen, note } = record()
  const client = context.client()
  context.gateway.enqueue([{ delayMs: 60_000 }, { chat: 'read elsewhere' }, { delayMs: 60_000 }])
  await listening(note, async () => {
    const controller = new AbortController()
    const failing = storage.run('B', () =>
      failureOf(client.chatCompletion(MODEL, HELLO, {}, { signal: controller.signal }))
    )
    // Its script is its own: the request is there before it is given up.
    while (context.gateway.requests.length < 1) await new Promise(setImmediate)
    storage.run('C', () => controller.abort())
    await failing
    const stream = await storage.run('B', () =>
      client.chatCompletion(MODEL, HELLO, { stream: true })
    )
    await storage.run('C', () => stream.finalChatCompletion())
    const closing = storage.run('B', () => failureOf(client.chatCompletion(MODEL, HELLO)))
    storage.run('C', () => client.close())
    await closing
  })
  const expected = ['start', 'error', 'first-token', 'end'].map((what) => `${what} in B`)
  expect([...seen].toSorted()).toEqual(expected.toSorted())
})

test('of uploads: their sources, also when they are left, and the progress', async () => {
  const { seen, note } = record()
  const client = context.client()
  async function* pieces(count) {
    try {
      for (let at = 0; at < count; at += 1) {
        note('source')
        yield Buffer.alloc(100_000)
      }
    } finally {
      note('source closed')
    }
  }
  const send = (count, request) =>
    client.audio.transcriptions.create(
      { model: 'whisper-1', file: { content: pieces(count), name: 'a.mp3' } },
      { onUploadProgress: () => note('progress'), ...request }
    )
  await storage.run('A', () => send(1))
  seen.clear()
  await storage.run('B', () => send(5))
  const controller = new AbortController()
  const failing = storage.run('B', () => failureOf(send(1e9, { signal: controller.signal })))
  setTimeout(() => storage.run('C', () => controller.abort()), 50)
  expect(await failing).toMatchObject({ code: 'ABORTED' })
  expect([...seen].toSorted()).toEqual(['progress in B', 'source closed in B', 'source in B'])
})

const nodes = [['this Node.js', process.execPath]]
if (nodeOfAtLeast(24) !== process.execPath) nodes.push(['a newer Node.js', nodeOfAtLeast(24)])

test.each(nodes.filter(([, node]) => node !== undefined))(
  'is kept by nobody when its calls are over: %s',
  async (_name, node) => {
    const { report, stderr } = await runScript('freed-contexts', { node, flags: ['--expose-gc'] })
    expect({ report, stderr }).toEqual({ report: { freed: 3, of: 3 }, stderr: '' })
  }
)
