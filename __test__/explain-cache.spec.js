'use strict'

// Where the requests of two conversations part.

const { partingOf } = require('../lib/explain-cache')
const { MODEL, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const MODELS = ['claude-sonnet-4-6', 'gemini-3.5-flash', MODEL, 'gpt-5.5-pro']
const talk = (system, ...texts) => [
  { role: 'system', content: system },
  ...texts.map((content, n) => ({ role: n % 2 === 0 ? 'user' : 'assistant', content }))
]

describe('the first difference', () => {
  const count = (text) => text.length
  const message = (content) => ({ role: 'user', content })
  const same = { model: 'm', messages: [message('a'), message('b')] }
  const first = message('a')
  test.each([
    [same, undefined, undefined],
    [{ ...same, messages: [...same.messages, message('c')] }, undefined, undefined],
    [{ ...same, temperature: 1 }, undefined, undefined],
    [{ ...same, messages: [first, message('x')] }, 'messages[1].content', 'changed'],
    [{ ...same, messages: [first] }, 'messages[1]', 'removed'],
    [{ ...same, messages: [first, { ...message('b'), name: 'n' }] }, 'messages[1].name', 'added'],
    [{ ...same, messages: [first, { content: 'b', role: 'user' }] }, 'messages[1]', 'reordered'],
    [{ ...same, messages: [first, { ...message('b'), cache_control: {} }] }, undefined, undefined],
    [{ ...same, tools: [{ name: 't' }] }, 'tools[0]', 'added'],
    [{ ...same, model: 'n' }, 'model', 'changed']
  ])('%j: %s %s', (next, path, change) => {
    const parting = partingOf('openai', same, next, count)
    expect([parting.path, parting.change]).toEqual([path, change])
    const whole = JSON.stringify(message('a')).length * 2
    expect(parting.shared + parting.behind).toBe(whole)
    if (path === undefined) expect(parting.behind).toBe(0)
  })
})

test.each(MODELS)('%s: none while messages are added, else its place', async (model) => {
  const client = context.client()
  const before = talk('be brief', 'one', 'two', 'three')
  const after = [...before, ...talk('', 'five').slice(1)]
  const grown = client.explainCache(model, before.slice(0, 2), before)
  expect(grown).toMatchObject({ same: true, behind: 0 })
  expect(grown.route).toBe(client.buildRequest(model, after).route)
  expect(grown.shared).toBeGreaterThan(0)
  const edited = client.explainCache(model, before, talk('be brief', 'one', 'other', 'three'))
  expect(edited).toMatchObject({ same: false, change: 'changed' })
  expect(edited.path).toMatch(/^(?:messages|contents|input)\[[12]\]/)
  expect(edited.shared).toBeGreaterThan(0)
  expect(edited.behind).toBeGreaterThan(0)
  const instructed = client.explainCache(model, before, talk('be kind', 'one', 'two', 'three'))
  expect(instructed).toMatchObject({ same: false, shared: 0 })
  expect(context.gateway.requests).toEqual([])
})

test('what cannot be sent cannot be explained', async () => {
  const error = await failureOf(() => context.client().explainCache(MODEL, [], []))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'messages' })
})
