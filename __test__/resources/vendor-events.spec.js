'use strict'

// messages.stream() and responses.stream(): the vendors' answers as events.

const Anthropic = require('@anthropic-ai/sdk')
const OpenAI = require('openai')
const { HELLO, useGateway, failureOf } = require('../support/gateway')

const context = useGateway()
const BODY = { model: 'claude-sonnet-4-6', max_tokens: 99, messages: HELLO }
const messages = (more) => context.client().messages.stream({ ...BODY, ...more })
const responses = () => context.client().responses.stream({ model: 'gpt-5.5', input: 'hello' })

test('an answer of Claude: what comes, and what it adds up to', async () => {
  const chat = {
    reasoning_content: 'Hm.',
    content: 'I ask.',
    tool_calls: [{ id: 'toolu_1', name: 'f', arguments: '{"city":"Paris"}' }]
  }
  context.gateway.enqueue([{ chat }, { chat }])
  const thinking = { type: 'enabled', budget_tokens: 1024 }
  const heard = []
  let text = ''
  let input
  const stream = messages({ thinking, max_tokens: 2_000 })
  for (const name of ['connect', 'contentBlock', 'message', 'finalMessage', 'end'])
    stream.on(name, () => heard.push(name))
  stream.on('inputJson', (_partial, snapshot) => {
    input = snapshot
  })
  stream.on('text', (delta, snapshot) => {
    text += delta
    expect(snapshot).toBe(text)
  })
  const message = await stream.finalMessage()
  expect(heard).toEqual([
    'connect',
    ...message.content.map(() => 'contentBlock'),
    'message',
    'finalMessage',
    'end'
  ])
  expect(await stream.finalText()).toBe('I ask.')
  expect(input).toEqual({ city: 'Paris' })
  const whole = await context.client().messages.create({ ...BODY, thinking, max_tokens: 2_000 })
  expect(message.content.map(({ signature, ...block }) => block)).toEqual(
    whole.content.map(({ signature, ...block }) => block)
  )
  expect(message.stop_reason).toBe('tool_use')
})

test('a response, by the types of its events', async () => {
  let snapshot
  let events = 0
  const stream = responses()
    .on('event', () => {
      events += 1
    })
    .on('response.output_text.delta', (event) => {
      snapshot = event.snapshot
    })
  const response = await stream.finalResponse()
  expect(response.output_text).toBe('You said: hello')
  expect(snapshot).toBe(response.output_text)
  expect(events).toBeGreaterThan(5)
})

test('both can be looped over, fail and end', async () => {
  const types = []
  for await (const { type } of responses()) types.push(type)
  expect(types.at(-1)).toBe('response.completed')
  const left = messages()
  for await (const _event of left) break
  expect(await failureOf(left.done())).toMatchObject({ code: 'ABORTED' })
  context.gateway.enqueue([{ status: 401 }, { status: 401 }])
  expect(await failureOf(messages().finalMessage())).toMatchObject({ code: 'AUTH_ERROR' })
  expect(await failureOf(responses().finalResponse())).toMatchObject({ code: 'AUTH_ERROR' })
})

test('the head of an answer of Claude, its conversation, and its lines', async () => {
  const stream = messages()
  const { data, response, request_id } = await stream.withResponse()
  expect(data).toBe(stream)
  expect([response.status, request_id]).toEqual([200, expect.stringMatching(/^mock-/)])
  const message = await stream.finalMessage()
  expect([stream.response, stream.request_id]).toEqual([response, request_id])
  expect(stream.receivedMessages).toEqual([message])
  expect(stream.messages).toEqual([...HELLO, { role: 'assistant', content: message.content }])
  const lines = (await new Response(messages().toReadableStream()).text()).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).type).at(-1)).toBe('message_stop')
  const events = await responses().toResponse().text()
  expect(events).toMatch(/^event: response\.created\ndata: \{/)
  context.gateway.enqueue({ status: 401 })
  expect(await failureOf(messages().withResponse())).toMatchObject({ code: 'AUTH_ERROR' })
  expect(await failureOf(context.client().messages.stream().done())).toMatchObject({
    param: 'body'
  })
})

test('events of one name in a loop, which only looks on', async () => {
  context.gateway.enqueue({ chat: 'word '.repeat(300) })
  const unread = messages()
  const iterator = unread.events('text')
  await iterator.next()
  expect(await unread.finalText()).toHaveLength(1_500)
  expect((await iterator.next()).value[0].length).toBeGreaterThan(0)
  const stream = messages()
  const pieces = []
  for await (const [delta, snapshot] of stream.events('text')) pieces.push([delta, snapshot])
  expect(pieces.at(-1)[1]).toBe(pieces.map(([delta]) => delta).join(''))
  const other = messages()
  for await (const [event] of other.events('streamEvent')) if (event.type) break
  expect((await other.finalMessage()).stop_reason).toBe('end_turn')
  context.gateway.enqueue([{ status: 401 }, { status: 401 }])
  const failing = messages().events('text')
  expect(await failureOf(failing.next())).toMatchObject({ code: 'AUTH_ERROR' })
  const errors = []
  for await (const [error] of messages().events('error')) errors.push(error.code)
  expect(errors).toEqual(['AUTH_ERROR'])
})

describe("the events of a response are openai's", () => {
  const strict = { type: 'object', properties: {}, required: [], additionalProperties: false }
  const tools = [{ type: 'function', name: 'f', parameters: strict, strict: true }]
  const format = { type: 'json_schema', name: 'x', schema: strict, strict: true }
  const ANSWERS = {
    text: { content: '{ "a": 1 }' },
    reasoning: { reasoning_content: 'Hm, hm.', content: '{ "a": 1 }' },
    calls: {
      content: '{ "a": 1 }',
      tool_calls: [
        { id: 'call_1', name: 'f', arguments: '{ "b": 2 }' },
        { id: 'call_2', name: 'g', arguments: '{}' }
      ]
    },
    refusal: { content: null, refusal: 'I will not.' },
    cut: { content: '{ "a"', finish_reason: 'length' }
  }
  const heardOf = async (stream) => {
    const heard = []
    for (const type of TYPES) stream.on(type, (event) => heard.push(structuredClone([type, event])))
    return { final: JSON.parse(JSON.stringify(await stream.finalResponse())), heard }
  }
  const TYPES = [
    'event',
    'response.created',
    'response.in_progress',
    'response.completed',
    'response.incomplete',
    'response.output_item.added',
    'response.output_item.done',
    'response.content_part.added',
    'response.content_part.done',
    'response.output_text.delta',
    'response.output_text.done',
    'response.refusal.delta',
    'response.refusal.done',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.reasoning_summary_text.delta',
    'response.reasoning_summary_text.done'
  ]

  test.each(Object.entries(ANSWERS))('%s', async (_name, chat) => {
    context.gateway.enqueue([{ chat }, { chat }])
    const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
    const reasoning = { effort: 'low', summary: 'auto' }
    const body = { model: 'gpt-5.5', input: 'hello', tools, text: { format }, reasoning }
    const theirs = await heardOf(openai.responses.stream(body))
    const ours = await heardOf(context.client().responses.stream(body))
    const plain = (value) => JSON.parse(JSON.stringify(value).replaceAll(/mock_?\d+/g, 'mock'))
    expect(plain(ours)).toEqual(plain(theirs))
    expect(ours.heard.length).toBeGreaterThan(8)
  })

  test('of one that is kept, and taken up again', async () => {
    const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
    const { id } = await context.client().responses.create({ model: 'gpt-5.5', input: 'hello' })
    for (const more of [{}, { starting_after: 5 }]) {
      const body = { response_id: id, ...more }
      const theirs = await heardOf(openai.responses.stream(body))
      expect(await heardOf(context.client().responses.stream(body))).toEqual(theirs)
      expect(theirs.heard.length).toBeGreaterThan(4)
    }
  })
})

test("the events of an answer of Claude are those of Anthropic's package", async () => {
  const chat = {
    reasoning_content: 'Hm, hm.',
    content: 'I ask.',
    tool_calls: [{ id: 'toolu_1', name: 'f', arguments: '{ "city": "Paris" }' }]
  }
  context.gateway.enqueue([{ chat }, { chat }])
  const thinking = { type: 'enabled', budget_tokens: 1024 }
  const TYPES = [
    'streamEvent',
    'text',
    'thinking',
    'signature',
    'inputJson',
    'contentBlock',
    'message',
    'finalMessage'
  ]
  // Theirs has no pings, and shows a tool's input later; `parsed_output` is of its own `parse`.
  const GROWING = ['streamEvent', 'inputJson']
  const heardOf = async (stream) => {
    const heard = []
    for (const type of TYPES) {
      stream.on(type, (...args) => {
        if (args[0].type === 'ping') return
        heard.push(structuredClone([type, GROWING.includes(type) ? args[0] : args]))
      })
    }
    const final = await stream.finalMessage()
    // Theirs keeps the whole answer in the conversation, which does not take all of it back.
    const said = stream.messages.map(({ role, content }) => ({ role, content }))
    const all = { heard, final, said, received: stream.receivedMessages }
    const shown = JSON.stringify(all, (name, value) =>
      name === 'parsed_output' ? undefined : value
    )
    return JSON.parse(shown.replaceAll(/mock_?\d+/g, 'mock'))
  }
  const anthropic = new Anthropic({ apiKey: 'sk-test', baseURL: context.gateway.url })
  const theirs = await heardOf(anthropic.messages.stream({ ...BODY, thinking, max_tokens: 2_000 }))
  expect(await heardOf(messages({ thinking, max_tokens: 2_000 }))).toEqual(theirs)
  for (const type of TYPES) expect(theirs.heard.map(([name]) => name)).toContain(type)
})
