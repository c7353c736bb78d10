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
    let count = 0
    for await (const { choices } of stream) count += choices[0].delta.content === undefined ? 0 : 1
    parentPort.postMessage(count)
  }
  main()
`

const quantile = (times, part) => times.toSorted((a, b) => a - b)[Math.floor(times.length * part)]

// A stream that held up the others would do so every time; a machine that is busy with something else does not.
const TRIES = 6

test('a stream of 100,000 events with logprobs: another call takes at most ten times its usual time', async () => {
  const ratios = []
  while (ratios.length < TRIES && !ratios.some((ratio) => ratio < 10))
    ratios.push(await ratioOfTimes())
  expect(Math.min(...ratios)).toBeLessThan(10)
}, 240_000)

// How much longer a call takes while the stream is read.
async function ratioOfTimes() {
  const server = new Worker(SERVER, { eval: true })
  const port = await new Promise((resolve) => server.once('message', resolve))
  const other = await startHttpServer((_request, response) => response.end(completion()))
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: other.url })
  const call = async () => {
    const started = performance.now()
    await client.chatCompletion(MODEL, HELLO)
    return performance.now() - started
  }
  let reader
  try {
    const usual = []
    for (let n = 0; n < 40; n += 1) usual.push(await call())
    const workerData = { package: require.resolve('..'), key: KEY, url: `http://127.0.0.1:${port}` }
    reader = new Worker(READER, { eval: true, workerData })
    const said = []
    reader.on('message', (message) => said.push(message))
    const during = []
    while (said.length < 2) {
      if (said.length === 0) await new Promise((resolve) => reader.once('message', resolve))
      else during.push(await call())
    }
    expect(said[1]).toBe(EVENTS)
    expect(during.length).toBeGreaterThan(3)
    // Threads of other processes delay some of the calls; one that held up the I/O thread would delay all.
    return quantile(during, 0.25) / quantile(usual, 0.5)
  } finally {
    await Promise.all([server.terminate(), reader?.terminate(), other.close()])
  }
}

test('64 streams at once, and work for each chunk: a timer fires on time and an abort is heard', async () => {
  const outcomes = []
  while (outcomes.length < TRIES && !outcomes.some(({ late }) => late < 50))
    outcomes.push(await readManyAtOnce(64))
  expect(Math.min(...outcomes.map(({ late }) => late))).toBeLessThan(50)
  for (const { chunks, codes } of outcomes) {
    expect(chunks).toBeGreaterThan(1_000)
    expect(new Set(codes)).toEqual(new Set(['ABORTED']))
  }
}, 240_000)

// How late a timer of 10 ms is, but for one in ten: that is the machine's doing.
async function readManyAtOnce(count) {
  const server = new Worker(SERVER, { eval: true })
  const port = await new Promise((resolve) => server.once('message', resolve))
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: `http://127.0.0.1:${port}` })
  const controller = new AbortController()
  const gaps = []
  let chunks = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    gaps.push(now - last)
    last = now
    if (gaps.length === 100) controller.abort()
  }, 10)
  const read = async () => {
    const options = { signal: controller.signal }
    for await (const chunk of await client.chatCompletion(
      MODEL,
      HELLO,
      { stream: true },
      options
    )) {
      chunks += 1
      JSON.stringify(chunk)
    }
  }
  try {
    const settled = await Promise.allSettled(Array.from({ length: count }, read))
    return {
      late: quantile(gaps, 0.9) - 10,
      chunks,
      codes: settled.map(({ reason }) => reason?.code)
    }
  } finally {
    clearInterval(timer)
    await server.terminate()
  }
}
