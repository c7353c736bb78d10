'use strict'

// chat.completions.stream(), and streams handed on.

const http = require('node:http')
const { setTimeout: sleep } = require('node:timers/promises')
const OpenAI = require('openai')
const { z } = require('zod')
const { ChatCompletionEventStream } = require('..')
const { PartialJson } = require('../lib/partial-json')
const { MODEL, HELLO, useGateway, failureOf, eventually } = require('./support/gateway')
const { startHttpServer } = require('./support/servers')

const context = useGateway()
const stream = (more, request) =>
  context.client().chat.completions.stream({ model: MODEL, messages: HELLO, ...more }, request)
const streamed = (more, request) =>
  context
    .client()
    .chat.completions.create({ model: MODEL, messages: HELLO, stream: true, ...more }, request)
const MODELS = ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro']
const CALLS = {
  content: 'I ask.',
  tool_calls: [
    { name: 'f', arguments: '{"city":"Paris"}' },
    { name: 'g', arguments: '{}' }
  ]
}

test.each(MODELS)('the events of an answer with %s', async (model) => {
  const heard = []
  const run = stream({ model })
  for (const name of ['connect', 'content.done', 'message', 'finalContent', 'totalUsage', 'end'])
    run.on(name, () => heard.push(name))
  let text = ''
  run.on('content', (delta, snapshot) => {
    text += delta
    expect(snapshot).toBe(text)
  })
  const answer = await run.finalChatCompletion()
  expect(text).toBe('You said: hello')
  expect(heard).toEqual(['connect', 'content.done', 'message', 'finalContent', 'totalUsage', 'end'])
  expect(await run.finalContent()).toBe(text)
  expect((await run.totalUsage()).total_tokens).toBe(answer.usage.total_tokens)
  expect(run.messages).toEqual([...HELLO, answer.choices[0].message])
  expect([run.ended, run.errored, run.aborted]).toEqual([true, false, false])
})

test.each(MODELS)('a snapshot is the answer that it becomes, with %s', async (model) => {
  context.gateway.enqueue({ chat: { ...CALLS, reasoning_content: 'Hm.' } })
  let last
  const run = stream({ model, reasoning_effort: 'low' }).on('chunk', (_chunk, snapshot) => {
    last = snapshot
  })
  expect(await run.finalChatCompletion()).toEqual(last)
})

test.each(MODELS)('arguments as they come and as they are, with %s', async (model) => {
  context.gateway.enqueue({ chat: CALLS })
  const done = []
  const deltas = []
  const run = stream({ model })
    .on('tool_calls.function.arguments.delta', (event) => deltas.push(event.arguments_delta))
    .on('tool_calls.function.arguments.done', (event) => done.push(event))
  expect(await run.finalFunctionToolCall()).toMatchObject({ name: 'g' })
  expect(done).toEqual([
    {
      name: 'f',
      index: 0,
      arguments: '{"city":"Paris"}',
      parsed_arguments: { city: 'Paris' }
    },
    { name: 'g', index: 1, arguments: '{}', parsed_arguments: {} }
  ])
  expect(deltas.join('')).toBe('{"city":"Paris"}{}')
})

test("the names and the order are openai's", async () => {
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
  const events = [
    'connect',
    'content',
    'content.delta',
    'content.done',
    'message',
    'chatCompletion'
  ]
  const finals = ['finalChatCompletion', 'finalMessage', 'finalContent', 'totalUsage', 'end']
  const heardOf = async (run) => {
    const heard = []
    for (const name of [...events, ...finals]) run.on(name, () => heard.push(name))
    await run.done()
    return heard.filter((name, at) => name !== heard[at - 1] && heard.indexOf(name) === at)
  }
  const body = { model: MODEL, messages: HELLO, stream_options: { include_usage: true } }
  const theirs = await heardOf(openai.chat.completions.stream(body))
  expect(await heardOf(context.client().chat.completions.stream(body))).toEqual(theirs)
})

// Refusals, probabilities of text and of refusals, a call, in one answer of two choices.
const logprob = (token) => ({ token, logprob: -0.5, bytes: null, top_logprobs: [] })
const piece = (index, delta, logprobs = null, finish_reason = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: MODEL,
  choices: [{ index, delta, logprobs, finish_reason }]
})
const logprobsOf = (content, refusal) => ({
  content: content?.map(logprob) ?? null,
  refusal: refusal?.map(logprob) ?? null
})
const PROBABLE = [
  piece(0, { role: 'assistant', content: '' }),
  piece(0, { content: 'I ' }, logprobsOf(['I', ' '])),
  piece(0, { content: 'ask.' }, logprobsOf(['ask', '.'])),
  piece(0, {
    tool_calls: [
      { index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }
    ]
  }),
  piece(0, { tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
  piece(0, {}, null, 'tool_calls')
]
const REFUSED = [
  piece(0, { role: 'assistant', content: null, refusal: '' }),
  piece(0, { refusal: 'I ' }, logprobsOf(undefined, ['I', ' '])),
  piece(0, { refusal: "won't." }, logprobsOf(undefined, ['won', "'t."])),
  piece(0, {}, null, 'stop')
]
const EVENTS = [
  'refusal.delta',
  'refusal.done',
  'logprobs.content.delta',
  'logprobs.content.done',
  'logprobs.refusal.delta',
  'logprobs.refusal.done',
  'content.delta',
  'content.done',
  'tool_calls.function.arguments.delta',
  'tool_calls.function.arguments.done',
  'functionToolCall',
  'finalFunctionToolCall',
  'finalContent'
]

test.each([
  [
    'a refusal',
    REFUSED,
    ['refusal.delta', 'refusal.done', 'logprobs.refusal.delta', 'logprobs.refusal.done']
  ],
  [
    'text and a call',
    PROBABLE,
    ['logprobs.content.delta', 'logprobs.content.done', 'tool_calls.function.arguments.done']
  ]
])('%s with probabilities: the events are those of openai', async (_name, sse, expected) => {
  // `undefined` is null here, and a piece without text no event.
  const heardOf = async (run) => {
    const heard = []
    for (const name of EVENTS) {
      run.on(name, (event) => {
        if (event.arguments_delta === '') return
        const shown = typeof event === 'string' ? { event } : event
        const { parsed = null, parsed_arguments: value = null, ...rest } = shown
        heard.push(structuredClone([name, rest, parsed, value]))
      })
    }
    await run.done()
    return heard
  }
  const script = { sse: [...sse, '[DONE]'] }
  context.gateway.enqueue([script, script])
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
  const tools = [{ type: 'function', function: { name: 'f', strict: true, parameters: {} } }]
  const body = { model: MODEL, messages: HELLO, logprobs: true, tools }
  const theirs = await heardOf(openai.chat.completions.stream(body))
  const ours = await heardOf(context.client().chat.completions.stream(body))
  expect(ours).toEqual(theirs)
  const names = ours.map(([name]) => name)
  for (const name of expected) expect(names).toContain(name)
})

test('a format is parsed while it comes and at the end', async () => {
  const City = z.object({ name: z.string(), size: z.number().transform((size) => size * 2) })
  context.gateway.enqueue({ chat: '{"name":"Rome","size":21}', chunkBytes: 7 })
  const partial = []
  const run = stream({ response_format: City }).on('content.delta', ({ parsed }) =>
    partial.push({ ...parsed })
  )
  const answer = await run.finalChatCompletion()
  expect(answer.choices[0].message.parsed).toEqual({ name: 'Rome', size: 42 })
  expect(partial.at(-1)).toEqual({ name: 'Rome', size: 21 })
})

test('failures are events, and promises reject', async () => {
  context.gateway.enqueue([{ status: 401 }, { status: 400 }])
  const run = stream()
  const heard = []
  run.on('error', (error) => heard.push(error.code)).on('end', () => heard.push('end'))
  expect(await failureOf(run.done())).toMatchObject({ code: 'AUTH_ERROR' })
  expect(heard).toEqual(['AUTH_ERROR', 'end'])
  expect(run.errored).toBe(true)
  expect(await failureOf(stream().emitted('content'))).toMatchObject({ code: 'INVALID_REQUEST' })
})

test.each([
  ['abort()', (run) => run.abort()],
  ['the controller', (run) => run.controller.abort()]
])('%s ends it', async (_name, end) => {
  context.gateway.enqueue({ chat: 'a long answer that stalls', chunkBytes: 8, stallAfter: 1_200 })
  const run = stream()
  run.on('content', () => end(run))
  const aborted = run.emitted('abort')
  expect(await failureOf(run.done())).toMatchObject({ code: 'ABORTED' })
  expect(await aborted).toMatchObject({ code: 'ABORTED' })
  expect([run.aborted, run.errored]).toEqual([true, false])
})

test('what a listener throws ends the stream', async () => {
  const run = stream().on('content', () => {
    throw new Error('mine')
  })
  expect(await failureOf(run.done())).toMatchObject({ message: 'mine' })
})

test('chunks are looped over, and leaving the loop ends it', async () => {
  const texts = []
  for await (const chunk of stream()) texts.push(chunk.choices[0]?.delta.content ?? '')
  expect(texts.join('')).toBe('You said: hello')
  const run = stream()
  for await (const _chunk of run) break
  expect(await failureOf(run.done())).toMatchObject({ code: 'ABORTED' })
})

test('lines are read back, and a stream that ends early is told', async () => {
  const answer = await ChatCompletionEventStream.fromReadableStream(
    stream().toReadableStream()
  ).finalChatCompletion()
  expect(answer.choices[0]).toMatchObject({
    message: { content: 'You said: hello' },
    finish_reason: 'stop'
  })
  const chunk = { id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm' }
  const choice = { index: 0, delta: { content: 'half' }, finish_reason: null }
  const half = new Blob([JSON.stringify({ ...chunk, choices: [choice] })]).stream()
  const error = await failureOf(ChatCompletionEventStream.fromReadableStream(half).done())
  expect(error).toMatchObject({ code: 'STREAM_INTERRUPTED' })
  expect(error.partial.choices[0].message.content).toBe('half')
})

test('the text alone, and objects that grow', async () => {
  const texts = []
  for await (const text of (await streamed()).textStream()) texts.push(text)
  expect(texts.join('')).toBe('You said: hello')
  context.gateway.enqueue({ chat: '```json\n{"list":["a","b"],"done":true}\n```', chunkBytes: 5 })
  let last
  for await (const value of (await streamed()).partialObjectStream()) last = value
  expect(last).toEqual({ list: ['a', 'b'], done: true })
})

test('a response is what the openai package reads', async () => {
  const fetch = async () => (await streamed()).toResponse({ headers: { 'x-mine': '1' } })
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: 'http://127.0.0.1/v1', fetch })
  const answer = await openai.chat.completions
    .stream({ model: 'm', messages: HELLO })
    .finalContent()
  expect(answer).toBe('You said: hello')
  const response = await fetch()
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(response.headers.get('x-mine')).toBe('1')
  expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true)
})

test('a failure half-way is the last event of a response', async () => {
  const sse = [{ choices: [{ index: 0, delta: { role: 'assistant', content: 'half' } }] }]
  context.gateway.enqueue({ sse })
  const events = (await (await streamed()).toResponse().text()).trim().split('\n\n')
  const { error } = JSON.parse(events.at(-1).replace('data: ', ''))
  expect(error).toMatchObject({ code: 'STREAM_INTERRUPTED' })
})

test('cancelling a response closes the connection', async () => {
  context.gateway.enqueue({ chat: 'words and words', chunkBytes: 8, stallAfter: 1_200 })
  const reader = (await streamed()).toResponse().body.getReader()
  await reader.read()
  await reader.cancel()
  await eventually(() => context.gateway.closedEarly === 1)
})

describe('pipe', () => {
  let server
  afterEach(() => new Promise((resolve) => server.close(resolve)))
  // Until a figure has been the same for a while.
  const standsStill = async (figure) => {
    for (let before = -1, same = 0; same < 5; before = figure()) {
      await sleep(60)
      same = figure() === before ? same + 1 : 0
    }
  }
  const serve = async (handler) => {
    server = http.createServer(handler)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${server.address().port}/`
  }

  test('writes the events', async () => {
    const url = await serve(async (_request, response) => {
      response.setHeader('x-mine', '1')
      await stream().pipe(response)
    })
    const response = await fetch(url)
    expect(response.headers.get('x-mine')).toBe('1')
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('a reader that does not keep up holds the source back, and gets all of it', async () => {
    const event = `data: ${JSON.stringify(piece(0, { content: 'x'.repeat(10_000) }))}\n\n`
    const count = 3_000
    let written = 0
    const source = await startHttpServer((_request, response) => {
      response.setHeader('content-type', 'text/event-stream')
      const pour = () => {
        while (written < count) {
          written += 1
          if (!response.write(event)) return response.once('drain', pour)
        }
        response.end(`data: ${JSON.stringify(piece(0, {}, null, 'stop'))}\n\ndata: [DONE]\n\n`)
      }
      pour()
    })
    try {
      const client = context.client({ baseURL: source.url })
      for (const make of [
        () => client.chatCompletion(MODEL, HELLO, { stream: true }),
        async () => client.chat.completions.stream({ model: MODEL, messages: HELLO })
      ]) {
        written = 0
        const url = await serve(async (_request, response) => (await make()).pipe(response))
        const { body } = await fetch(url)
        const reader = body.getReader()
        let bytes = (await reader.read()).value.length
        await standsStill(() => written)
        // What the buffers of four sockets take, and a little of our own.
        expect(written).toBeLessThan(count * 0.75)
        for (let step = await reader.read(); !step.done; step = await reader.read())
          bytes += step.value.length
        expect(written).toBe(count)
        expect(bytes).toBeGreaterThan(count * 10_000)
        await new Promise((resolve) => server.close(resolve))
      }
    } finally {
      await source.close()
    }
  }, 60_000)

  test('a client that goes away ends the stream', async () => {
    context.gateway.enqueue({ chat: 'words and words', chunkBytes: 8, stallAfter: 1_200 })
    let piped
    const url = await serve(async (_request, response) => {
      piped = (await streamed()).pipe(response)
    })
    const gone = new AbortController()
    const response = await fetch(url, { signal: gone.signal })
    await response.body.getReader().read()
    gone.abort()
    await eventually(() => context.gateway.closedEarly === 1)
    await piped
  })
})

test.each([1, 2, 3, 7, 100])('partial JSON in pieces of %i', (size) => {
  const text =
    '{"a":"x\\"\\u00e9\\n","b":[1,-2.5e3,{"c":null,"__proto__":{"z":1}}],"d":true,"e":{},"f":[]}'
  const json = new PartialJson()
  for (let at = 0; at < text.length; at += size) json.push(text.slice(at, at + size))
  expect(JSON.stringify(json.value)).toBe(JSON.stringify(JSON.parse(text)))
})

test('partial JSON grows with its text, whatever comes before', () => {
  const json = new PartialJson()
  const began = performance.now()
  json.push('{"a":"')
  for (let at = 0; at < 300_000; at += 1) json.push('ab')
  expect(json.value.a).toHaveLength(600_000)
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('parse asks again with the reason, and reads fenced JSON', async () => {
  context.gateway.enqueue([{ chat: '{"n":"x"}' }, { chat: 'Here:\n```json\n{"n":1}\n```' }])
  const body = { model: MODEL, messages: HELLO, response_format: z.object({ n: z.number() }) }
  const answer = await context.client().chat.completions.parse(body, { retries: 1 })
  expect(answer.choices[0].message.parsed).toEqual({ n: 1 })
  const { messages } = context.gateway.requests[1].body
  expect(messages).toHaveLength(3)
  expect(messages[2].content).toMatch(/n: /)
  context.gateway.enqueue({ chat: { content: '{', finish_reason: 'length' } })
  const failing = context.client().chat.completions.parse(body, { retries: 3 })
  expect(await failureOf(failing)).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(context.gateway.requests).toHaveLength(3)
})
