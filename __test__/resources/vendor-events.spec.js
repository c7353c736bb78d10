'use strict'

// messages.stream() and responses.stream(): the vendors' answers as events.

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

test('events of one name in a loop; leaving it only looks away', async () => {
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
