'use strict'

// Where requests go, whatever form of base URL was given.

const { AihubmixModelClient } = require('..')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

describe('base URLs', () => {
  test.each([
    ['https://aihubmix.com', 'https://aihubmix.com'],
    ['https://aihubmix.com/', 'https://aihubmix.com'],
    ['https://aihubmix.com/v1', 'https://aihubmix.com'],
    ['https://aihubmix.com/v1/', 'https://aihubmix.com'],
    ['https://aihubmix.com/gemini', 'https://aihubmix.com'],
    ['https://aihubmix.com/gemini/v1beta/', 'https://aihubmix.com'],
    ['http://localhost:3000/some/prefix', 'http://localhost:3000/some/prefix'],
    ['http://localhost:3000/some/prefix/v1', 'http://localhost:3000/some/prefix'],
    ['http://localhost:3000/some/prefix/gemini/v1beta', 'http://localhost:3000/some/prefix']
  ])('%s has the root %s, and from it the base of every route', (baseURL, root) => {
    const client = new AihubmixModelClient({ apiKey: KEY, baseURL })
    expect(client.getBaseURL()).toBe(root)
    expect(client.getBaseURL('claude-sonnet-4-6')).toBe(root)
    expect(client.getBaseURL('gemini-3.5-flash')).toBe(`${root}/gemini`)
    expect(client.getBaseURL('imagen-4.0-generate-001')).toBe(`${root}/gemini`)
    expect(client.getBaseURL('gemini-3.5-flash-search')).toBe(`${root}/v1`)
    expect(client.getBaseURL('gpt-5.4-mini')).toBe(`${root}/v1`)
    expect(client.getBaseURL('deepseek-v4-pro')).toBe(`${root}/v1`)
    expect(client.buildRequest(MODEL, HELLO).url).toBe(`${root}/v1/chat/completions`)
  })

  test('keep nothing between calls', async () => {
    const client = context.client()
    client.getBaseURL('claude-sonnet-4-6')
    await client.chatCompletion(MODEL, HELLO)
    expect(client.getBaseURL('claude-sonnet-4-6')).toBe(context.gateway.url)
    expect(client.getBaseURL()).toBe(context.gateway.url)
  })

  test.each([[42], [null], [{}]])('a model that is no text: %p', async (model) => {
    expect(await failureOf(async () => context.client().getBaseURL(model))).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'model'
    })
  })

  test('a prefix is sent', async () => {
    await context
      .client({ baseURL: `${context.gateway.url}/some/prefix/v1` })
      .chatCompletion(MODEL, HELLO)
    expect(context.gateway.requests[0].path).toBe('/some/prefix/v1/chat/completions')
  })

  test('a fallback is used when the first host cannot be reached, and is named in the answer', async () => {
    const client = context.client({
      baseURL: 'http://127.0.0.1:9',
      fallbackBaseURLs: [`${context.gateway.url}/v1`]
    })
    const { aihubmix } = await client.chatCompletion(MODEL, HELLO)
    expect(aihubmix).toMatchObject({ servedBy: context.gateway.url, attempts: 1 })
  })
})
