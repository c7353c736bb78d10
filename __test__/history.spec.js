'use strict'

// One conversation over several model families: on the same family the vendor's state goes back
// exactly, on another the conversation goes on without an error.

const { AihubmixModelClient } = require('..')
const { startMockGateway } = require('../testing')

const ROUTES = [
  { route: 'openai', model: 'gpt-5.4' },
  { route: 'openai-responses', model: 'gpt-5.5' },
  { route: 'anthropic', model: 'claude-sonnet-4-6' },
  { route: 'gemini', model: 'gemini-3.5-flash' }
]

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
    }
  }
]

let gateway
let client

beforeAll(async () => {
  gateway = await startMockGateway()
  client = new AihubmixModelClient({
    apiKey: 'sk-history-0123456789',
    baseURL: gateway.url,
    proxy: false,
    maxRetries: 0
  })
})

afterAll(async () => {
  client.close()
  await gateway.close()
})

beforeEach(() => gateway.reset())

async function turn({ route, model }, messages, stream) {
  const options = { tools: TOOLS, reasoning_effort: 'low', max_tokens: 4096, stream }
  const answer = await client.chatCompletion(model, messages, options, { route })
  return stream ? answer.finalChatCompletion() : answer
}

async function began(target, stream) {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Use get_weather for Lisbon.' }
  ]
  const first = await turn(target, messages, stream)
  const { message, finish_reason: finish } = first.choices[0]
  expect(finish).toBe('tool_calls')
  messages.push(message)
  for (const call of message.tool_calls) {
    messages.push({ role: 'tool', tool_call_id: call.id, content: '{"celsius":17}' })
  }
  return messages
}

const PAIRS = ROUTES.flatMap((from) => ROUTES.map((to) => [from.route, to.route, from, to]))

describe.each([
  ['whole', false],
  ['streamed', true]
])('histories of %s answers', (_, stream) => {
  test.each(PAIRS)(
    'a conversation that began on %s goes on on %s',
    async (_from, _to, from, to) => {
      const messages = await began(from, stream)
      const copy = structuredClone(messages)
      const second = await turn(to, messages, stream)
      expect(messages).toEqual(copy)
      expect(second.choices[0].finish_reason).toBe('stop')
      expect(second.choices[0].message.content).toContain('17')
      // And back again, with what the other family said in between.
      messages.push(second.choices[0].message, { role: 'user', content: 'Thanks! Say bye.' })
      const third = await turn(from, messages, stream)
      expect(third.choices[0].message.content).toContain('bye')
      // Foreign state never reaches a vendor, and that it was left out is said.
      const sent = gateway.requests.at(-1).bodyText
      expect(sent).not.toContain('aihubmix.')
      const carried = copy[2].reasoning_details?.length > 0
      const warned = second.aihubmix.warnings.some(({ code }) => code === 'foreign_reasoning')
      if (from.route !== to.route && carried) expect(warned).toBe(true)
      if (from.route === to.route) expect(warned).toBe(false)
    }
  )

  test('Claude gets its thinking back, signed and before its call', async () => {
    const messages = await began(ROUTES[2], stream)
    await turn(ROUTES[2], messages, stream)
    const { content } = gateway.requests
      .at(-1)
      .body.messages.find(({ role }) => role === 'assistant')
    expect(content.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['thinking', 'tool_use'])
    )
    expect(content[0]).toEqual({
      type: 'thinking',
      thinking: expect.any(String),
      signature: expect.stringMatching(/./)
    })
  })

  test('Gemini gets its signature back on the very part it came with', async () => {
    const messages = await began(ROUTES[3], stream)
    const signature = messages[2].tool_calls[0].extra_content?.google?.thought_signature
    await turn(ROUTES[3], messages, stream)
    const { parts } = gateway.requests.at(-1).body.contents.find(({ role }) => role === 'model')
    const signed = parts.filter(({ thoughtSignature }) => thoughtSignature !== undefined)
    expect(signed.length).toBeGreaterThan(0)
    if (signature !== undefined)
      expect(parts.find(({ functionCall }) => functionCall).thoughtSignature).toBe(signature)
  })

  test('Responses gets its encrypted reasoning back before its call, under store: false', async () => {
    const messages = await began(ROUTES[1], stream)
    await turn(ROUTES[1], messages, stream)
    const { input, store } = gateway.requests.at(-1).body
    expect(store).toBe(false)
    const reasoning = input.findIndex(({ type }) => type === 'reasoning')
    const call = input.findIndex(({ type }) => type === 'function_call')
    expect(reasoning).toBeGreaterThanOrEqual(0)
    expect(call).toBeGreaterThan(reasoning)
    expect(input[reasoning].encrypted_content).toMatch(/./)
  })

  test('what the caller has edited wins over the stored state', async () => {
    for (const target of ROUTES) {
      const messages = [{ role: 'user', content: 'Say one.' }]
      const first = await turn(target, messages, stream)
      const edited = { ...first.choices[0].message, content: 'EDITED BY THE CALLER' }
      messages.push(edited, { role: 'user', content: 'Say two.' })
      await turn(target, messages, stream)
      const sent = gateway.requests.at(-1).bodyText
      expect(sent).toContain('EDITED BY THE CALLER')
      expect(sent).not.toContain(first.choices[0].message.content)
    }
  })
})
