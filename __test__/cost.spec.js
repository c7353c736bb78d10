'use strict'

// What answers cost, their sums and budgets, and what the catalog knows of a model.

const { costOf, summed } = require('../lib/cost')
const { infoOf } = require('../lib/catalog')
const { atTiers, servedAs } = require('../lib/price-tiers')
const { createAihubmix } = require('../ai-sdk')
const { HELLO, MODEL, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const priced = (options) => context.client({ pricing: 'catalog', ...options })
const usage = { prompt_tokens: 1_000, completion_tokens: 500, total_tokens: 1_500 }
const reply = { chat: { content: 'hello', usage } }
const PRICE = { input: 1, output: 4, cache_read: 0.1, cache_write: 1.25 }

describe('the parts of an answer', () => {
  const prompt = (details) => ({ prompt_tokens: 100, prompt_tokens_details: details })
  const completion = (details) => ({ completion_tokens: 100, completion_tokens_details: details })
  const lives = { cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 } }
  test.each([
    [usage, undefined, PRICE, 'input 1000@1 output 500@4'],
    [prompt({ cached_tokens: 40 }), undefined, PRICE, 'cache_read 40@0.1 input 60@1'],
    [prompt({ cached_tokens: 40 }), undefined, { input: 2 }, 'cache_read 40@2 input 60@2'],
    [prompt({ cached_tokens: 140 }), undefined, PRICE, 'cache_read 100@0.1'],
    [
      prompt({ cached_tokens: 40, cache_creation_tokens: 30 }),
      lives,
      PRICE,
      'cache_read 40@0.1 cache_write_1h 20@2 cache_write_5m 10@1.25 input 30@1'
    ],
    [prompt({ cache_write_tokens: 30 }), undefined, PRICE, 'cache_write_5m 30@1.25 input 70@1'],
    [
      prompt({ cache_creation_tokens: 30 }),
      lives,
      { ...PRICE, cache_write_1h: 3 },
      'cache_write_1h 20@3 cache_write_5m 10@1.25 input 70@1'
    ],
    [
      prompt({ audio_tokens: 10, image_tokens: 20, text_tokens: 70 }),
      undefined,
      { ...PRICE, audio_input: 7 },
      'audio_input 10@7 image_input 20@1 input 70@1'
    ],
    [completion({ reasoning_tokens: 60 }), undefined, PRICE, 'reasoning 60@4 output 40@4'],
    [
      completion({ audio_tokens: 60, image_tokens: 10 }),
      undefined,
      { output: 4, audio_output: 9 },
      'audio_output 60@9 image_output 10@4 output 30@4'
    ],
    [{}, undefined, PRICE, '']
  ])('%j %j', (figures, vendor, price, expected) => {
    const cost = costOf(figures, vendor, price)
    const shown = cost.parts.map(({ kind, tokens, price }) => `${kind} ${tokens}@${price}`)
    expect(shown.join(' ')).toBe(expected)
    const sum = cost.parts.reduce((total, part) => total + part.tokens * part.price, 0) / 1e6
    expect(cost).toMatchObject({ currency: 'USD', estimate: true })
    expect(cost.amount).toBeCloseTo(sum, 12)
  })

  test('sums have a part for each kind and price', () => {
    const one = costOf(usage, undefined, PRICE)
    const other = costOf(usage, undefined, { ...PRICE, output: 5 })
    expect(summed([one, one, other])).toMatchObject({
      amount: 0.0095,
      parts: [
        { kind: 'input', tokens: 3_000, price: 1 },
        { kind: 'output', tokens: 1_000, price: 4 },
        { kind: 'output', tokens: 500, price: 5 }
      ]
    })
  })
})

describe('prices that are not those of the catalog', () => {
  test.each([
    ['gpt-5.4', 272_000, [], [], 1, 4],
    ['gpt-5.4', 272_001, [], ['long_prompt'], 2, 6],
    ['gpt-5.4-mini', 300_000, [], [], 1, 4],
    ['gpt-5.5', 300_000, ['priority'], ['long_prompt', 'priority'], 5, 15],
    ['gpt-5.6-sol', 10, ['flex'], ['flex'], 0.5, 2],
    ['gemini-3.1-pro-preview', 200_001, ['standard'], ['long_prompt'], 2, 6],
    ['claude-opus-5-5', 10, ['standard', 'fast', 'us'], ['fast', 'us'], 2.2, 8.8],
    ['claude-sonnet-4-6', 500_000, ['priority', 'default'], [], 1, 4],
    ['unheard-of', 1_000_000, ['flex'], [], 1, 4]
  ])('%s, %d tokens, %j', (model, tokens, served, tiers, input, output) => {
    const { price, tiers: found } = atTiers(PRICE, model, tokens, served)
    expect(found).toEqual(tiers)
    expect(price).toMatchObject({ input, output })
    expect(price.cache_write / price.cache_read).toBeCloseTo(12.5, 10)
  })

  test.each([
    [{ service_tier: 'flex' }, ['flex']],
    [{ aihubmix: { vendor: { service_tier: 'priority' } } }, ['priority']],
    [{ aihubmix: { vendor: { usage: { speed: 'fast', inference_geo: 'US' } } } }, ['fast', 'us']],
    [{ aihubmix: { vendor: { usage: { trafficType: 'ON_DEMAND_FLEX' } } } }, ['flex']],
    [{ aihubmix: { vendor: { usage: { trafficType: 'ON_DEMAND' } } } }, []],
    [{ service_tier: null, aihubmix: {} }, []]
  ])('%j was served as %j', (answer, served) => expect(servedAs(answer)).toEqual(served))

  test('an answer says which', async () => {
    const client = priced()
    await client.models.info(MODEL)
    const chat = (model, tier) => ({
      json: {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model,
        service_tier: tier,
        choices: [
          { index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }
        ],
        usage
      }
    })
    context.gateway.enqueue(chat(MODEL, 'flex'))
    const flex = await client.chatCompletion(MODEL, HELLO)
    expect(flex.aihubmix.cost).toMatchObject({ amount: 0.0015, tiers: ['flex'] })
    context.gateway.enqueue(chat(MODEL, 'default'))
    const usual = await client.chatCompletion(MODEL, HELLO)
    expect(usual.aihubmix.cost.amount).toBe(0.003)
    expect(usual.aihubmix.cost).not.toHaveProperty('tiers')
    const claude = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-6',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1_000, output_tokens: 500, inference_geo: 'us' }
    }
    context.gateway.enqueue({ json: claude })
    const there = await client.chatCompletion('claude-sonnet-4-6', HELLO)
    expect(there.aihubmix.cost).toMatchObject({ amount: 0.0033, tiers: ['us'] })
  })
})

describe('an answer says what it cost', () => {
  beforeEach(() => priced().models.info(MODEL))

  test.each(['claude-sonnet-4-6', 'gemini-3.5-flash', MODEL])('%s', async (model) => {
    const client = priced()
    for (let n = 0; n < 5; n++) context.gateway.enqueue(reply)
    const whole = await client.chatCompletion(model, HELLO)
    expect(whole.aihubmix.cost.amount).toBe(0.003)
    const stream = await client.chatCompletion(model, HELLO, { stream: true })
    const costs = []
    for await (const chunk of stream) if (chunk.aihubmix) costs.push(chunk.aihubmix.cost)
    expect(costs).toEqual([whole.aihubmix.cost])
    const drained = await client.chatCompletion(model, HELLO, { stream: true })
    expect((await drained.finalChatCompletion()).aihubmix.cost).toEqual(whole.aihubmix.cost)
    const { data } = await client.chat.completions.create({ model, messages: HELLO }).withResponse()
    expect(data.aihubmix.cost).toEqual(whole.aihubmix.cost)
    const body = JSON.stringify({ model, messages: HELLO })
    const response = await client.fetch('/v1/chat/completions', { method: 'POST', body })
    expect((await response.json()).aihubmix.cost).toEqual(whole.aihubmix.cost)
  })

  const WITH_USAGE = { stream_options: { include_usage: true } }
  test.each([
    ['claude-sonnet-4-6', {}],
    ['gemini-3.5-flash', {}],
    [MODEL, {}],
    [MODEL, { openaiApi: 'responses' }]
  ])(
    '%s %j: in a stream with include_usage, on its last chunk, however it is read',
    async (model, options) => {
      const client = priced(options)
      await client.models.info(model)
      const streamed = (more) => {
        context.gateway.enqueue(reply)
        return client.chatCompletion(model, HELLO, { stream: true, ...more })
      }
      const { cost } = (await (await streamed()).finalChatCompletion()).aihubmix
      expect(cost.parts.length).toBeGreaterThan(0)
      const chunks = []
      for await (const chunk of await streamed(WITH_USAGE)) chunks.push(chunk)
      const last = chunks.at(-1)
      expect(last).toMatchObject({ choices: [], aihubmix: { cost, attempts: 1 } })
      const others = chunks.slice(0, -1).filter((chunk) => chunk.aihubmix?.cost)
      expect(others).toEqual([])
      const body = { model, messages: HELLO, ...WITH_USAGE }
      context.gateway.enqueue(reply)
      const events = client.chat.completions.stream(body)
      expect((await events.finalChatCompletion()).aihubmix.cost).toEqual(cost)
      const [one, other] = (await streamed(WITH_USAGE)).tee()
      expect((await one.finalChatCompletion()).aihubmix.cost).toEqual(cost)
      for await (const chunk of other) if (chunk.usage) expect(chunk.aihubmix.cost).toEqual(cost)
      const lines = (await streamed(WITH_USAGE)).toReadableStream()
      const text = await new Response(lines).text()
      expect(JSON.parse(text.trim().split('\n').at(-1)).aihubmix.cost).toEqual(cost)
      context.gateway.enqueue(reply)
      const response = await client.fetch('/v1/chat/completions', {
        method: 'POST',
        body: JSON.stringify({ ...body, stream: true })
      })
      const said = (await response.text()).split('\n').filter((line) => line.includes('"cost"'))
      expect(said).toHaveLength(1)
      expect(JSON.parse(said[0].replace('data: ', '')).aihubmix.cost).toEqual(cost)
      const meter = client.meter()
      context.gateway.enqueue(reply)
      const counted = await client.chatCompletion(
        model,
        HELLO,
        { stream: true, ...WITH_USAGE },
        { meter }
      )
      for await (const _chunk of counted);
      expect(meter).toMatchObject({ calls: 1, unpriced: 0, cost: { amount: cost.amount } })
    }
  )

  test('of the model that answered, by its dated id too', async () => {
    context.gateway.enqueue({ chat: { ...reply.chat, model: `${MODEL}-2026-03-17` } })
    const dated = await priced().chatCompletion('some-alias', HELLO)
    expect(dated.aihubmix.cost.amount).toBe(0.003)
    context.gateway.enqueue({ chat: { ...reply.chat, model: 'unheard-of' } })
    const unknown = await priced().chatCompletion('unheard-of', HELLO)
    expect(unknown.aihubmix.cost).toBeUndefined()
  })

  test('the AI SDK hears it', async () => {
    context.gateway.enqueue(reply)
    const provider = createAihubmix({ client: priced() })
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }]
    const { providerMetadata } = await provider(MODEL).doGenerate({ prompt })
    expect(providerMetadata.aihubmix.cost.amount).toBe(0.003)
    context.gateway.enqueue(reply)
    const { stream } = await provider(MODEL).doStream({ prompt })
    const parts = []
    for await (const part of stream) parts.push(part)
    const finish = parts.find(({ type }) => type === 'finish')
    expect(finish.providerMetadata.aihubmix.cost.amount).toBe(0.003)
  })

  test('so do parse, and a run of tools whose answers are streamed', async () => {
    const client = priced()
    const format = { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } }
    context.gateway.enqueue({ chat: { content: '{}', usage } })
    const body = { model: MODEL, messages: HELLO, response_format: format }
    const parsed = await client.chat.completions.parse(body)
    expect(parsed.aihubmix.cost.amount).toBe(0.003)
    const call = { id: 'c1', type: 'function', function: { name: 'now', arguments: '{}' } }
    context.gateway.enqueue({ chat: { tool_calls: [call], usage } })
    context.gateway.enqueue(reply)
    const now = { name: 'now', parameters: {}, function: () => 1 }
    const run = await client.chat.completions.runTools({
      model: MODEL,
      messages: HELLO,
      stream: true,
      ...WITH_USAGE,
      tools: [{ type: 'function', function: now }]
    })
    expect(run.cost.amount).toBe(0.006)
  })
})

test('without pricing there is none, and no catalog is asked for', async () => {
  const answer = await context.client().chatCompletion(MODEL, HELLO)
  expect(answer.aihubmix.cost).toBeUndefined()
  expect(context.gateway.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions'])
})

test('a catalog that fails, or never comes, neither delays nor fails a call', async () => {
  const { startMockGateway } = require('../testing')
  for (const fault of [{ status: 500, json: {} }, { stallAfter: 0 }, { text: 'no JSON' }]) {
    const gateway = await startMockGateway()
    gateway.enqueue({ match: ({ path }) => path.startsWith('/api/'), ...fault })
    const client = context.client({ baseURL: gateway.url, pricing: 'catalog' })
    const answer = await client.chatCompletion(MODEL, HELLO)
    expect(answer.choices[0].message.content).toBe('You said: hello')
    expect(answer.aihubmix.cost).toBeUndefined()
    client.close()
    await gateway.close()
  }
})

describe('a meter', () => {
  beforeEach(() => priced().models.info(MODEL))

  test('adds up calls, whole, streamed and broken', async () => {
    const client = context.client()
    const meter = client.meter()
    const request = { meter }
    for (let n = 0; n < 3; n++) context.gateway.enqueue(reply)
    await client.chatCompletion(MODEL, HELLO, {}, request)
    const stream = await client.chatCompletion(MODEL, HELLO, { stream: true }, request)
    await stream.finalChatCompletion()
    await client.chat.completions.create({ model: MODEL, messages: HELLO }, request)
    expect(meter).toMatchObject({ calls: 3, unpriced: 0, remaining: undefined })
    expect(meter.cost.amount).toBe(0.009)
    expect(meter.usage).toMatchObject({ prompt_tokens: 3_000, total_tokens: 4_500 })
    const events = ['a', 'b'].map((content) => ({ choices: [{ index: 0, delta: { content } }] }))
    context.gateway.enqueue({ sse: events, stallAfter: 120 })
    const left = await client.chatCompletion(MODEL, HELLO, { stream: true }, request)
    for await (const _chunk of left) break
    expect(meter).toMatchObject({ calls: 4, unpriced: 1 })
  })

  test('refuses calls once its budget is spent, before anything is sent', async () => {
    const meter = context.client().meter({ budget: 0.005 })
    for (let n = 0; n < 2; n++) context.gateway.enqueue(reply)
    const client = context.client({ meter })
    await client.chatCompletion(MODEL, HELLO)
    expect(meter.remaining).toBeCloseTo(0.002, 12)
    await client.chatCompletion(MODEL, HELLO)
    const sent = context.gateway.requests.length
    const calls = [
      () => client.chatCompletion(MODEL, HELLO),
      () => client.chatCompletion(MODEL, HELLO, { stream: true }),
      () => client.chat.completions.create({ model: MODEL, messages: HELLO }),
      () => context.client().chatCompletion(MODEL, HELLO, {}, { meter })
    ]
    for (const call of calls) {
      const error = await failureOf(call)
      expect(error).toMatchObject({ code: 'INSUFFICIENT_QUOTA', param: 'meter', retryable: false })
      expect(error.status).toBeUndefined()
      expect(error.message).toContain('0.005 USD')
    }
    const body = JSON.stringify({ model: MODEL, messages: HELLO })
    const response = await client.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(response.status).toBe(402)
    expect(context.gateway.requests).toHaveLength(sent)
  })

  test('a run of tools has its sum', async () => {
    const call = { id: 'c1', type: 'function', function: { name: 'now', arguments: '{}' } }
    context.gateway.enqueue({ chat: { tool_calls: [call], usage } })
    context.gateway.enqueue(reply)
    const tools = [
      { type: 'function', function: { name: 'now', parameters: {}, function: () => 1 } }
    ]
    const run = await priced().chat.completions.runTools({ model: MODEL, messages: HELLO, tools })
    expect(run.usage).toMatchObject({ prompt_tokens: 2_000, completion_tokens: 1_000 })
    expect(run.cost.amount).toBe(0.006)
  })

  test.each([
    [{ budget: -1 }, 'budget'],
    [{ budget: '5' }, 'budget'],
    [{ limit: 5 }, 'limit']
  ])('%j is refused', async (options, param) => {
    expect(await failureOf(() => context.client().meter(options))).toMatchObject({ param })
  })

  test('nothing else is a meter, or a pricing', async () => {
    const call = () => context.client().chatCompletion(MODEL, HELLO, {}, { meter: 5 })
    expect(await failureOf(call)).toMatchObject({ code: 'INVALID_REQUEST', param: 'meter' })
    for (const options of [{ meter: {} }, { pricing: 'free' }]) {
      const error = await failureOf(() => context.client(options))
      expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: Object.keys(options)[0] })
    }
  })
})

describe('what is known of a model', () => {
  test('comes from the catalog, once for all clients of a gateway', async () => {
    const info = await context.client().models.info('Claude-Sonnet-4-6')
    expect(info).toMatchObject({
      id: 'claude-sonnet-4-6',
      contextLength: 200_000,
      modalities: ['text', 'image'],
      price: PRICE,
      deprecated: undefined
    })
    await context.client().models.info(MODEL)
    expect(context.gateway.requests.length).toBeLessThanOrEqual(1)
    expect(await failureOf(() => context.client().models.info('nobody'))).toMatchObject({
      code: 'NOT_FOUND',
      param: 'id'
    })
    expect(await failureOf(() => context.client().models.info(' '))).toMatchObject({ param: 'id' })
  })

  test('texts of the catalog are read as numbers and lists', () => {
    const row = { model_id: 'm', context_length: '8192', pricing: { input: '0.5', output: 'ask' } }
    expect(infoOf(row)).toMatchObject({ contextLength: 8_192, price: { input: 0.5 }, features: [] })
    expect(infoOf({ model_id: 'm', context_length: '', pricing: {} }).price).toBeUndefined()
    const going = { model_id: 'm', deprecation_date: '2027-01-01', successor: 'n' }
    expect(infoOf(going).deprecated).toEqual({ on: '2027-01-01', successor: 'n' })
    expect(infoOf({ model_id: 'whisper-1' }).deprecated).toEqual({ on: '2027-02-26' })
  })

  test.each([
    ['claude-sonnet-4-6', ['none', 'low', 'medium', 'high', 'max'], 128_000, 1_000_000],
    ['claude-opus-5-5', ['low', 'medium', 'high', 'xhigh', 'max'], 128_000, 1_000_000],
    ['gemini-3.8-flash', ['low', 'medium', 'high'], 65_536, 1_048_576],
    ['gpt-5.4', ['none', 'low', 'medium', 'high', 'xhigh'], 128_000, 1_050_000],
    ['gpt-4o', [], 16_384, 128_000],
    ['unheard-of', [], undefined, undefined]
  ])(
    '%s: what the catalog does not say, our tables do',
    (id, efforts, maxOutput, contextLength) => {
      expect(infoOf({ model_id: id })).toMatchObject({ efforts, maxOutput, contextLength })
      const said = { reasoning_efforts: 'low,high', max_output: '5', context_length: 6 }
      const info = infoOf({ model_id: id, ...said })
      expect(info).toMatchObject({ efforts: ['low', 'high'], maxOutput: 5, contextLength: 6 })
    }
  )

  test('once the catalog is there, its word of models that go is that of the warnings', async () => {
    const { startMockGateway } = require('../testing')
    const gateway = await startMockGateway()
    const client = context.client({ baseURL: gateway.url })
    const warned = (model) => {
      const { warnings } = client.buildRequest(model, HELLO)
      return warnings
        .filter(({ code }) => code === 'deprecated_model')
        .map(({ message }) => message)
    }
    expect(warned(MODEL)).toEqual([])
    const row = { model_id: MODEL, deprecation_date: '2030-02-01', successor: 'gpt-6.1-sol' }
    gateway.enqueue({
      match: ({ path }) => path.startsWith('/api/'),
      json: { success: true, data: [row, { model_id: 'gemini-2.5-pro', deprecated: '2031-01-01' }] }
    })
    await client.models.info(MODEL)
    expect(warned(MODEL)[0]).toMatch(/2030-02-01.*gpt-6\.1-sol/)
    expect(warned(`${MODEL}-2026-03-17`)[0]).toContain('2030-02-01')
    expect(warned('gemini-2.5-pro')[0]).toContain('2031-01-01')
    expect(warned('claude-sonnet-4-5')[0]).toContain('2026-11-30')
    // Whole and streamed, by other clients of the same gateway, for a fallback too; not for those of another one.
    const other = context.client({ baseURL: gateway.url, maxRetries: 0 })
    const whole = await other.chatCompletion(MODEL, HELLO)
    const stream = await other.chatCompletion(MODEL, HELLO, { stream: true })
    const folded = await stream.finalChatCompletion()
    gateway.enqueue({ status: 429, json: {} })
    const fallen = await other.chatCompletion('gpt-5.5', HELLO, {}, { fallback: [MODEL] })
    for (const { aihubmix } of [whole, folded, fallen])
      expect(aihubmix.warnings).toMatchObject([{ code: 'deprecated_model' }])
    expect(context.client().buildRequest(MODEL, HELLO).warnings).toEqual([])
    client.close()
    await gateway.close()
  })

  test('a model that goes is warned of, in a dry run too', async () => {
    const model = 'claude-sonnet-4-5'
    const { aihubmix } = await context.client().chatCompletion(model, HELLO)
    const { warnings } = context.client().buildRequest(model, HELLO)
    expect(warnings).toEqual(aihubmix.warnings)
    expect(warnings).toMatchObject([{ code: 'deprecated_model', param: 'model' }])
    expect(warnings[0].message).toMatch(/2026-11-30.*claude-sonnet-4-6/)
  })
})
