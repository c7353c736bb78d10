'use strict'

// Gemini cuts a long answer with `CONTINUATION`: the client asks on, and the caller sees one answer.

const { AihubmixModelClient } = require('..')
const { startMockGateway } = require('../testing')

let gateway
let client

beforeAll(async () => {
  gateway = await startMockGateway()
  client = new AihubmixModelClient({
    apiKey: 'sk-continuation-0123456789',
    baseURL: gateway.url,
    proxy: false
  })
})

afterAll(async () => {
  client.close()
  await gateway.close()
})

beforeEach(() => gateway.reset())

const MODEL = 'gemini-4-argon'
const MESSAGES = [{ role: 'user', content: 'Count.' }]

function piece(text, token) {
  return {
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: [{ text }] },
        finishReason: token === undefined ? 'STOP' : 'CONTINUATION',
        ...(token === undefined ? {} : { continuationToken: token })
      }
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    modelVersion: MODEL,
    responseId: 'r1'
  }
}

const whole = (...pieces) => pieces.map((json) => ({ json }))
const streamed = (...pieces) => pieces.map((data) => ({ sse: [data] }))

const tokens = () => gateway.requests.map(({ body }) => body.continuationToken)

async function ask(stream, options) {
  const answer = await client.chatCompletion(MODEL, MESSAGES, { stream, ...options })
  if (!stream) return answer
  const chunks = []
  for await (const chunk of answer) chunks.push(chunk)
  const finishes = chunks.filter(({ choices }) => choices[0]?.finish_reason)
  expect(finishes).toHaveLength(1)
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  const completion = await answer.finalChatCompletion()
  expect(finishes[0].aihubmix).toEqual(completion.aihubmix)
  return completion
}

describe.each([
  ['whole', false, whole],
  ['streamed', true, streamed]
])('%s', (_, stream, answers) => {
  test('an answer in pieces is one answer', async () => {
    gateway.enqueue(answers(piece('one, ', 't1'), piece('two, ', 't2'), piece('three')))
    const { choices, usage, aihubmix } = await ask(stream)
    expect(choices[0].message.content).toBe('one, two, three')
    expect(choices[0].finish_reason).toBe('stop')
    expect(usage).toMatchObject({ prompt_tokens: 30, completion_tokens: 15, total_tokens: 45 })
    expect(aihubmix).toMatchObject({ continuations: 2, attempts: 3 })
    expect(tokens()).toEqual([undefined, 't1', 't2'])
    expect(gateway.requests[1].body.contents).toEqual(gateway.requests[0].body.contents)
  })

  test('the rest is asked for eight times at the most', async () => {
    const pieces = Array.from({ length: 9 }, (_, at) => piece('x', `t${at}`))
    gateway.enqueue(answers(...pieces))
    const { choices, aihubmix } = await ask(stream)
    expect(choices[0].message.content).toBe('x'.repeat(9))
    expect(choices[0]).toMatchObject({
      finish_reason: 'length',
      native_finish_reason: 'CONTINUATION'
    })
    expect(aihubmix.continuations).toBe(8)
    expect(aihubmix.warnings.map(({ code }) => code)).toEqual(['truncated'])
    expect(gateway.requests).toHaveLength(9)
  })

  test('a piece that fails is asked for again, and no other', async () => {
    gateway.enqueue([
      ...answers(piece('one, ', 't1')),
      { status: 503, json: { error: { message: 'busy' } } },
      ...answers(piece('two'))
    ])
    const { choices, aihubmix } = await ask(stream)
    expect(choices[0].message.content).toBe('one, two')
    expect(aihubmix).toMatchObject({ continuations: 1, attempts: 3 })
    expect(tokens()).toEqual([undefined, 't1', 't1'])
  })

  test('without a token there is no rest to ask for', async () => {
    gateway.enqueue(answers({ ...piece('one', ''), usageMetadata: undefined }))
    const { choices } = await ask(stream)
    expect(choices[0].finish_reason).toBe('length')
    expect(gateway.requests).toHaveLength(1)
  })
})

test('a stream whose rest cannot be had is an error with what there is', async () => {
  gateway.enqueue([
    ...streamed(piece('one, ', 't1')),
    { status: 400, json: { error: { message: 'the token is gone' } } }
  ])
  const stream = await client.chatCompletion(MODEL, MESSAGES, { stream: true })
  const failure = await (async () => {
    for await (const _ of stream);
  })().catch((error) => error)
  expect(failure).toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringContaining('gone')
  })
  expect(failure.partial.choices[0].message.content).toBe('one, ')
})
