'use strict'

// How many tokens there are, and what goes where they are too many: as functions, and as an option.

const fs = require('node:fs')
const path = require('node:path')
const { estimateTokens, fitMessages } = require('..')
const { HELLO, MODEL, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const MODELS = ['claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4', 'deepseek-v4-pro']
const turn = (n) => [
  { role: 'user', content: `question ${n} ${'word '.repeat(50)}` },
  { role: 'assistant', content: `answer ${n}` }
]
const LONG = [
  { role: 'system', content: 'be brief' },
  ...[1, 2, 3, 4].flatMap(turn),
  { role: 'user', content: 'and now?' }
]

test.each(MODELS)('%s: an estimate lies within its bounds and grows with what is sent', (model) => {
  const small = estimateTokens(model, HELLO)
  const large = estimateTokens(model, LONG)
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }]
  const more = estimateTokens(model, LONG, { tools })
  for (const { tokens, low, high } of [small, large, more]) {
    expect(low).toBeLessThanOrEqual(tokens)
    expect(tokens).toBeLessThanOrEqual(high)
  }
  expect(large.tokens).toBeGreaterThan(small.tokens + 180)
  expect(more.tokens).toBeGreaterThan(large.tokens)
})

test('what stays are the very messages, whole turns of them', () => {
  const { messages, dropped, tokens } = fitMessages(MODEL, LONG, { limit: 250, reserve: 50 })
  expect(tokens).toBeLessThanOrEqual(200)
  expect(dropped.length % 2).toBe(0)
  expect(dropped.length).toBeGreaterThan(0)
  expect([messages[0], ...dropped, ...messages.slice(1)]).toEqual(LONG)
  for (const message of messages) expect(LONG).toContain(message)
  expect(fitMessages(MODEL, LONG).dropped).toEqual([])
})

test.each([
  [{ limit: -1 }, 'limit'],
  [{ reserve: 1.5 }, 'reserve'],
  [{ limit: '5' }, 'limit']
])('%j is refused', async (options, param) => {
  const error = await failureOf(() => fitMessages(MODEL, HELLO, options))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param })
})

test('a model of unknown length needs a limit', async () => {
  const error = await failureOf(() => fitMessages('unheard-of', HELLO))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'limit' })
  expect(fitMessages('unheard-of', HELLO, { limit: 100 }).messages).toEqual(HELLO)
})

describe('the option', () => {
  const fit = { limit: 250, reserve: 50 }
  const codes = ({ warnings }) => warnings.map(({ code }) => code)

  test.each(MODELS)('%s: what goes is said, whole, streamed and in a dry run', async (model) => {
    const client = context.client({ fit })
    const built = client.buildRequest(model, LONG)
    expect(codes(built)).toEqual(['fitted'])
    expect(built.warnings[0].message).toMatch(/messages 1-\d/)
    expect(built.bodyText).not.toContain('question 1')
    expect(built.bodyText).toContain('question 4')
    const answer = await client.chatCompletion(model, LONG)
    const stream = await client.chatCompletion(model, LONG, { stream: true })
    const folded = await stream.finalChatCompletion()
    expect([codes(answer.aihubmix), codes(folded.aihubmix)]).toEqual([['fitted'], ['fitted']])
    for (const { body } of context.gateway.requests) expect(body).toEqual(expect.any(Object))
    expect(JSON.stringify(context.gateway.requests[0].body)).not.toContain('question 1')
  })

  test('a fallback is fitted by itself', () => {
    const request = { fit: { reserve: 270_900 }, fallback: ['gpt-5.5'] }
    const built = context
      .client()
      .buildRequest(
        'gpt-5.4-mini',
        [...LONG, ...LONG.slice(1)].concat(
          Array.from({ length: 20 }, (_, n) => turn(n)).flat(),
          HELLO
        ),
        {},
        request
      )
    expect(codes(built)).toEqual(['fitted'])
    expect(codes(built.fallback[0])).toEqual([])
  })

  test('a call may have its own, or none; a short conversation is sent as it is', () => {
    const client = context.client({ fit })
    expect(codes(client.buildRequest(MODEL, LONG, {}, { fit: false }))).toEqual([])
    expect(codes(client.buildRequest(MODEL, LONG, {}, { fit: {} }))).toEqual([])
    expect(client.buildRequest(MODEL, HELLO).bodyText).toBe(
      context.client().buildRequest(MODEL, HELLO).bodyText
    )
  })

  test('what cannot fit is sent, with a warning', () => {
    const client = context.client({ fit: { limit: 10, reserve: 0 } })
    expect(codes(client.buildRequest(MODEL, LONG))).toEqual(['fitted', 'not_fitted'])
    expect(codes(context.client({ fit: {} }).buildRequest('unheard-of', LONG))).toEqual([
      'not_fitted'
    ])
  })

  test.each([[5], [true], [{ reserve: -1 }], [{ limits: 5 }]])('%j is no fit', async (wrong) => {
    const error = await failureOf(() => context.client({ fit: wrong }))
    expect(error.code).toBe('CONFIG_ERROR')
    expect(error.param).toMatch(/^fit/)
  })
})

test('estimates are close to a real vocabulary, for documents and code', () => {
  const { getEncoding } = require('js-tiktoken')
  const vocabulary = getEncoding('o200k_base')
  const texts = ['docs', 'lib', 'src/client', 'types', 'README.zh-CN.md'].flatMap(textsOf)
  const frame = estimateTokens('gpt-5.4', HELLO).tokens - 1
  const errors = texts.map((text) => {
    const { tokens, low, high } = estimateTokens('gpt-5.4', [{ role: 'user', content: text }])
    const real = vocabulary.encode(text).length
    return { share: Math.abs(tokens - frame - real) / real, inside: low <= real && real <= high }
  })
  const close = errors.filter(({ share }) => share < 0.1).length
  expect(texts.length).toBeGreaterThan(100)
  expect(close / texts.length).toBeGreaterThan(0.9)
  expect(errors.filter(({ inside }) => inside).length / texts.length).toBeGreaterThan(0.9)
})

// The files of a folder of this project, or a file of it: up to 4,000 characters of each.
function textsOf(name) {
  const root = path.join(__dirname, '..', name)
  if (!fs.statSync(root).isDirectory()) return [fs.readFileSync(root, 'utf8').slice(0, 4_000)]
  const names = fs.readdirSync(root).filter((file) => /\.(md|js|ts|rs)$/.test(file))
  return names.map((file) => fs.readFileSync(path.join(root, file), 'utf8').slice(0, 4_000))
}
