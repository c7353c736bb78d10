'use strict'

// `client.fetch` in OpenRouter's words: what a client that was made for it reads, keeps and sends back.

const { eventually, useGateway } = require('./support/gateway')

const context = useGateway({ strict: true })
const REASONING = 'I need the weather.'
const CALL = {
  reasoning_content: REASONING,
  tool_calls: [{ name: 'get_weather', arguments: { city: 'Paris' }, id: 'call_1' }]
}
const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } } }
    }
  }
]
const KINDS = ['reasoning.text', 'reasoning.summary', 'reasoning.encrypted']
const FORMATS = ['anthropic-claude-v1', 'google-gemini-v1', 'openai-responses-v1', 'unknown']
const MODELS = [
  ['claude-sonnet-4-6', 'signature'],
  ['gemini-3.5-flash', 'thoughtSignature'],
  ['gpt-5.5-pro', 'encrypted_content'],
  ['deepseek-v4-pro', 'reasoning_content']
]
const ASKED = [{ role: 'user', content: 'please use get_weather' }]

async function ask(model, messages, more) {
  const body = { model, messages, tools: TOOLS, reasoning: { effort: 'high' }, ...more }
  const response = await context.client().fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify(body)
  })
  expect([response.status, context.gateway.refusals]).toEqual([200, []])
  return response
}

// As clients do it: each piece of `reasoning_details` is pushed as it comes.
async function streamed(response) {
  const message = { role: 'assistant', content: null, reasoning: '', reasoning_details: [] }
  const calls = []
  for (const line of (await response.text()).split('\n\n')) {
    if (!line.startsWith('data: {')) continue
    const [choice] = JSON.parse(line.slice('data: '.length)).choices
    if (choice === undefined) continue
    message.reasoning += choice.delta.reasoning ?? ''
    message.reasoning_details.push(...(choice.delta.reasoning_details ?? []))
    for (const { index, ...call } of choice.delta.tool_calls ?? []) {
      if (calls[index] === undefined) calls[index] = call
      else calls[index].function.arguments += call.function.arguments
    }
  }
  return { ...message, tool_calls: calls }
}

const whole = async (response) => (await response.json()).choices[0].message

// The values of a member, wherever it stands in a request.
function valuesOf(body, name) {
  const found = []
  JSON.stringify(body, (key, value) => {
    if (key === name) found.push(value)
    return value
  })
  return found
}

describe.each(MODELS)('%s', (model, state) => {
  test.each([
    ['whole', false, whole],
    ['streamed', true, streamed]
  ])('keeps its state through a tool, %s', async (_name, stream, read) => {
    context.gateway.enqueue({ chat: CALL })
    const message = await read(await ask(model, ASKED, { stream }))
    expect(message.reasoning).toBe(REASONING)
    for (const entry of message.reasoning_details) {
      expect(KINDS).toContain(entry.type)
      expect(FORMATS).toContain(entry.format)
      expect(Number.isInteger(entry.index)).toBe(true)
    }
    const said = message.reasoning_details.map(({ text, summary }) =>
      typeof summary === 'string' ? summary : (text ?? '')
    )
    expect(said.join('')).toBe(REASONING)
    // What such a client sends: the members that it knows.
    const { role, content, reasoning, reasoning_details, tool_calls } = message
    const calls = tool_calls.map(({ id, type, function: called }) => ({
      id,
      type,
      function: called
    }))
    const told = { role, content, reasoning, reasoning_details, tool_calls: calls }
    const result = { role: 'tool', tool_call_id: calls[0].id, content: '21 degrees' }
    const answer = await ask(model, [...ASKED, told, result], { usage: { include: true } })
    const { aihubmix } = await answer.json()
    expect(aihubmix.warnings).toEqual([])
    const sent = context.gateway.requests.at(-1).body
    const values = valuesOf(sent, state)
    expect(values).toHaveLength(1)
    expect(values[0]).not.toMatch(/^skip_|^ $/)
    if (state === 'signature') expect(valuesOf(sent, 'thinking')[0]).toBe(REASONING)
  })
})

test('counts have the members that its clients demand', async () => {
  const { usage } = await (await ask('gemini-3.5-flash', ASKED)).json()
  expect(usage.prompt_tokens_details.cached_tokens).toBe(0)
  expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(0)
})

test('what has no kind there is carried as text, and goes back as it came', async () => {
  const blocks = [
    { type: 'redacted_thinking', data: 'aGlkZGVu' },
    { type: 'thinking', thinking: 'So.', signature: 'c2ln' },
    { type: 'compaction', content: 'so far' },
    { type: 'text', text: 'Hi.' }
  ]
  const { client, gateway } = { client: context.client(), gateway: context.gateway }
  gateway.enqueue({
    json: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-6',
      content: blocks,
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 }
    }
  })
  const body = { model: 'claude-sonnet-4-6', messages: ASKED, include_reasoning: true }
  const post = { method: 'POST', body: JSON.stringify(body) }
  const answer = await (await client.fetch('/v1/chat/completions', post)).json()
  const [{ message }] = answer.choices
  expect(message.reasoning_details.map(({ type }) => type)).toEqual([
    'reasoning.encrypted',
    'reasoning.text',
    'reasoning.encrypted',
    'reasoning.encrypted'
  ])
  const next = { role: 'user', content: 'Go on.' }
  const { body: sent } = client.buildRequest('claude-sonnet-4-6', [...ASKED, message, next])
  expect(sent.messages[1].content).toEqual(blocks)
})

test('`include_reasoning: false` leaves the words out', async () => {
  const body = { include_reasoning: false, reasoning: { effort: 'high' } }
  await ask('gpt-5.5-pro', ASKED, body)
  expect(context.gateway.requests[0].body.reasoning).toEqual({ effort: 'high' })
})

test('what a server has written itself comes through, whatever it is', async () => {
  const details = [null, 'odd', { type: 'thinking', thinking: 'So.', signature: 'c2ln' }]
  context.gateway.enqueue({ chat: { content: 'Hi.', reasoning_details: details } })
  const message = await whole(await ask('qwen3-max', ASKED))
  expect(message.reasoning_details).toEqual(details)
})

test('a request in OpenAI’s words is answered in this client’s', async () => {
  context.gateway.enqueue({ chat: CALL })
  const body = { model: 'claude-sonnet-4-6', messages: ASKED, reasoning_effort: 'high' }
  const post = { method: 'POST', body: JSON.stringify(body) }
  const response = await context.client().fetch('/v1/chat/completions', post)
  const message = await whole(response)
  expect(message).not.toHaveProperty('reasoning')
  expect(message.reasoning_details).toMatchObject([{ format: 'aihubmix.anthropic' }])
})

test('a stream that is left closes its connection', async () => {
  context.gateway.enqueue({ chat: 'word '.repeat(100), chunkBytes: 100, stallAfter: 1_000 })
  const response = await ask('claude-sonnet-4-6', ASKED, { stream: true })
  const reader = response.body.getReader()
  await reader.read()
  const pending = (async () => {
    for (;;) if ((await reader.read()).done) return 'ended'
  })()
  await reader.cancel('enough')
  expect(await pending).toBe('ended')
  await eventually(() => context.gateway.closedEarly === 1)
})
