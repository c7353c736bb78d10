'use strict'

// The strict mock gateway: each rule refuses what breaks it, and nothing that does not.

const { startMockGateway } = require('../testing')
const { call } = require('./gateway-calls')

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=='
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } }
const long = 'x'.repeat(77)
const user = (content) => ({ role: 'user', content })
const assistant = (content) => ({ role: 'assistant', content })

let gateway

beforeAll(async () => {
  gateway = await startMockGateway({ strict: true })
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

const send = (route, body, headers) => call(gateway.url, route, body, headers && { headers })

// What is right, once for each wire; the cases say what is wrong with it.
const claudeTools = [{ name: 'look', input_schema: PARAMETERS }]
const toolUse = (id = 'toolu_1') => ({ type: 'tool_use', id, name: 'look', input: {} })
const toolResult = (id = 'toolu_1') => ({ type: 'tool_result', tool_use_id: id, content: 'warm' })
const CLAUDE = { model: 'claude-opus-5', max_tokens: 4000, messages: [user('hi')] }

const claudeCases = {
  'claude.required': { max_tokens: undefined },
  'claude.form': { messages: [user([null])] },
  'claude.unknown-member': { messages: [{ ...user('hi'), images: [] }] },
  'claude.role': { messages: [{ role: 'tool', content: 'x' }] },
  'claude.system-message': {
    model: 'claude-sonnet-4-6',
    messages: [user('hi'), assistant('x'), { role: 'system', content: 'y' }, user('z')]
  },
  'claude.content': { messages: [user('')] },
  'claude.text': { messages: [user([{ type: 'text', text: '' }])] },
  'claude.blank-text': { messages: [user([{ type: 'text', text: ' ' }])] },
  'claude.trailing-whitespace': {
    model: 'claude-sonnet-4-5',
    messages: [user('hi'), assistant('x ')]
  },
  'claude.prefill': { messages: [user('hi'), assistant('x')] },
  'claude.tool-result': { tools: claudeTools, messages: [user([toolResult()])] },
  'claude.tool-use-unanswered': {
    tools: claudeTools,
    messages: [user('hi'), assistant([toolUse()]), user('go on')]
  },
  'claude.tool-result-twice': {
    tools: claudeTools,
    messages: [user('hi'), assistant([toolUse()]), user([toolResult(), toolResult()])]
  },
  'claude.tool-use-id': {
    tools: claudeTools,
    messages: [user('hi'), assistant([toolUse('a:1')]), user([toolResult('a:1')])]
  },
  'claude.tool-use-input': {
    tools: claudeTools,
    messages: [user('hi'), assistant([{ ...toolUse(), input: '{}' }]), user([toolResult()])]
  },
  'claude.thinking-signature': {
    messages: [user('hi'), assistant([{ type: 'thinking', thinking: 'x' }]), user('y')]
  },
  'claude.signature': {
    messages: [
      user('hi'),
      assistant([{ type: 'thinking', thinking: 'x', signature: 'of-another-account' }]),
      user('y')
    ]
  },
  'claude.thinking-first': {
    model: 'claude-sonnet-4-5',
    thinking: { type: 'enabled', budget_tokens: 1024 },
    tools: claudeTools,
    messages: [user('hi'), assistant([toolUse()]), user([toolResult()])]
  },
  'claude.image': {
    messages: [
      user([
        { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: PNG } },
        { type: 'text', text: 'hi' }
      ])
    ]
  },
  'claude.max-tokens': { max_tokens: 128_001 },
  'claude.beta': { thinking: { type: 'adaptive', block_binding: {} } },
  'claude.sampling-with-thinking': {
    model: 'claude-sonnet-4-6',
    temperature: 0.5,
    thinking: { type: 'adaptive' }
  },
  'claude.forced-tool-with-thinking': {
    tools: claudeTools,
    tool_choice: { type: 'any' },
    thinking: { type: 'adaptive' }
  },
  'claude.budget': {
    model: 'claude-sonnet-4-5',
    thinking: { type: 'enabled', budget_tokens: 4000 }
  },
  'claude.thinking-kind': { thinking: { type: 'enabled', budget_tokens: 1024 } },
  'claude.effort': { model: 'claude-opus-4-5', output_config: { effort: 'max' } },
  'claude.sampling': { temperature: 0.2 },
  'claude.stop-sequences': { stop_sequences: ['\n'] },
  'claude.user-id': { metadata: { user_id: 'a@example.com' } },
  'claude.cache-marks': {
    system: Array.from({ length: 5 }, () => ({
      type: 'text',
      text: 'x',
      cache_control: { type: 'ephemeral' }
    }))
  },
  'claude.cache-order': {
    system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }],
    messages: [user([{ type: 'text', text: 'y', cache_control: { type: 'ephemeral', ttl: '1h' } }])]
  },
  'claude.tool-name': { tools: [{ name: 'a.b', input_schema: PARAMETERS }] },
  'claude.tool-schema': {
    tools: [
      { name: 'look', input_schema: { type: 'object', properties: { $top: { type: 'string' } } } }
    ]
  },
  'claude.tools-missing': {
    messages: [user('hi'), assistant([toolUse()]), user([toolResult()])]
  },
  'claude.tool-choice': {
    model: 'claude-opus-5-5',
    tools: claudeTools,
    tool_choice: { type: 'any' }
  },
  'claude.output-format': {
    output_config: { format: { type: 'json_schema', schema: PARAMETERS } }
  },
  'claude.strict-tools': { tools: [{ ...claudeTools[0], strict: true }] }
}

const content = (role, ...parts) => ({ role, parts })
const words = (text) => content('user', { text })
const functionCall = (more) => ({ functionCall: { name: 'look', args: {} }, ...more })
const functionResponse = { functionResponse: { name: 'look', response: { result: 'warm' } } }
const geminiTools = [{ functionDeclarations: [{ name: 'look', parametersJsonSchema: PARAMETERS }] }]
const GEMINI = { model: 'gemini-3.1-pro-preview', contents: [words('hi')] }
const SENTINEL = { thoughtSignature: 'skip_thought_signature_validator' }

const geminiCases = {
  'gemini.adaptor': { model: 'gemini-3.1-pro-preview-nothink' },
  'gemini.contents': { contents: [] },
  'gemini.form': { contents: [content('user', null)] },
  'gemini.unknown-member': { contents: [content('user', { text: 'hi', cache_control: {} })] },
  'gemini.role': { contents: [content('assistant', { text: 'x' })] },
  'gemini.parts': { contents: [content('user')] },
  'gemini.part-data': { contents: [content('user', {})] },
  'gemini.function-response-count': { contents: [content('user', functionResponse)] },
  'gemini.function-call-turn': {
    tools: geminiTools,
    contents: [content('model', functionCall(SENTINEL)), content('user', functionResponse)]
  },
  'gemini.function-response': {
    tools: geminiTools,
    contents: [
      words('hi'),
      content('model', functionCall(SENTINEL)),
      content('user', { functionResponse: { name: 'look', response: 'warm' } })
    ]
  },
  'gemini.function-response-name': {
    tools: geminiTools,
    contents: [
      words('hi'),
      content('model', functionCall(SENTINEL)),
      content('user', { functionResponse: { name: 'call_1', response: {} } })
    ]
  },
  'gemini.base64': {
    contents: [content('user', { inlineData: { mimeType: 'image/png', data: '%' } })]
  },
  'gemini.signature': {
    contents: [words('hi'), content('model', { text: 'x', thoughtSignature: 'Zm9y' }), words('y')]
  },
  'gemini.signature-missing': {
    tools: geminiTools,
    contents: [words('hi'), content('model', functionCall()), content('user', functionResponse)]
  },
  'gemini.image-signature-missing': {
    model: 'gemini-3-pro-image',
    contents: [words('hi'), content('model', { text: 'x' }), words('y')]
  },
  'gemini.function-name': { tools: [{ functionDeclarations: [{ name: '1' }] }] },
  'gemini.function-schema': {
    tools: [{ functionDeclarations: [{ name: 'a', parameters: { type: 'ARRAY' } }] }]
  },
  'gemini.response-schema': { generationConfig: { responseSchema: { type: 'STRING' } } },
  'gemini.tool-config': {
    tools: geminiTools,
    toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['look'] } }
  },
  'gemini.thinking': { generationConfig: { thinkingConfig: { thinkingLevel: 'minimal' } } },
  'gemini.generation-config': { generationConfig: { candidateCount: 2 } },
  'gemini.drawing': { model: 'gemini-3-pro-image', tools: geminiTools },
  'gemini.combination': {
    model: 'gemini-2.5-flash',
    tools: [...geminiTools, { googleSearch: {} }]
  }
}

const call1 = { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' }
const output1 = { type: 'function_call_output', call_id: 'c1', output: 'warm' }
const responsesTools = [{ type: 'function', name: 'look', parameters: PARAMETERS, strict: false }]
const RESPONSES = { model: 'gpt-6-sol', input: 'hi' }

const responsesCases = {
  'responses.required': { input: undefined },
  'responses.adaptor': { model: 'gemini-3.1-pro-preview' },
  'responses.unknown-member': { messages: [] },
  'responses.reasoning-summary': { input: [{ type: 'reasoning', id: 'rs_1' }, user('hi')] },
  'responses.output-without-call': { input: [output1] },
  'responses.call-without-output': { input: [user('hi'), call1] },
  'responses.call-id': {
    input: [user('hi'), { ...call1, call_id: long }, { ...output1, call_id: long }]
  },
  'responses.item-id': { input: [user('hi'), { ...call1, id: 'call_1' }, output1] },
  'responses.reasoning-alone': {
    input: [{ type: 'reasoning', id: 'rs_1', summary: [] }, user('hi')]
  },
  'responses.reasoning-not-stored': {
    store: false,
    input: [{ type: 'reasoning', id: 'rs_1', summary: [] }, assistant('x'), user('hi')]
  },
  'responses.encrypted-content': {
    input: [
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAA' },
      assistant('x'),
      user('hi')
    ]
  },
  'responses.previous-response': { previous_response_id: 'resp_of_another' },
  'responses.reasoning-model': { model: 'gpt-4.1', reasoning: { effort: 'low' } },
  'responses.effort': { model: 'gpt-5-pro', reasoning: { effort: 'low' } },
  'responses.sampling': { temperature: 0.2 },
  'responses.max-output-tokens': { max_output_tokens: 15 },
  'responses.content-part': {
    input: [assistant([{ type: 'input_text', text: 'x' }]), user('hi')]
  },
  'responses.image': {
    input: [user([{ type: 'input_image', image_url: 'data:image/png;base64,%' }])]
  },
  'responses.function': { tools: [{ ...responsesTools[0], name: 'a.b' }] },
  'responses.form': { input: [user('hi'), { ...call1, arguments: {} }, output1] },
  'responses.tool-choice': { tool_choice: 'required' },
  'responses.format': { text: { format: { type: 'json_object' } } }
}

const toolCall = (id = 'call_1') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: '{}' }
})
const called = (id, more) => ({ ...assistant(null), tool_calls: [toolCall(id)], ...more })
const answered = (id = 'call_1') => ({ role: 'tool', tool_call_id: id, content: 'warm' })
const chatTools = [{ type: 'function', function: { name: 'look', parameters: PARAMETERS } }]
const CHAT = { model: 'gpt-4.1', messages: [user('hi')] }
const exchange = (id, more) => [user('hi'), called(id, more), answered(id)]

const chatCases = {
  'chat.required': { messages: undefined },
  'chat.form': { messages: [null] },
  'chat.role': { messages: [{ role: 'model', content: 'x' }] },
  'chat.tool-without-call': { messages: [user('hi'), answered()] },
  'chat.tool-choice': { tool_choice: 'auto' },
  'chat.call-unanswered': { tools: chatTools, messages: [user('hi'), called(), user('x')] },
  'chat.responses-only': { model: 'o3-pro' },
  'chat.unknown-member': { messages: [user('hi'), { ...assistant('x'), images: [] }, user('y')] },
  'chat.call-id': { tools: chatTools, messages: exchange(long) },
  'chat.content': { messages: [user(null)] },
  'chat.function': { tools: [{ type: 'function', function: { name: 'a.b' } }] },
  'chat.output-limit': { model: 'gpt-6-sol', max_tokens: 100 },
  'chat.effort': { reasoning_effort: 'low' },
  'chat.tools-with-reasoning': { model: 'gpt-5.5', tools: chatTools },
  'chat.sampling': { model: 'gpt-6-sol', temperature: 0.2 },
  'chat.stop': { stop: ['a', 'b', 'c', 'd', 'e'] },
  'chat.stream-options': { stream_options: { include_usage: true } },
  'chat.logprobs': { top_logprobs: 2 },
  'chat.parallel-tool-calls': { parallel_tool_calls: false },
  'chat.response-format': { response_format: { type: 'json_object' } },
  'mistral.unknown-member': {
    model: 'mistral-large-latest',
    stream: true,
    stream_options: { include_usage: true }
  },
  'mistral.call-id': { model: 'mistral-large-latest', tools: chatTools, messages: exchange() },
  'mistral.call-count': {
    model: 'mistral-large-latest',
    tools: chatTools,
    messages: [...exchange('abcdefgh1'), answered('abcdefgh1')]
  },
  'mistral.last-role': { model: 'mistral-large-latest', messages: [user('hi'), assistant('x')] },
  'mistral.empty-answer': {
    model: 'mistral-large-latest',
    messages: [user('hi'), assistant(''), user('y')]
  },
  'mistral.effort': { model: 'mistral-large-latest', reasoning_effort: 'low' },
  'kimi.reasoning-missing': { model: 'kimi-k2.5', tools: chatTools, messages: exchange() },
  'kimi.effort': { model: 'kimi-k3', reasoning_effort: 'medium' },
  'kimi.empty-answer': { model: 'kimi-k3', messages: [user('hi'), assistant(''), user('y')] },
  'deepseek.reasoning-missing': {
    model: 'deepseek-v4-pro',
    tools: chatTools,
    messages: exchange('call_1', { reasoning_content: '' })
  },
  'deepseek.tool-choice': {
    model: 'deepseek-v4-pro',
    tools: chatTools,
    tool_choice: 'required'
  },
  'deepseek.content-part': {
    model: 'deepseek-v3.2',
    messages: [user([{ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }])]
  },
  'qwen.tool-choice': {
    model: 'qwen3.7-max',
    enable_thinking: true,
    tools: chatTools,
    tool_choice: 'required'
  },
  'glm.tool-choice': { model: 'glm-5.2', tools: chatTools, tool_choice: 'required' },
  'grok.reasoning-parameter': { model: 'grok-4.3', stop: ['x'] },
  'grok.responses-only': { model: 'grok-4.20-multi-agent' }
}

const gemini = ({ model, ...body }, options) =>
  send(`/gemini/v1beta/models/${model}:generateContent`, body, options)
const WIRES = [
  ['Messages', (body) => send('/v1/messages', body), CLAUDE, claudeCases],
  ['generateContent', gemini, GEMINI, geminiCases],
  ['Responses', (body) => send('/v1/responses', body), RESPONSES, responsesCases],
  ['chat completions', (body) => send('/v1/chat/completions', body), CHAT, chatCases]
]

describe.each(WIRES)('%s', (_, ask, right, cases) => {
  test('takes what is right', async () => {
    expect(await ask(right)).toMatchObject({ status: 200 })
    expect(gateway.refusals).toEqual([])
  })

  test.each(Object.entries(cases))('%s', async (rule, wrong) => {
    const { status, json } = await ask({ ...right, ...wrong })
    expect(gateway.refusals).toMatchObject([{ rule, status, request: gateway.requests[0] }])
    expect([400, 404, 422]).toContain(status)
    const said = json.error?.message ?? json.message
    const text = typeof said === 'string' ? said : JSON.stringify(said)
    expect(text).toContain(gateway.refusals[0].message)
    expect(gateway.refusals[0].page).toMatch(/^https:\/\//)
  })
})

// Those that need a conversation have tests of their own below.
const OF_CONVERSATIONS = ['claude.prefix', 'claude.thinking-changed']

test('every rule has a case', () => {
  const cases = WIRES.flatMap(([, , , table]) => Object.keys(table))
  const ids = gateway.rules.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...cases, ...OF_CONVERSATIONS].toSorted()).toEqual(ids.toSorted())
})

describe('state', () => {
  const think = { thinking: { type: 'adaptive' } }
  const ask = async (model, messages, more) =>
    (await send('/v1/messages', { ...CLAUDE, model, ...think, messages, ...more })).json
  const rules = () => gateway.refusals.map(({ rule }) => rule)

  test('what the gateway signed comes back, until it is disowned', async () => {
    const first = [user('hi')]
    const { content: said } = await ask('claude-opus-5', first)
    expect(said[0].type).toBe('thinking')
    const next = [...first, assistant(said), user('and?')]
    await ask('claude-opus-5', next)
    expect(rules()).toEqual([])

    gateway.disown()
    const refused = await ask('claude-opus-5', next)
    expect(refused.error.message).toBe(
      'messages.1.content.0: Invalid `signature` in `thinking` block'
    )
    const { content: again } = await ask('claude-opus-5', [user('something new')])
    await ask('claude-opus-5', [user('something new'), assistant(again), user('and?')])
    expect(rules()).toEqual(['claude.signature'])
  })

  test('thinking comes back as it was, and is not marked for the cache', async () => {
    const { content: said } = await ask('claude-opus-5', [user('hi')])
    const changed = [{ ...said[0], thinking: 'something else' }, said[1]]
    await ask('claude-opus-5', [user('hi'), assistant(changed), user('and?')])
    const marked = [{ ...said[0], cache_control: { type: 'ephemeral' } }, said[1]]
    await ask('claude-opus-5', [user('hi'), assistant(marked), user('and?')])
    expect(rules()).toEqual(['claude.thinking-changed', 'claude.unknown-member'])
  })

  test('preserved thinking is bound to system, tools and what was said before', async () => {
    const model = 'claude-opus-5-5'
    const first = [user('one')]
    const one = await ask(model, first)
    const second = [...first, assistant(one.content), user('two')]
    const two = await ask(model, second)
    const third = [...second, assistant(two.content), user('three')]
    await ask(model, third)
    expect(rules()).toEqual([])

    const marked = user([{ type: 'text', text: 'one', cache_control: { type: 'ephemeral' } }])
    await ask(model, [marked, ...third.slice(1)])
    const withoutOldest = assistant(one.content.filter(({ type }) => type !== 'thinking'))
    await ask(model, [first[0], withoutOldest, ...third.slice(2)])
    expect(rules()).toEqual([])

    const edited = [user('uno'), ...third.slice(1)]
    for (const [messages, more] of [
      [edited],
      [third, { system: 'Be brief.' }],
      [third, { tools: claudeTools }]
    ]) {
      expect((await ask(model, messages, more)).error.message).toContain(
        'bound to a different conversation'
      )
    }
    expect(rules()).toEqual(['claude.prefix', 'claude.prefix', 'claude.prefix'])
    // Models without it read the thinking, others drop it; both answer.
    await ask('claude-opus-5', edited)
    await ask('claude-sonnet-5-5', edited)
    expect(rules()).toHaveLength(3)
  })

  test('what a script says in the name of a vendor is signed by it', async () => {
    gateway.enqueue([
      {
        sse: [
          { candidates: [{ content: { parts: [functionCall({ thoughtSignature: 'c2lnbmVk' })] } }] }
        ]
      },
      { chat: 'after' }
    ])
    await gemini(GEMINI)
    const contents = [
      words('hi'),
      content('model', functionCall({ thoughtSignature: 'c2lnbmVk' })),
      content('user', functionResponse)
    ]
    const { json } = await gemini({ ...GEMINI, tools: geminiTools, contents })
    expect(json.candidates[0].content.parts[0].text).toBe('after')
    expect(rules()).toEqual([])
  })

  test('a request that is refused leaves the script waiting', async () => {
    gateway.enqueue({ chat: 'scripted' })
    await send('/v1/messages', { ...CLAUDE, temperature: 0.2 })
    expect(gateway.pendingScripts).toBe(1)
    const { json } = await send('/v1/messages', CLAUDE)
    expect(json.content[0].text).toBe('scripted')
  })
})

test('rules are picked by id and by family', async () => {
  const picky = await startMockGateway({ strict: ['claude.sampling', 'mistral'] })
  const ask = (body) => call(picky.url, '/v1/messages', { ...CLAUDE, ...body })
  expect((await ask({ temperature: 0.2 })).status).toBe(400)
  expect((await ask({ unheard_of: true })).status).toBe(200)
  expect(picky.rules.filter(({ id }) => id.startsWith('mistral.'))).toHaveLength(6)
  await picky.close()

  const lenient = await startMockGateway()
  expect((await call(lenient.url, '/v1/messages', { ...CLAUDE, temperature: 0.2 })).status).toBe(
    200
  )
  await lenient.close()
  await expect(startMockGateway({ strict: ['claude.unheard-of'] })).rejects.toThrow(
    /no strict rule/
  )
  await expect(startMockGateway({ strict: 'claude' })).rejects.toThrow(/a list of rules/)
})
