'use strict'

// What the design is fast by, counted: how often work crosses the Node boundary, how much text crosses with it, and how
// much JSON V8 has to read and write. Counts do not depend on the machine; a slip of a fast path multiplies them.

const { runScript } = require('./support/child')
const { startHttpServer } = require('./support/servers')

const CHUNKS = 2_000
const WORD = 'word '
const PROSE = 'A sentence of a long answer, with "quotes" and é.\n'.repeat(20_000)
const TOKEN = { token: ' word', logprob: -0.123456, bytes: [32, 119, 111, 114, 100] }
const LOGPROBS = { content: new Array(5_000).fill({ ...TOKEN, top_logprobs: [TOKEN, TOKEN] }) }
const events = (list) =>
  list.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`)

const TOOL = { name: 'write', arguments: '' }
const call = (members) => ({ tool_calls: [{ index: 0, ...members }] })
const PIECES = { text: { content: WORD }, tool: call({ function: { arguments: WORD } }) }

// As long as vendors write them: an event is some 250 bytes, of which a chunk is five.
const WIRES = [
  {
    path: /chat\/completions/,
    whole: (content, logprobs = null) => ({
      choices: [
        { index: 0, message: { role: 'assistant', content }, logprobs, finish_reason: 'stop' }
      ]
    }),
    stream(says) {
      const head = {
        id: 'chatcmpl-BXq2yV8m0nq3mYk0m1h3Q7mXo1l2a',
        object: 'chat.completion.chunk',
        created: 1_750_000_000,
        model: 'gpt-5.4-mini',
        service_tier: 'default',
        system_fingerprint: 'fp_34a54ae93c'
      }
      const chunk = (delta, finish_reason = null) => ({
        ...head,
        choices: [{ index: 0, delta, logprobs: null, finish_reason }]
      })
      const chunks = [
        chunk({ role: 'assistant', content: '' }),
        ...(says === 'text' ? [] : [chunk(call({ id: 'a', type: 'function', function: TOOL }))]),
        ...new Array(CHUNKS).fill(chunk(PIECES[says])),
        chunk({}, says === 'text' ? 'stop' : 'tool_calls')
      ]
      return [...chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`), 'data: [DONE]\n\n']
    }
  },
  {
    path: /messages/,
    whole: (text) => ({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 }
    }),
    stream(says) {
      const usage = { input_tokens: 1, output_tokens: 1 }
      const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage }
      const [content_block, delta] =
        says === 'text'
          ? [
              { type: 'text', text: '' },
              { type: 'text_delta', text: WORD }
            ]
          : [
              { type: 'tool_use', id: 'toolu_1', name: 'write', input: {} },
              { type: 'input_json_delta', partial_json: WORD }
            ]
      return events([
        { type: 'message_start', message },
        { type: 'content_block_start', index: 0, content_block },
        ...new Array(CHUNKS).fill({ type: 'content_block_delta', index: 0, delta }),
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage },
        { type: 'message_stop' }
      ])
    }
  },
  {
    path: /enerateContent/,
    whole: (text) => ({
      candidates: [
        { content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }
      ]
    }),
    stream() {
      const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 1, totalTokenCount: 13 }
      const said = (text, more) => ({
        candidates: [{ content: { parts: [{ text }], role: 'model' }, ...more, index: 0 }],
        usageMetadata,
        modelVersion: 'gemini',
        responseId: 'abcDEFghiJKL'
      })
      const all = [...new Array(CHUNKS).fill(said(WORD)), said('', { finishReason: 'STOP' })]
      return all.map((data) => `data: ${JSON.stringify(data)}\n\n`)
    }
  }
]

let server
let report

beforeAll(async () => {
  server = await startHttpServer((request, response, body) => {
    const wire = WIRES.find(({ path }) => path.test(request.url))
    if (/"stream":true|streamGenerate/.test(request.url + body)) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const says = body.includes('"tools"') ? 'tool' : 'text'
      wire.bursts ??= {}
      wire.bursts[says] ??= wire.stream(says).join('')
      response.end(wire.bursts[says])
      return
    }
    response.setHeader('content-type', 'application/json')
    const text = body.includes('"long"') ? PROSE : 'a short answer'
    const logprobs = body.includes('"logprobs":true') ? LOGPROBS : undefined
    response.end(JSON.stringify(wire.whole(text, logprobs)))
  })
  const run = await runScript('crossings', {
    args: [server.url, String(CHUNKS)],
    timeoutMs: 240_000
  })
  expect(run).toMatchObject({ code: 0, report: expect.anything() })
  report = run.report
}, 300_000)

afterAll(() => server.close())

const FAMILIES = ['chat', 'claude', 'gemini']

// A ratio of one process: what else the machine does falls on both.
test('work takes a small part of the main-thread CPU that a fetch and JSON.parse take', async () => {
  const run = await runScript('beside-fetch', { args: [server.url], timeoutMs: 240_000 })
  expect(run).toMatchObject({ code: 0, report: expect.anything() })
  const { request, stream } = run.report
  if (request.client === null) return
  expect(request.client / request.fetch).toBeLessThan(0.5)
  expect(stream.client / stream.fetch).toBeLessThan(0.5)
}, 300_000)

test('a request crosses in a few calls, with little but itself', () => {
  const { calls, characters, parsed, written } = report.request
  expect(calls).toBeLessThanOrEqual(6)
  expect(characters).toBeLessThan(1_000)
  expect(parsed).toBeLessThan(800)
  expect(written).toBeLessThan(400)
})

test.each([
  ...FAMILIES.map((family) => `stream ${family}`),
  // Google sends arguments whole.
  'tool chat',
  'tool claude'
])('chunks of a %s cross many at a time, as little more than their text', (stream) => {
  const { calls, characters, parsed } = report[stream]
  expect(calls).toBeLessThan(CHUNKS / 10)
  expect(characters).toBeLessThan(CHUNKS * (WORD.length + 8))
  expect(parsed).toBeLessThan(CHUNKS * (WORD.length + 8))
})

test.each(FAMILIES)(
  'a megabyte of messages to %s crosses once, and V8 writes none of it',
  (family) => {
    const { calls, characters, written } = report[`history ${family}`]
    expect(calls).toBeLessThanOrEqual(6)
    expect(characters).toBeLessThan(1_100_000)
    expect(written).toBeLessThan(30_000)
  }
)

test.each(FAMILIES)('the next turn of that conversation with %s crosses without it', (family) => {
  const { calls, values, characters, written } = report[`turn ${family}`]
  expect(calls).toBeLessThanOrEqual(10)
  expect(values).toBeLessThan(40)
  expect(characters).toBeLessThan(2_000)
  expect(written).toBeLessThan(1_000)
})

test.each(FAMILIES)(
  'a megabyte of text from %s crosses once, and V8 parses none of it',
  (family) => {
    const { calls, characters, parsed } = report[`answer ${family}`]
    expect(calls).toBeLessThanOrEqual(6)
    expect(characters).toBeLessThan(PROSE.length + 2_000)
    expect(parsed).toBeLessThan(2_000)
  }
)

test('a megabyte of log probabilities crosses as columns, and V8 parses none of them', () => {
  const { calls, characters, parsed } = report.logprobs
  expect(calls).toBeLessThanOrEqual(6)
  expect(characters).toBeLessThan(3_000)
  expect(parsed).toBeLessThan(3_000)
})
