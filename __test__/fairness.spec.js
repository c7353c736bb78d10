'use strict'

// A loop over streams whose data is always ready leaves timers, sockets and signals their turn.

const { AihubmixModelClient } = require('..')
const { KEY, MODEL, HELLO, failureOf } = require('./support/gateway')
const { chunk } = require('./support/sse')
const { startHttpServer } = require('./support/servers')

const BLOCK = `data: ${JSON.stringify(chunk({ content: 'word ' }))}\n\n`.repeat(200)
// A busy machine stops everybody now and then; a stream that never yields would be silent for seconds.
const LONGEST_SILENCE_MS = 400

let server
let client

beforeAll(async () => {
  server = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // It shares this thread, and leaves others their turn too.
    const more = () => {
      if (response.writable && response.write(BLOCK)) setImmediate(more)
    }
    response.on('drain', more)
    more()
  })
  client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url })
})

afterAll(() => server.close())

function work(ms) {
  const end = performance.now() + ms
  while (performance.now() < end);
}

// Reads with `read(stream)` until a timer aborts; how the event loop fared meanwhile.
async function during(streams, read) {
  const controller = new AbortController()
  const { signal } = controller
  let ticks = 0
  let silence = 0
  const open = () => client.chatCompletion(MODEL, HELLO, { stream: true }, { signal })
  const opened = await Promise.all(Array.from({ length: streams }, open))
  let last = performance.now()
  const reading = opened.map((stream) => failureOf(read(stream)))
  const ticking = setInterval(() => {
    ticks += 1
    silence = Math.max(silence, performance.now() - last)
    last = performance.now()
    if (ticks === 20) controller.abort()
  }, 10)
  const errors = await Promise.all(reading)
  clearInterval(ticking)
  return { codes: new Set(errors.map(({ code }) => code)), silence }
}

async function each(stream, look = () => {}) {
  for await (const one of stream) look(one)
}

test.each([
  ['one stream, nothing done', 1, (stream) => each(stream)],
  ['one stream, some work on each chunk', 1, (stream) => each(stream, () => work(1))],
  ['64 streams, some work on each chunk', 64, (stream) => each(stream, () => work(0.5))],
  ['a stream that is drained', 1, (stream) => stream.finalChatCompletion()],
  [
    'a tee',
    1,
    async (stream) => {
      const [left, right] = stream.tee()
      await Promise.all([each(left, () => work(0.5)), each(right, () => work(0.5))])
    }
  ]
])(
  '%s: timers fire and the abort is heard',
  async (_name, streams, read) => {
    const { codes, silence } = await during(streams, read)
    expect([...codes]).toEqual(['ABORTED'])
    expect(silence).toBeLessThan(LONGEST_SILENCE_MS)
  },
  60_000
)

test('many answers that arrive at once are handed out in turns', async () => {
  const many = await startHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end('{"data":[]}')
  })
  const asking = new AihubmixModelClient({ apiKey: KEY, baseURL: many.url })
  const models = () => asking.request({ path: '/v1/models' })
  await models()
  let silence = 0
  let last = performance.now()
  const ticking = setInterval(() => {
    silence = Math.max(silence, performance.now() - last)
    last = performance.now()
  }, 5)
  const calls = Array.from({ length: 200 }, models)
  // They all are there when the thread is free again.
  work(300)
  last = performance.now()
  await Promise.all(calls.map((call) => call.then(() => work(5))))
  clearInterval(ticking)
  expect(silence).toBeLessThan(LONGEST_SILENCE_MS)
  await many.close()
}, 60_000)
