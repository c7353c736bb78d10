'use strict'

// The mock gateway counts what a vendor's prompt cache would read and write; explainCache says why.

const { PromptCache } = require('../testing/prompt-cache')
const { MODEL, useGateway } = require('./support/gateway')

const context = useGateway()
const MANUAL = 'The office opens at nine. The coffee machine is on the second floor. '.repeat(400)
const asked = (system, question) => [
  { role: 'system', content: system },
  { role: 'user', content: question }
]

async function figures(client, model, messages) {
  const { usage, aihubmix } = await client.chatCompletion(model, messages, { max_tokens: 50 })
  const { cached_tokens: read = 0, cache_creation_tokens: written = 0 } =
    usage.prompt_tokens_details ?? {}
  expect(read + written).toBeLessThanOrEqual(usage.prompt_tokens)
  return { read, written, prompt: usage.prompt_tokens, aihubmix }
}

describe('what explainCache says is what the answer counts', () => {
  test.each(['claude-sonnet-4-6', 'gemini-3.5-flash', MODEL, 'gpt-5.5-pro', 'deepseek-v4-pro'])(
    '%s',
    async (model) => {
      const client = context.client()
      const first = asked(`<cache>${MANUAL}</cache>`, 'When does the office open?')
      const cold = await figures(client, model, first)
      expect(cold.read).toBe(0)
      for (const [next, parts] of [
        [first, false],
        [asked(`<cache>${MANUAL}</cache>`, 'Where is the coffee?'), false],
        [asked(`<cache>It is Monday. ${MANUAL}</cache>`, 'When?'), true]
      ]) {
        const { shared } = client.explainCache(model, first, next)
        const { read } = await figures(client, model, next)
        expect(shared === 0).toBe(parts)
        if (parts) expect(read).toBe(0)
        else expect(Math.abs(read - shared) / read).toBeLessThan(0.35)
      }
    }
  )
})

test("Claude's marks have lifetimes, in usage and in cost", async () => {
  const client = context.client({ pricing: 'catalog' })
  await client.models.info('claude-sonnet-4-6')
  const block = (text, ttl) => ({
    type: 'text',
    text,
    cache_control: { type: 'ephemeral', ...(ttl && { ttl }) }
  })
  const messages = [
    { role: 'system', content: [block(MANUAL, '1h'), block(`More. ${MANUAL}`)] },
    { role: 'user', content: 'When?' }
  ]
  const ask = async () => {
    const { written, read, aihubmix } = await figures(client, 'claude-sonnet-4-6', messages)
    const kinds = Object.fromEntries(aihubmix.cost.parts.map(({ kind, tokens }) => [kind, tokens]))
    return { written, read, kinds }
  }
  const cold = await ask()
  expect(cold.kinds.cache_write_1h).toBeGreaterThan(6_000)
  expect(cold.kinds.cache_write_5m).toBeGreaterThan(6_000)
  expect(cold.kinds.cache_write_1h + cold.kinds.cache_write_5m).toBe(cold.written)
  const warm = await ask()
  expect(warm).toMatchObject({ written: 0, read: cold.written })
  expect(warm.kinds.cache_read).toBe(cold.written)
})

test('streams say the same, another model starts anew, reset forgets', async () => {
  const client = context.client()
  const messages = asked(MANUAL, 'When?')
  const { prompt } = await figures(client, MODEL, messages)
  const stream = await client.chatCompletion(MODEL, messages, { stream: true })
  const { usage } = await stream.finalChatCompletion()
  expect(usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(prompt * 0.9)
  expect(await figures(client, 'gpt-5.5', messages)).toMatchObject({ read: 0 })
  context.gateway.reset()
  expect(await figures(client, MODEL, messages)).toMatchObject({ read: 0 })
})

test('what is short, or given by a script, is not counted', async () => {
  const client = context.client()
  const short = asked('Be brief. '.repeat(300), 'When?')
  for (let n = 0; n < 2; n++) expect(await figures(client, MODEL, short)).toMatchObject({ read: 0 })
  const usage = { prompt_tokens: 9_000, prompt_tokens_details: { cached_tokens: 4_321 } }
  context.gateway.enqueue({ chat: { content: 'hi', usage } })
  const scripted = await figures(client, MODEL, asked(MANUAL, 'When?'))
  expect(scripted).toMatchObject({ read: 4_321, prompt: 9_000 })
})

test('what was kept is forgotten after its time', () => {
  let now = 0
  const cache = new PromptCache(() => now)
  const body = (ttl) => ({
    messages: [
      { role: 'user', content: [{ text: MANUAL, cache_control: { type: 'ephemeral', ttl } }] }
    ]
  })
  const minute = 60_000
  for (const [ttl, minutes] of [
    ['5m', 5],
    ['1h', 60]
  ]) {
    const count = () => cache.count(`model ${ttl}`, body(ttl), true)
    expect(count().read).toBe(0)
    now += minutes * minute - 1
    expect(count().read).toBeGreaterThan(6_000)
    now += minutes * minute
    expect(count().read).toBe(0)
  }
  expect(cache.count('m', { messages: [{ role: 'user', content: MANUAL }] }, true)).toEqual({
    read: 0,
    written5m: 0,
    written1h: 0
  })
})
