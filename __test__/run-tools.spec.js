'use strict'

// chat.completions.runTools: calls answered by functions, until there are none.

const { setTimeout: sleep } = require('node:timers/promises')
const { z } = require('zod')
const { MODEL, useGateway, failureOf, eventually } = require('./support/gateway')

const context = useGateway()
const ASK = [{ role: 'user', content: 'please use get_weather' }]

const weather = (work, more) => ({
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    function: work,
    ...more
  }
})
const run = (tools, request, more) =>
  context
    .client()
    .chat.completions.runTools({ model: MODEL, messages: ASK, tools, ...more }, request)
const call = (name, args, id) => ({ name, arguments: args, id })

test.each(['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro'])(
  'a whole run with %s',
  async (model) => {
    const calls = []
    const messages = [...ASK]
    const result = await run(
      [
        weather((args, details) => {
          calls.push([args, details])
          return { celsius: 21 }
        })
      ],
      {},
      { model, messages }
    )
    expect(result.content).toBe('The tool answered: {"celsius":21}')
    expect(result.completions).toHaveLength(2)
    expect(result.completion).toBe(result.completions[1])
    expect(result.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant'
    ])
    expect(messages).toEqual(ASK)
    const [[args, { toolCall, signal }]] = calls
    expect(args).toEqual({ city: expect.any(String) })
    expect(toolCall).toEqual(result.messages[1].tool_calls[0])
    expect(signal).toBeInstanceOf(AbortSignal)
  }
)

test('functions are not sent, and schemas of zod are written', async () => {
  await run([
    weather(() => 'x'),
    {
      type: 'function',
      function: { name: 'other', parameters: z.object({ n: z.number() }), function: () => 1 }
    },
    { type: 'function', function: { name: 'bare', description: 'd', function: () => 1 } }
  ])
  expect(context.gateway.requests[0].body.tools.map((tool) => tool.function)).toEqual([
    {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
    },
    {
      name: 'other',
      parameters: {
        type: 'object',
        properties: { n: { type: 'number' } },
        required: ['n'],
        additionalProperties: false
      }
    },
    { name: 'bare', description: 'd' }
  ])
})

test.each([
  ['a string as it is', () => 'sunny', 'sunny'],
  ['anything else as JSON', () => ({ a: [1] }), '{"a":[1]}'],
  ['nothing as an empty text', () => undefined, ''],
  ['a promise', async () => null, 'null'],
  [
    'what is thrown as an error',
    () => {
      throw new Error('no weather today')
    },
    'Error: no weather today'
  ]
])('%s', async (_name, work, content) => {
  const { messages } = await run([weather(work)])
  expect(messages[2]).toEqual({ role: 'tool', tool_call_id: messages[1].tool_calls[0].id, content })
})

test('what the model got wrong is told to it', async () => {
  const tools = [weather(() => 'x', { parameters: z.object({ city: z.string() }) })]
  context.gateway.enqueue({
    chat: {
      tool_calls: [
        call('nothing', '{}', 'a'),
        call('get_weather', '{"ci', 'b'),
        call('get_weather', '{"city":7}', 'c'),
        call('get_weather', '{"city":"Rome"}', 'd')
      ]
    }
  })
  const { messages } = await run(tools)
  const told = messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
  expect(told).toEqual([
    expect.stringMatching(/^Error: there is no tool `nothing`/),
    expect.stringMatching(/^Error: /),
    expect.stringMatching(/^Error: .*city: /),
    'x'
  ])
})

test('a parse of its own reads the arguments', async () => {
  const { content } = await run([weather((args) => args, { parse: (text) => text.length })])
  expect(content).toMatch(/^The tool answered: \d+$/)
})

test('the calls of one turn run side by side', async () => {
  let running = 0
  let most = 0
  const slow = async () => {
    running += 1
    most = Math.max(most, running)
    await sleep(20)
    running -= 1
    return 'x'
  }
  context.gateway.enqueue({
    chat: { tool_calls: [call('get_weather', '{}', 'a'), call('get_weather', '{}', 'b')] }
  })
  await run([weather(slow)])
  expect(most).toBe(2)
})

test('the number of answers is limited', async () => {
  context.gateway.enqueue(new Array(20).fill({ chat: { tool_calls: [call('get_weather', '{}')] } }))
  const ten = await run([weather(() => 'x')])
  expect(ten.completions).toHaveLength(10)
  expect(ten.completion.choices[0].finish_reason).toBe('tool_calls')
  expect((await run([weather(() => 'x')], { maxChatCompletions: 2 })).completions).toHaveLength(2)
  expect(await failureOf(run([weather(() => 'x')], { maxChatCompletions: 0 }))).toMatchObject({
    param: 'maxChatCompletions'
  })
})

test('messages are told as they come, and the last answer has its own promises', async () => {
  const told = []
  const started = run([weather(() => 'x')], { onMessage: ({ role }) => told.push(role) })
  expect(await started.finalContent()).toBe('The tool answered: x')
  expect(await started.finalChatCompletion()).toMatchObject({ object: 'chat.completion' })
  expect(told).toEqual(['assistant', 'tool', 'assistant'])
})

test('a run ends at once when it is aborted, even in a tool that does not care', async () => {
  const controller = new AbortController()
  const forever = () => new Promise(() => {})
  const outer = failureOf(run([weather(forever)], { signal: controller.signal }))
  await eventually(() => context.gateway.requests.length === 1)
  await sleep(50)
  controller.abort('why')
  expect(await outer).toMatchObject({ code: 'ABORTED', cause: 'why' })
  const own = run([weather(forever)])
  const failing = failureOf(own)
  await sleep(50)
  own.abort()
  expect(await failing).toMatchObject({ code: 'ABORTED' })
  expect(await failureOf(run([weather(() => 'x')], { signal: AbortSignal.abort() }))).toMatchObject(
    { code: 'ABORTED' }
  )
})

test('a failure of the gateway ends the run', async () => {
  context.gateway.enqueue({ status: 400 })
  expect(await failureOf(run([weather(() => 'x')]))).toMatchObject({
    code: 'INVALID_REQUEST',
    status: 400
  })
})

test('what cannot be run is refused', async () => {
  for (const [tools, more, param] of [
    [undefined, {}, 'tools'],
    [[], { messages: 'hello' }, 'messages'],
    [[], { n: 2 }, 'n'],
    [[{ type: 'function', function: { name: 'f' } }], {}, 'tools[0].function.function']
  ]) {
    expect(await failureOf(run(tools, {}, more))).toMatchObject({ code: 'INVALID_REQUEST', param })
  }
  expect(context.gateway.requests).toHaveLength(0)
})

describe('a streamed run', () => {
  test.each(['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro'])(
    'has events and the same result, with %s',
    async (model) => {
      const heard = []
      const streamed = run([weather(() => 'sunny')], {}, { model, stream: true })
        .on('functionToolCall', ({ name }) => heard.push(name))
        .on('functionToolCallResult', (content) => heard.push(content))
      let text = ''
      streamed.on('content', (delta) => {
        text += delta
      })
      const { content, completions } = await streamed
      expect(content).toBe('The tool answered: sunny')
      expect(text).toBe(content)
      expect(heard).toEqual(['get_weather', 'sunny'])
      expect((await streamed.totalUsage()).total_tokens).toBe(
        completions.reduce((sum, { usage }) => sum + usage.total_tokens, 0)
      )
    }
  )

  test('a call starts while the model still writes', async () => {
    const called = (index, city) => {
      const work = { name: 'get_weather', arguments: JSON.stringify({ city }) }
      const delta = { tool_calls: [{ index, id: city, type: 'function', function: work }] }
      return { choices: [{ index: 0, delta, finish_reason: null }] }
    }
    const written = [called(0, 'one'), called(1, 'two')]
    const stallAfter = written.reduce((sum, chunk) => sum + JSON.stringify(chunk).length + 8, 0)
    const rest = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }
    context.gateway.enqueue({ sse: [...written, rest], stallAfter })
    let started
    const began = new Promise((resolve) => {
      started = resolve
    })
    const streamed = run([weather(started)], {}, { stream: true })
    const failure = failureOf(streamed)
    expect(await began).toEqual({ city: 'one' })
    expect(streamed.currentChatCompletionSnapshot.choices[0].finish_reason).toBeNull()
    streamed.abort()
    expect(await failure).toMatchObject({ code: 'ABORTED' })
  })
})

test('calls that are not approved are told to the model', async () => {
  const asked = []
  const work = jest.fn(() => 'x')
  const reasons = { a: true, b: false, c: 'too dear' }
  const approve = async ({ id }, { signal }) => {
    asked.push([id, signal.aborted])
    return reasons[id]
  }
  const calls = Object.keys(reasons).map((id) => call('get_weather', '{"city":"Rome"}', id))
  context.gateway.enqueue({ chat: { tool_calls: calls } })
  const { messages } = await run([weather(work)], { approve })
  expect(messages.slice(2, 5).map(({ content }) => content)).toEqual([
    'x',
    'Error: the call was not approved',
    'Error: the call was not approved: too dear'
  ])
  expect(asked).toEqual([
    ['a', false],
    ['b', false],
    ['c', false]
  ])
  expect(work).toHaveBeenCalledTimes(1)
})

test('what `approve` throws ends the run', async () => {
  const approve = () => {
    throw new Error('nobody is there')
  }
  expect(await failureOf(run([weather(() => 'x')], { approve }))).toMatchObject({
    message: 'nobody is there'
  })
})

test('`stopWhen` ends a run after a turn', async () => {
  const stopWhen = [() => false, async ({ messages }) => messages.at(-1).role === 'tool']
  const { completions, messages } = await run([weather(() => 'x')], { stopWhen })
  expect(completions).toHaveLength(1)
  expect(messages.at(-1)).toMatchObject({ role: 'tool', content: 'x' })
})

test('`maxParallel` bounds the work, and the order of answers stays', async () => {
  let running = 0
  let most = 0
  const slow = async ({ city }) => {
    running += 1
    most = Math.max(most, running)
    await sleep(5)
    running -= 1
    return city
  }
  const calls = ['a', 'b', 'c', 'd', 'e'].map((id) => call('get_weather', `{"city":"${id}"}`, id))
  context.gateway.enqueue({ chat: { tool_calls: calls } })
  const { messages } = await run([weather(slow)], { maxParallel: 2 })
  expect(most).toBe(2)
  expect(messages.slice(2, 7).map(({ content }) => content)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('`afterCompletion` is waited for and may add to the conversation', async () => {
  const afterCompletion = async (_completion, { messages }) => {
    await sleep(1)
    if (messages.at(-1).role === 'tool') messages.push({ role: 'user', content: 'shorter' })
  }
  const { content } = await run([weather(() => 'x')], { afterCompletion })
  expect(content).toBe('You said: shorter')
})

test.each([
  ['maxParallel', 0],
  ['stopWhen', true],
  ['approve', true],
  ['afterCompletion', 1]
])('%s must be what it is', async (name, value) => {
  expect(await failureOf(run([weather(() => 'x')], { [name]: value }))).toMatchObject({
    code: 'INVALID_REQUEST',
    param: name
  })
})

test("tools of openai's helpers, a context for functions, names of functions", async () => {
  const { zodFunction } = require('openai/helpers/zod')
  const seen = []
  const made = zodFunction({
    name: 'get_weather',
    parameters: z.object({ city: z.string() }),
    function: ({ city }) => seen.push(city)
  })
  function look(_args, { context: given, toolCall }, toolContext) {
    seen.push([toolCall.function.name, given, toolContext])
  }
  const tool_calls = [call('get_weather', '{"city":"Paris"}'), call('look', '{}')]
  context.gateway.enqueue({ chat: { tool_calls } })
  const toolContext = { user: 'u' }
  await run([made, { type: 'function', function: { function: look } }], {}, { toolContext })
  expect(seen).toEqual(['Paris', ['look', toolContext, toolContext]])
  const { body } = context.gateway.requests[0]
  expect(body).not.toHaveProperty('toolContext')
  expect(body.tools.map((tool) => tool.function.name)).toEqual(['get_weather', 'look'])
  const nameless = run([{ type: 'function', function: { function: () => {} } }])
  expect(await failureOf(nameless)).toMatchObject({ param: 'tools[0].function.name' })
})
