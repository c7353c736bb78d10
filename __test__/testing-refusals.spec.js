'use strict'

// What the mock gateway does not accept, and how it says so.

const { startMockGateway } = require('../testing')
const { KEY, CLAUDE, GOOGLE, call } = require('./gateway-calls')

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

const send = (route, body, options) => call(options?.base ?? gateway.url, route, body, options)

describe('what the gateway refuses', () => {
  const messages = [{ role: 'user', content: 'hi' }]
  const said = (content) => [{ role: 'user', content }]

  test('no key: 401, in the shape of the route', async () => {
    const chat = await send(
      '/v1/chat/completions',
      { model: 'm', messages, stream: true },
      { headers: {} }
    )
    expect([chat.status, chat.json]).toEqual([
      401,
      {
        error: {
          message: expect.stringMatching(/^no key provided \(tid: /),
          type: 'Aihubmix_api_error'
        }
      }
    ])
    const native = await send('/v1/messages', {}, { headers: {} })
    expect([native.status, native.json.type]).toEqual([401, 'error'])
  })

  test('any credential will do, in any of its places', async () => {
    const body = { contents: [{ parts: [{ text: 'hi' }] }] }
    const route = '/gemini/v1beta/models/gemini-2.5-flash:generateContent'
    for (const headers of [KEY, CLAUDE, GOOGLE])
      expect((await send(route, body, { headers })).status).toBe(200)
    expect((await send(`${route}?key=sk-test`, body, { headers: {} })).status).toBe(200)
  })

  test('a wrong key is echoed without its sk-', async () => {
    const strict = await startMockGateway({ apiKey: 'sk-right' })
    const ask = (key) =>
      send(
        '/v1/chat/completions',
        { model: 'm', messages },
        { headers: { authorization: `Bearer ${key}` }, base: strict.url }
      )
    const { status, json } = await ask('sk-wrong')
    expect([status, json.error.message]).toEqual([
      401,
      expect.stringMatching(/^Invalid token: wrong \(tid: /)
    ])
    expect((await ask('sk-right')).status).toBe(200)
    await strict.close()
  })

  test('an unknown option', async () => {
    await expect(startMockGateway({ port: 80 })).rejects.toThrow('unknown option "port"')
  })

  test.each([
    ['POST', '/v1/nothing'],
    ['GET', '/v1/chat/completions'],
    ['POST', '/v1/v1/chat/completions'],
    ['POST', '/v1beta/models/x:generateContent']
  ])('an unknown route: %s %s', async (method, route) => {
    const { status, json } = await send(route, method === 'POST' ? {} : undefined, { method })
    expect([status, json.error.message, json.error.type]).toEqual([
      404,
      `Invalid URL (${method} ${route})`,
      'invalid_request_error'
    ])
  })

  test('JSON that is none', async () => {
    const { status, json } = await send('/v1/chat/completions', '{"model":')
    expect([status, json.error.type]).toEqual([400, 'Aihubmix_api_error'])
    expect(gateway.requests[0]).toMatchObject({ body: undefined, bodyText: '{"model":' })
  })

  test.each([
    [{ messages }, 'model'],
    [{ model: 'm' }, "'messages'"],
    [{ model: 'm', messages: [] }, 'empty array'],
    [{ model: 'm', messages: [{ role: 'robot', content: '' }] }, "Invalid value: 'robot'"],
    [{ model: 'm', messages: [{ role: 'tool', tool_call_id: 'x', content: '' }] }, "role 'tool'"],
    [{ model: 'm', messages, tools: [], tool_choice: 'auto' }, 'tool_choice'],
    [{ model: 'o3-pro', messages }, 'only supported in v1/responses']
  ])('chat completions: %j', async (body, message) => {
    const { status, json } = await send('/v1/chat/completions', body)
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(message)])
  })

  test.each([
    [{ input: 'x' }, "'model'"],
    [{ model: 'm' }, "'input'"],
    [{ model: 'gemini-2.5-pro', input: 'x' }, 'get_adaptor_failed'],
    [{ model: 'm', input: [{ type: 'reasoning', id: 'r' }] }, 'summary'],
    [
      { model: 'm', input: [{ type: 'function_call_output', call_id: 'c', output: '' }] },
      'No tool call found'
    ]
  ])('responses: %j', async (body, message) => {
    const { status, json } = await send('/v1/responses', body)
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(message)])
  })

  const claude = { model: 'claude-x', max_tokens: 2000, messages }
  const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }
  const call = { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'a', input: {} }] }
  test.each([
    [{ max_tokens: 1, messages }, 'model: Field required'],
    [{ model: 'claude-x', messages }, 'max_tokens: Field required'],
    [{ ...claude, messages: [] }, 'at least one message'],
    [{ ...claude, messages: [{ role: 'tool', content: 'x' }] }, 'messages.0.role'],
    [{ ...claude, messages: said([{ type: 'text', text: '' }]) }, 'must be non-empty'],
    [{ ...claude, messages: said([marked, marked, marked, marked, marked]) }, 'Found 5'],
    [
      { ...claude, messages: said([{ type: 'tool_result', tool_use_id: 'x' }]) },
      'unexpected `tool_use_id`'
    ],
    [{ ...claude, messages: [...messages, call, ...messages] }, 'without `tool_result` blocks'],
    [
      { ...claude, messages: [...messages, { role: 'assistant', content: 'so ' }] },
      'trailing whitespace'
    ],
    [
      {
        ...claude,
        messages: [
          ...messages,
          { role: 'assistant', content: [{ type: 'thinking', thinking: 'x' }] }
        ]
      },
      'signature: Field required'
    ],
    [
      { ...claude, thinking: { type: 'enabled', budget_tokens: 100 } },
      'greater than or equal to 1024'
    ],
    [
      { ...claude, thinking: { type: 'enabled', budget_tokens: 2000 } },
      'must be greater than `thinking.budget_tokens`'
    ],
    [{ ...claude, temperature: 0.5, thinking: { type: 'adaptive' } }, 'temperature']
  ])('messages: %j', async (body, message) => {
    const { status, json } = await send('/v1/messages', body, { headers: CLAUDE })
    expect([status, json.type, json.error.type]).toEqual([400, 'error', 'invalid_request_error'])
    expect(json.error.message).toContain(message)
  })

  test('but not messages without a version, which clients of the gateway send', async () => {
    expect(await send('/v1/messages', claude)).toMatchObject({ status: 200 })
  })

  test.each([
    ['gemini-2.5-pro', {}, 'contents is not specified'],
    ['gemini-2.5-pro', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }, 'valid role'],
    ['gemini-2.5-pro', { contents: [{ role: 'user', parts: [] }] }, 'must not be empty'],
    [
      'gemini-2.5-pro',
      { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'a' } }] }] },
      'function response parts'
    ],
    ['gemini-2.5-pro-nothink', { contents: [{ parts: [{ text: 'x' }] }] }, 'get_adaptor_failed']
  ])('gemini: %s %j', async (model, body, message) => {
    const { status, json } = await send(`/gemini/v1beta/models/${model}:generateContent`, body, {
      headers: GOOGLE
    })
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(message)])
  })
})
