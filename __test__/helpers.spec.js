'use strict'

// The synchronous functions of the guide, and the routes.

const {
  fixToolChoice,
  setFileExtension,
  processCacheTags,
  routeModel,
  resolveRoute,
  AihubmixModelClient
} = require('..')
const { HELLO, failureOf } = require('./support/gateway')

describe('fixToolChoice', () => {
  test('takes the choice away when there is nothing to choose from', () => {
    for (const choice of ['auto', 'required', { type: 'function', function: { name: 'f' } }]) {
      const body = { model: 'm', tools: [], tool_choice: choice }
      expect(fixToolChoice(body)).toBe(body)
      expect(body).toEqual({ model: 'm', tools: [] })
    }
  })

  test.each([
    [{ tools: [{ type: 'function' }], tool_choice: 'auto' }],
    [{ tool_choice: 'auto' }],
    [{ tools: null, tool_choice: 'auto' }],
    [{ tools: {}, tool_choice: 'auto' }],
    [{ tools: [], tool_choice: '' }],
    [{ tools: [], tool_choice: null }],
    [{ tools: [] }],
    [{}]
  ])('leaves %j untouched', (body) => {
    const before = structuredClone(body)
    expect(fixToolChoice(body)).toBe(body)
    expect(body).toEqual(before)
  })
})

describe('setFileExtension', () => {
  test.each([
    ['audio/mpeg', 'mp3'],
    ['audio/wav', 'wav'],
    ['audio/flac', 'flac'],
    ['AUDIO/MPEG', 'mp3'],
    ['Audio/WebM;codecs=opus', 'webm'],
    [' audio/wav ; rate=16000', 'wav'],
    ['audio/ogg', 'ogg'],
    ['audio/mp4', 'mp4'],
    ['audio/x-m4a', 'm4a'],
    ['image/png', 'png'],
    ['image/jpeg', 'jpg'],
    ['image/webp', 'webp'],
    ['video/mp4', 'mp4'],
    ['application/pdf', 'pdf'],
    ['text/plain', 'txt'],
    ['application/json', 'json'],
    ['application/x-nobody-knows', 'bin'],
    ['', 'bin'],
    ['audio', 'bin'],
    ['audio/', 'bin'],
    ['/mpeg', 'bin'],
    [';', 'bin'],
    ['../../etc/passwd', 'bin'],
    ['constructor', 'bin'],
    ['__proto__', 'bin']
  ])('%j is %s', (type, extension) => {
    expect(setFileExtension(type)).toBe(extension)
  })

  test('of what is no text is bin', () => {
    for (const odd of [undefined, null, 42, {}, [], Symbol('x'), 1n])
      expect(setFileExtension(odd)).toBe('bin')
  })
})

describe('processCacheTags', () => {
  const cacheControl = { type: 'ephemeral' }
  test.each([
    ['plain', { content: 'plain' }],
    ['', { content: '' }],
    ['<cache>', { content: '', cacheControl }],
    ['<cache>all of it</cache>', { content: 'all of it', cacheControl }],
    ['before <cache>inside</cache> after', { content: 'before inside after', cacheControl }],
    ['<cache>a</cache><cache>b</cache>', { content: 'ab', cacheControl }],
    ['unclosed <cache>tag', { content: 'unclosed tag', cacheControl }],
    ['only a closing </cache>', { content: 'only a closing </cache>' }],
    ['<cache><cache>twice</cache></cache>', { content: 'twice', cacheControl }],
    ['< cache>', { content: '< cache>' }],
    ['世界<cache>😀</cache>', { content: '世界😀', cacheControl }]
  ])('%j', (content, expected) => {
    const result = processCacheTags(content)
    expect(result).toEqual(expected)
    expect(Object.keys(result)).toEqual(Object.keys(expected))
  })

  test('of what is no text is an error that names it', async () => {
    for (const odd of [undefined, null, 42, {}]) {
      expect(await failureOf(async () => processCacheTags(odd))).toMatchObject({
        code: 'INVALID_REQUEST',
        param: 'content'
      })
    }
  })

  test('a result is the caller’s own', () => {
    processCacheTags('<cache>a').cacheControl.type = 'changed'
    expect(processCacheTags('<cache>a').cacheControl).toEqual(cacheControl)
  })
})

describe('routes', () => {
  test.each([
    ['claude-sonnet-4-6', 'anthropic', 'anthropic', ''],
    ['Claude-3-5-Sonnet', 'anthropic', 'anthropic', ''],
    ['anthropic/claude-sonnet-4-5', 'openai', 'openai', '/v1'],
    ['gemini-3.5-flash', 'gemini', 'gemini', '/gemini'],
    ['GEMINI-2.5-PRO', 'gemini', 'gemini', '/gemini'],
    ['imagen-4.0-generate-001', 'gemini', 'gemini', '/gemini'],
    ['gemini-3.5-flash-nothink', 'openai', 'openai', '/v1'],
    ['gemini-3.5-flash-search', 'openai', 'openai', '/v1'],
    ['gemini-embedding-001', 'openai', 'openai', '/v1'],
    ['gpt-5.4-mini', 'openai', 'openai', '/v1'],
    ['gpt-oss-120b', 'openai', 'openai', '/v1'],
    ['deepseek-v3.2', 'openai', 'openai', '/v1'],
    ['gpt-5.4-pro', 'openai', 'openai-responses', '/v1'],
    ['gpt-5.5-pro', 'openai', 'openai-responses', '/v1']
  ])('%s: family %s, route %s', (model, family, route, base) => {
    expect(routeModel(model)).toBe(family)
    expect(resolveRoute(model)).toEqual({ route, family, baseURL: `https://aihubmix.com${base}` })
    expect(new AihubmixModelClient('sk-test-key').getBaseURL(model)).toBe(
      `https://aihubmix.com${base}`
    )
  })

  test.each([
    ['gpt-5.4-mini', 'openai-responses'],
    ['chatgpt-4o-latest', 'openai-responses'],
    ['o1', 'openai-responses'],
    ['o4-mini', 'openai-responses'],
    ['openai/o3', 'openai-responses'],
    ['veo3.1', 'openai'],
    ['gpt-oss-120b', 'openai'],
    ['gpt-image-2', 'openai'],
    ['gpt-4o-audio-preview', 'openai'],
    ['gpt-4o-transcribe', 'openai'],
    ['gpt-4o-search-preview', 'openai'],
    ['gpt-4o-image-vip', 'openai'],
    ['claude-sonnet-4-6', 'anthropic'],
    ['gemini-3.5-flash', 'gemini']
  ])('with `auto`, %s takes the route %s', (model, route) => {
    expect(resolveRoute(model, { openaiApi: 'auto' }).route).toBe(route)
  })

  test('with `responses`, everything of OpenAI’s family does what the option says', () => {
    expect(resolveRoute('gpt-5.4-mini', { openaiApi: 'responses' }).route).toBe('openai-responses')
    expect(resolveRoute('claude-sonnet-4-6', { openaiApi: 'responses' }).route).toBe('anthropic')
  })

  test('the route may depend on what is asked', async () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }]
    const client = new AihubmixModelClient('sk-test-key')
    for (const [model, request, route] of [
      ['gpt-5.5', {}, 'openai'],
      ['gpt-5.5', { tools }, 'openai-responses'],
      ['gpt-5.5', { tools, reasoning_effort: 'none' }, 'openai'],
      ['gpt-5.4', { tools }, 'openai'],
      ['claude-sonnet-4-6', { tools }, 'anthropic']
    ]) {
      expect(resolveRoute(model, { request }).route).toBe(route)
      expect(client.buildRequest(model, HELLO, request).route).toBe(route)
    }
    const fixed = { openaiApi: 'chat-completions', request: { tools } }
    expect(resolveRoute('gpt-5.5', fixed).route).toBe('openai')
    for (const [odd, param] of [
      [[], 'request'],
      ['tools', 'request'],
      [{ tools: 1n }, 'tools']
    ])
      expect(await failureOf(async () => resolveRoute('gpt-5.5', { request: odd }))).toMatchObject({
        code: 'INVALID_REQUEST',
        param
      })
  })

  test('a call may take another route', () => {
    const client = new AihubmixModelClient('sk-test-key')
    expect(client.buildRequest('claude-sonnet-4-6', HELLO, {}, { route: 'openai' })).toMatchObject({
      route: 'openai',
      url: 'https://aihubmix.com/v1/chat/completions',
      body: { model: 'claude-sonnet-4-6' }
    })
  })

  test('mistakes are errors that name the parameter', async () => {
    for (const odd of [undefined, null, 42, {}]) {
      expect(await failureOf(async () => routeModel(odd))).toMatchObject({
        code: 'INVALID_REQUEST',
        param: 'model'
      })
      expect(await failureOf(async () => resolveRoute(odd))).toMatchObject({
        code: 'INVALID_REQUEST',
        param: 'model'
      })
    }
    for (const odd of ['chat', 42, {}]) {
      const error = await failureOf(async () => resolveRoute('gpt-5.4', { openaiApi: odd }))
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'openaiApi' })
    }
    for (const nothing of [undefined, null, {}])
      expect(resolveRoute('gpt-5.4', nothing).route).toBe('openai')
  })
})
