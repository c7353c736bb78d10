'use strict'

// What stands above one call (fallback models, throttling, cost, meters, length, models that go), by every way in, cancelled
// at every moment, with faults below it, and a thousand times at once.

const { HELLO, MODEL, useGateway, failureOf, eventually } = require('./support/gateway')
const { listeners } = require('./support/signals')
const { createAihubmix } = require('../ai-sdk')

const context = useGateway()
let keys = 0
// A queue of its own for each test.
const ownKey = () => `sk-above-${process.pid}-${keys++}-0123456789`
const LONG = [1, 2, 3, 4].flatMap((n) => [
  { role: 'user', content: `${n} ${'word '.repeat(60)}` },
  { role: 'assistant', content: `answer ${n}` }
])
const CONVERSATION = [...LONG, { role: 'user', content: 'and now?' }]
const TOOL = { name: 'now', description: 'the time', parameters: { type: 'object' } }
const FORMAT = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } }
const usage = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 }
const chats = () => context.gateway.requests.filter(({ method }) => method === 'POST')

// Each asks once, and reads to the end.
const ENTRANCES = {
  chatCompletion: (client) => client.chatCompletion(MODEL, CONVERSATION),
  'chatCompletion, streamed': async (client) =>
    (await client.chatCompletion(MODEL, CONVERSATION, { stream: true })).finalChatCompletion(),
  create: (client) => client.chat.completions.create({ model: MODEL, messages: CONVERSATION }),
  'create, streamed': async (client) => {
    const body = { model: MODEL, messages: CONVERSATION, stream: true }
    for await (const _chunk of await client.chat.completions.create(body));
  },
  parse: (client) =>
    client.chat.completions.parse({
      model: MODEL,
      messages: CONVERSATION,
      response_format: FORMAT
    }),
  stream: (client) =>
    client.chat.completions.stream({ model: MODEL, messages: CONVERSATION }).finalChatCompletion(),
  runTools: (client) =>
    client.chat.completions.runTools({
      model: MODEL,
      messages: CONVERSATION,
      tools: [{ type: 'function', function: { ...TOOL, function: () => 1 } }]
    }),
  fetch: async (client) => {
    const body = JSON.stringify({ model: MODEL, messages: CONVERSATION })
    const response = await client.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(response.status).toBe(200)
    await response.json()
  },
  'fetch, streamed': async (client) => {
    const body = JSON.stringify({ model: MODEL, messages: CONVERSATION, stream: true })
    const response = await client.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(await response.text()).toContain('[DONE]')
  },
  'the AI SDK': (client) => createAihubmix({ client })(MODEL).doGenerate({ prompt: PROMPT }),
  'the AI SDK, streamed': async (client) => {
    const { stream } = await createAihubmix({ client })(MODEL).doStream({ prompt: PROMPT })
    for await (const _part of stream);
  }
}
const PROMPT = CONVERSATION.map(({ role, content }) => ({
  role,
  content: [{ type: 'text', text: content }]
}))
const reply = { chat: { content: '{}', usage } }

describe.each(Object.keys(ENTRANCES))('%s', (name) => {
  const enter = ENTRANCES[name]

  test('another model stands in', async () => {
    context.gateway.enqueue([{ status: 429, json: {} }, reply])
    await enter(context.client({ maxRetries: 0, fallback: ['claude-sonnet-4-6'] }))
    expect(chats().map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/messages'])
  })

  test('calls go one by one', async () => {
    const client = context.client({ apiKey: ownKey(), throttle: { concurrency: 1 } })
    const late = { ...reply, delayMs: 60 }
    context.gateway.enqueue([late, late, late])
    const first = enter(client)
    await eventually(() => chats().length === 1)
    const rest = [enter(client), enter(client)]
    await first
    expect(chats().length).toBeLessThanOrEqual(2)
    await Promise.all(rest)
    expect(chats()).toHaveLength(3)
  })

  test('it is priced and counted, and refused once the budget is spent', async () => {
    await context.client().models.info(MODEL)
    const meter = context.client().meter({ budget: 0.003 })
    const client = context.client({ pricing: 'catalog', meter })
    context.gateway.enqueue(reply)
    await enter(client)
    expect(meter).toMatchObject({ calls: 1, unpriced: 0, remaining: 0, cost: { amount: 0.003 } })
    const sent = chats().length
    if (name.startsWith('fetch')) await expect(enter(client)).rejects.toThrow()
    else expect(String(await failureOf(() => enter(client)))).toContain('0.003 USD is spent')
    expect(chats()).toHaveLength(sent)
  })

  test('the oldest turns go where they do not fit', async () => {
    context.gateway.enqueue(reply)
    await enter(context.client({ fit: { limit: 400, reserve: 100 } }))
    const [{ body }] = chats()
    expect(body.messages.length).toBeGreaterThan(0)
    expect(body.messages.length).toBeLessThan(CONVERSATION.length)
    expect(JSON.stringify(body.messages.at(-1))).toContain('and now?')
  })
})

// One at a time, so that whoever keeps a place or a connection holds up the next.
const FEATURES = {
  'fallback models': () => ({ fallback: ['claude-sonnet-4-6'] }),
  throttling: () => ({ apiKey: ownKey(), throttle: { concurrency: 1 } }),
  'cost and a meter': () => ({ pricing: 'catalog', meter: context.client().meter() }),
  length: () => ({ fit: { limit: 400, reserve: 100 } })
}
const SINGLE = Object.values(FEATURES)
const ALL = () => Object.assign({}, ...SINGLE.map((options) => options()))
FEATURES['all of them'] = ALL

// When a call is cancelled, and what the gateway does until then.
const words = (delay) => ({
  sse: Array.from({ length: 50 }, () => ({ choices: [{ index: 0, delta: { content: 'a' } }] })),
  ...delay
})
const MOMENTS = {
  'before it begins': { stream: false, scripts: [], moment: () => {}, early: true },
  'before the answer': {
    stream: false,
    scripts: [{ ...reply, delayMs: 20_000 }],
    moment: () => eventually(() => chats().length === 1)
  },
  'before a stream': {
    stream: true,
    scripts: [{ ...reply, delayMs: 20_000 }],
    moment: () => eventually(() => chats().length === 1)
  },
  'while it waits to try again': {
    stream: false,
    scripts: [{ status: 503, headers: { 'retry-after': '30' }, json: {} }],
    moment: () => eventually(() => chats().length === 1),
    options: { maxRetries: 2, fallback: undefined }
  },
  'within a stream': { stream: true, scripts: [words({ gapMs: 200 })], moment: (first) => first }
}

describe.each(Object.keys(FEATURES))('cancelled, with %s', (feature) => {
  test.each(Object.keys(MOMENTS))('%s', async (when) => {
    const { stream, scripts, moment, early, options } = MOMENTS[when]
    const client = context.client({ ...FEATURES[feature](), ...options })
    context.gateway.enqueue(scripts)
    const controller = new AbortController()
    if (early) controller.abort('enough')
    let begun
    const first = new Promise((resolve) => {
      begun = resolve
    })
    const failure = failureOf(async () => {
      const request = { signal: controller.signal }
      const answer = await client.chatCompletion(MODEL, CONVERSATION, { stream }, request)
      if (stream) for await (const _chunk of answer) begun()
    })
    await moment(first)
    controller.abort('enough')
    expect(await failure).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect(listeners(controller.signal)).toBe(0)
    context.gateway.reset()
    // Nothing is kept: the next one goes through at once.
    const next = await client.chatCompletion(MODEL, CONVERSATION)
    expect(next.choices[0].message.content).toBe('You said: and now?')
    expect(chats()).toHaveLength(1)
    client.close()
  })
})

describe.each(Object.keys(FEATURES))('faults, with %s', (feature) => {
  test.each([
    ['an error that is not tried again', { status: 400, json: { error: { message: 'no' } } }],
    ['an answer that is none', { text: 'no JSON' }],
    ['a reset', { cutAfter: 0, json: {} }],
    ['a stream that breaks', words({ cutAfter: 300 })]
  ])('%s', async (_name, script) => {
    const meter = context.client().meter()
    const options = { ...FEATURES[feature](), meter, maxRetries: 0, fallback: undefined }
    const client = context.client(options)
    const isStream = script.sse !== undefined
    context.gateway.enqueue(script)
    const error = await failureOf(async () => {
      const answer = await client.chatCompletion(MODEL, CONVERSATION, { stream: isStream })
      if (isStream) for await (const _chunk of answer);
    })
    expect(error.name).toBe('AihubmixError')
    expect(error.code).not.toBe('UNKNOWN')
    // What came of a broken stream counts, what never came does not.
    expect(meter.calls).toBe(isStream ? 1 : 0)
    const next = await client.chatCompletion(MODEL, CONVERSATION)
    expect(next.choices[0].message.content).toBe('You said: and now?')
    expect(meter.calls).toBe(isStream ? 2 : 1)
  })
})

test('a thousand calls at once, with all of them on: whole and streamed, failing, cancelled', async () => {
  await context.client().models.info(MODEL)
  const meter = context.client().meter()
  const client = context.client({ ...ALL(), throttle: { concurrency: 25 }, meter, maxRetries: 0 })
  const isFailing = ({ body }) => /\b(1|3)7 fails/.test(JSON.stringify(body?.messages ?? ''))
  for (let n = 0; n < 20; n++)
    context.gateway.enqueue({
      match: (request) => request.path === '/v1/chat/completions' && isFailing(request),
      status: 503,
      json: {}
    })
  const outcomes = { answered: 0, cancelled: 0, stoodIn: 0 }
  const call = async (n) => {
    const controller = new AbortController()
    const text = `call ${n}${n % 100 === 17 || n % 100 === 37 ? ` ${n % 100} fails` : ''}`
    const isCancelled = n % 7 === 0
    const request = { signal: controller.signal }
    const messages = [...LONG, { role: 'user', content: text }]
    const answer = client.chatCompletion(MODEL, messages, { stream: n % 2 === 1 }, request)
    if (isCancelled) setImmediate(() => controller.abort())
    try {
      const whole = n % 2 === 1 ? await (await answer).finalChatCompletion() : await answer
      expect(whole.choices[0].message.content).toBe(`You said: ${text}`)
      expect(whole.aihubmix.cost.amount).toBeGreaterThan(0)
      expect(whole.aihubmix.warnings).toContainEqual(expect.objectContaining({ code: 'fitted' }))
      outcomes.answered += 1
      if (whole.aihubmix.tried) outcomes.stoodIn += 1
    } catch (error) {
      if (error.code !== 'ABORTED') throw error
      expect(isCancelled).toBe(true)
      outcomes.cancelled += 1
    }
    expect(listeners(controller.signal)).toBe(0)
  }
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => call(n)))
  expect(outcomes.answered + outcomes.cancelled).toBe(1_000)
  expect(outcomes.answered).toBeGreaterThanOrEqual(857)
  expect(outcomes.stoodIn).toBeGreaterThan(10)
  expect(meter.calls).toBeGreaterThanOrEqual(outcomes.answered)
  expect(meter.unpriced).toBe(meter.calls - outcomes.answered)
  client.close()
}, 60_000)

test('what only looks, looks a thousand times at once', async () => {
  const client = context.client()
  const infos = await Promise.all(Array.from({ length: 1_000 }, () => client.models.info(MODEL)))
  expect(new Set(infos.map((info) => JSON.stringify(info))).size).toBe(1)
  expect(context.gateway.requests.length).toBeLessThanOrEqual(1)
  for (let n = 0; n < 1_000; n++)
    expect(client.explainCache(MODEL, HELLO, [...HELLO, ...LONG]).same).toBe(true)
})
