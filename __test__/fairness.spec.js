'use strict'

// One thread carries all calls of the process: a long stream does not hold up the others.

const { Worker } = require('node:worker_threads')
const { performance } = require('node:perf_hooks')
const { AihubmixModelClient } = require('..')
const { KEY, MODEL, HELLO } = require('./support/gateway')
const { startHttpServer, completion } = require('./support/servers')

const EVENTS = 100_000

// A worker serves the long stream and another reads it, so that only the I/O thread is shared.
const SERVER = `
  const { parentPort } = require('node:worker_threads')
  const event = (choice) => \`data: \${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] })}\\n\\n\`
  const logprobs = { content: [{ token: ' word', logprob: -0.1, bytes: [32, 119, 111, 114, 100], top_logprobs: [] }] }
  const block = event({ index: 0, delta: { content: ' word' }, logprobs, finish_reason: null }).repeat(100)
  const server = require('node:http').createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let left = ${EVENTS / 100}
    const write = () => {
      while (left-- > 0) if (!response.write(block)) return response.once('drain', write)
      response.end(event({ index: 0, delta: {}, finish_reason: 'stop' }))
    }
    write()
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`
const READER = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { AihubmixModelClient } = require(workerData.package)
  const client = new AihubmixModelClient({ apiKey: workerData.key, baseURL: workerData.url })
  async function main() {
    const stream = await client.chatCompletion('gpt-5.4', [{ role: 'user', content: 'x' }], { stream: true })
    parentPort.postMessage('begun')
    for await (const { choices } of stream)
      if (choices[0].delta.content !== undefined) Atomics.add(workerData.read, 0, 1)
  }
  main()
`

// In this test's own event loop, so that only the I/O thread is shared.
test('a stream of 100,000 events with logprobs: other calls are answered all the while', async () => {
  const server = new Worker(SERVER, { eval: true })
  const port = await new Promise((resolve) => server.once('message', resolve))
  const other = await startHttpServer((_request, response) => response.end(completion()))
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: other.url })
  const read = new Int32Array(new SharedArrayBuffer(4))
  const url = `http://127.0.0.1:${port}`
  const workerData = { package: require.resolve('..'), key: KEY, url, read }
  const reader = new Worker(READER, { eval: true, workerData })
  try {
    await new Promise((resolve) => reader.once('message', resolve))
    // How many events came by while one call was made.
    const passed = []
    for (let before = 0; before < EVENTS; ) {
      await client.chatCompletion(MODEL, HELLO)
      const now = Atomics.load(read, 0)
      passed.push(now - before)
      before = now
    }
    expect(Math.max(...passed)).toBeLessThan(EVENTS / 4)
    expect(passed.length).toBeGreaterThan(20)
  } finally {
    await Promise.all([server.terminate(), reader.terminate(), other.close()])
  }
}, 240_000)

// Each chunk is worth so many milliseconds of work, and timers must have their turn within 50: more chunks than that
// are never handed out between two of them, however slow the machine is.
const WORK_MS = 1
const MOST_BETWEEN_TIMERS = 50 / WORK_MS

test.each([1, 64])(
  '%i streams at once, and work for each chunk: timers fire in between, and an abort is heard',
  async (count) => {
    const server = new Worker(SERVER, { eval: true })
    const port = await new Promise((resolve) => server.once('message', resolve))
    const client = new AihubmixModelClient({ apiKey: KEY, baseURL: `http://127.0.0.1:${port}` })
    const controller = new AbortController()
    const between = []
    let chunks = 0
    let timer
    const turn = () => {
      // From the first chunk on.
      if (chunks > 0 || between.length > 0) between.push(chunks)
      chunks = 0
      if (between.length === 100) controller.abort()
      else timer = setTimeout(turn, 1)
    }
    const read = async () => {
      const { signal } = controller
      const stream = await client.chatCompletion(MODEL, HELLO, { stream: true }, { signal })
      for await (const { object } of stream) {
        expect(object).toBe('chat.completion.chunk')
        chunks += 1
        for (const end = performance.now() + WORK_MS; performance.now() < end; );
      }
    }
    try {
      turn()
      const settled = await Promise.allSettled(Array.from({ length: count }, read))
      expect(new Set(settled.map(({ reason }) => reason?.code))).toEqual(new Set(['ABORTED']))
      expect(Math.max(...between)).toBeGreaterThan(0)
      expect(Math.max(...between)).toBeLessThanOrEqual(MOST_BETWEEN_TIMERS)
      // What was ready when the abort came is not handed out any more.
      expect(chunks).toBeLessThanOrEqual(MOST_BETWEEN_TIMERS)
    } finally {
      clearTimeout(timer)
      await server.terminate()
    }
  },
  240_000
)
