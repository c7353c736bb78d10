'use strict'

// Arguments that are wrong, and are easily wrong: each is named before anything is sent.

const { execFileSync } = require('node:child_process')
const path = require('node:path')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { AihubmixModelClient } = require('..')
const { runScript } = require('./support/child')
const { startMockGateway } = require('../testing')

const context = useGateway()
const CUT = 'half an emoji \ud83d'

describe('a chat', () => {
  const message = (content, role = 'user') => [HELLO, { role, content }].flat()
  const forgotten = Promise.resolve('hello')
  const schema = { '~standard': { version: 1, vendor: 'x', validate: () => ({}) } }
  const cases = {
    'an option of the request': [{ timeout: 5 }, HELLO, 'timeout', /option of the request/],
    'an option of the client': [{ cacheTags: 'all' }, HELLO, 'cacheTags', /option of the client/],
    'a forgotten await for a message': [{}, [forgotten], 'messages[0]', /await/],
    'a user without content': [{}, message(undefined), 'messages[1].content', /missing/],
    'a tool without content': [{}, message(undefined, 'tool'), 'messages[1].content', /missing/],
    'a forgotten await': [{}, message(forgotten), 'messages[1].content', /await/],
    'a forgotten await for the messages': [{}, forgotten, 'messages', /await/],
    'a Map': [{}, message(new Map()), 'messages[1].content', /must be a string/],
    bytes: [{}, message(Buffer.from('x')), 'messages[1].content', /must be a string/],
    'a number': [{}, message(5), 'messages[1].content', /must be a string/],
    'no message': [{}, [null], 'messages[0]', /must be a message/],
    'a schema of another library': [{ response_format: schema }, HELLO, 'response_format', /parse/]
  }
  test.each(Object.entries(cases))('with %s', async (_name, [options, messages, param, words]) => {
    const client = context.client()
    for (const attempt of [
      () => client.chatCompletion(MODEL, messages, options),
      () => client.chat.completions.create({ model: MODEL, messages, ...options }),
      () => client.buildRequest(MODEL, messages, options)
    ]) {
      const error = await failureOf(attempt)
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', param })
      expect(error.message).toMatch(words)
    }
    expect(context.gateway.requests).toHaveLength(0)
  })

  test('as one object is told where that belongs', async () => {
    const body = { model: MODEL, messages: HELLO }
    expect((await failureOf(context.client().chatCompletion(body))).message).toMatch(
      /create\(body\)/
    )
  })

  test('may leave the content of an assistant out, or write null', async () => {
    const calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }]
    const messages = [
      ...HELLO,
      { role: 'assistant', tool_calls: calls },
      { role: 'tool', tool_call_id: 'c', content: 'x' },
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'c', content: 'x' }
    ]
    expect((await context.client().chatCompletion(MODEL, messages)).choices).toHaveLength(1)
  })
})

test('a forgotten await for the model is said, in either form', async () => {
  const client = context.client()
  const model = Promise.resolve(MODEL)
  for (const attempt of [
    () => client.chatCompletion(model, HELLO),
    () => client.chatCompletion(model),
    () => client.chat.completions.create({ model, messages: HELLO })
  ]) {
    const error = await failureOf(attempt)
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'model' })
    expect(error.message).toMatch(/await/)
  }
})

test.each([
  ['chat.completions.create', { model: MODEL, messages: HELLO, stream: true }],
  ['responses.create', { model: 'gpt-5.5', input: 'x', stream: true }],
  ['messages.create', { model: 'claude-sonnet-4-6', max_tokens: 9, messages: HELLO, stream: true }],
  [
    'gemini.generateContent',
    { model: 'gemini-3.5-flash', contents: [{ parts: [{ text: 'x' }] }], stream: true }
  ],
  ['audio.speech.create', { model: 'tts-1', voice: 'alloy', input: 'x' }],
  ['responses.retrieve', 'resp_1', { stream: true }],
  ['request', { method: 'GET', path: '/v1/models', stream: true }]
])('a loop over the promise of %s says what is missing', async (path, ...args) => {
  const names = path.split('.')
  const owner = names.slice(0, -1).reduce((at, name) => at[name], context.client())
  const promise = owner[names.at(-1)](...args)
  promise.catch(() => {})
  const loop = async () => {
    for await (const _ of promise);
  }
  expect(await failureOf(loop)).toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringMatching(/await/)
  })
  await promise.then((stream) => stream.abort?.()).catch(() => {})
})

test.each([
  [
    'chat.completions.create',
    { model: MODEL, messages: HELLO, temperature: Promise.resolve(1) },
    'temperature'
  ],
  ['responses.create', { model: 'gpt-5.5', input: Promise.resolve('x') }, 'input'],
  ['embeddings.create', { model: 'e', input: Promise.resolve(['x']) }, 'input'],
  [
    'messages.create',
    { model: 'claude-sonnet-4-6', max_tokens: 9, messages: Promise.resolve([]) },
    'messages'
  ],
  [
    'gemini.generateContent',
    { model: 'gemini-3.5-flash', contents: Promise.resolve([]) },
    'contents'
  ],
  ['rerank.create', { model: 'r', query: 'x', documents: Promise.resolve([]) }, 'documents']
])('%s with a promise in its body says which', async (path, body, param) => {
  const names = path.split('.')
  const owner = names.slice(0, -1).reduce((at, name) => at[name], context.client())
  const error = await failureOf(owner[names.at(-1)](body))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param })
  expect(error.message).toMatch(/it is a promise, which wants an `await`/)
})

test('a stream that was not awaited says so where it is iterated', async () => {
  const client = context.client()
  const body = { model: MODEL, messages: HELLO, stream: true }
  for (const stream of [
    client.chatCompletion(MODEL, HELLO, { stream: true }),
    client.chat.completions.create(body)
  ]) {
    const loop = (async () => {
      for await (const _ of stream);
    })()
    expect((await failureOf(loop)).message).toMatch(/await/)
    await stream
  }
})

test('an option in another spelling is said where a server would pass over it', async () => {
  const client = context.client()
  for (const model of [MODEL, 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
    const { warnings } = client.buildRequest(model, HELLO, { maxTokens: 5 })
    expect(warnings).toEqual([
      expect.objectContaining({
        param: 'maxTokens',
        message: expect.stringMatching(/did you mean `max_tokens`\?/)
      })
    ])
  }
  // Google's own.
  const options = { topP: 0.5, generationConfig: { topK: 3 } }
  expect(client.buildRequest('gemini-3.5-flash', HELLO, options).warnings).toEqual([])
})

test.each([
  ['request', { url: '/v1/x' }, 'url', /unknown member of `options`: url \(did you mean path\?\)/],
  ['request', { path: '/v1/x', boddy: {} }, 'boddy', /did you mean body\?/],
  ['request', Promise.resolve({ path: '/v1/x' }), 'options', /await/],
  ['request', { path: '/v1/x' }, 'abortSignal', /did you mean signal\?/, { abortSignal: 1 }],
  ['embeddings.create', { model: 'e', input: 'x', signal: {} }, 'signal', /option of the request/],
  [
    'embeddings.create',
    { model: 'e', input: 'x' },
    'max_retries',
    /maxRetries/,
    { max_retries: 1 }
  ],
  ['images.generate', Promise.resolve({}), 'body', /await/],
  ['images.edit', { model: 'x', prompt: 'x', image: Promise.resolve('x') }, 'image', /await/],
  ['messages.create', { maxRetries: 1 }, 'maxRetries', /option of the request/],
  ['videos.waitFor', 'v', 'intervall', /did you mean interval\?/, undefined, { intervall: 5 }]
])('`%s` names what it does not know: %p', async (name, first, ...rest) => {
  const [param, words, request, second] = rest
  const client = context.client()
  const [parent, method] = name.split('.')
  const owner = method === undefined ? client : client[parent]
  const args = second === undefined ? [first, request] : [first, second, request]
  const error = await failureOf(owner[method ?? parent](...args))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param })
  expect(error.message).toMatch(words)
  expect(context.gateway.requests).toHaveLength(0)
})

describe('a file', () => {
  const base64 = (text) => Buffer.alloc(9000, text).toString('base64')
  test.each([
    ['base64', base64('What a file 0123 holds')],
    ['base64 in lines', base64('What a file 0123 holds').replaceAll(/.{76}/g, '$&\n')],
    ['base64 of a JPEG', `/9j/${base64('Holds 1')}`],
    ['a data URL', `data:image/png;base64,${base64('What')}`],
    ['an address', `https://example.com/${'x'.repeat(9000)}`]
  ])('given as %s is told so, in short', async (_name, file) => {
    const client = context.client()
    for (const call of [
      client.audio.transcriptions.create({ model: 'whisper-1', file }),
      client.audio.transcriptions.create({
        model: 'whisper-1',
        file: { content: file, name: 'x.mp3' }
      })
    ]) {
      const error = await failureOf(call)
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'file' })
      expect(error.message).toMatch(/base64|data URL|address/)
      expect(error.message.length).toBeLessThan(180)
      expect(error.message).not.toContain(file.slice(0, 40))
    }
    expect(context.gateway.requests).toHaveLength(0)
  })

  test('that does not exist is named in short', async () => {
    const file = `/nowhere/${'long/'.repeat(2000)}`
    const error = await failureOf(
      context.client().audio.transcriptions.create({ model: 'whisper-1', file })
    )
    expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'file' })
    expect(error.message.length).toBeLessThan(180)
  })
})

describe('a key', () => {
  test.each([['Bearer sk-secretsecret1'], ['bearer  sk-secretsecret1'], ['sk-1\nsecretsecret1']])(
    'that is no key alone is refused, and not shown',
    async (apiKey) => {
      for (const attempt of [
        () => context.client({ apiKey }),
        () => context.client({ apiKey: async () => apiKey }).models.list()
      ]) {
        const error = await failureOf(attempt)
        expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'apiKey' })
        expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/secret/)
      }
    }
  )

  test('under another name is told so before it is missed', async () => {
    const error = await failureOf(() => new AihubmixModelClient({ api_key: 'sk-secretsecret1' }))
    expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'api_key' })
    expect(error.message).toBe('unknown option: api_key (did you mean apiKey?)')
  })
})

describe('half a surrogate pair becomes U+FFFD', () => {
  const image = { content: Buffer.from('x'), name: `${CUT}.png`, type: 'image/png' }

  test('in forms and file names', async () => {
    const client = context.client()
    await client.images.edit({ model: 'gpt-image-2', prompt: CUT, image })
    await client.audio.transcriptions.create({ model: 'w', prompt: CUT, file: Buffer.alloc(9) })
    for (const { bodyText } of context.gateway.requests)
      expect(bodyText).toContain('half an emoji \ufffd')
    expect(context.gateway.requests).toHaveLength(2)
  })

  test('in queries', async () => {
    const query = { q: CUT, '\\ud83d': 'kept' }
    await context.client().request({ method: 'GET', path: '/v1/models', query })
    expect(context.gateway.requests[0].query).toEqual({
      q: 'half an emoji \ufffd',
      '\\ud83d': 'kept'
    })
  })

  test('and a header that cannot be sent is named', async () => {
    const request = { headers: { 'x-note': CUT } }
    expect(
      await failureOf(context.client().chatCompletion(MODEL, HELLO, {}, request))
    ).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'headers.x-note'
    })
  })
})

test.each([['--no-addons'], ['--experimental-permission', '--allow-fs-read=*']])(
  'where addons are forbidden (%s) the error says so',
  (...flags) => {
    const program = `try { require(${JSON.stringify(path.join(__dirname, '..'))}) } catch (error) { console.log(error.message) }`
    // Newer versions know the flag under its final name only.
    const known = flags.filter(
      (flag) =>
        flag.startsWith('--no') || process.allowedNodeEnvironmentFlags.has(flag.split('=')[0])
    )
    if (known.length < flags.length) return
    const said = execFileSync(process.execPath, [...flags, '-e', program], {
      encoding: 'utf8',
      stdio: 'pipe'
    })
    expect(said).toMatch(/told to load no addons/)
    expect(said).not.toMatch(/not installed/)
  }
)

// Only what nobody's code survives is not here: `then`, `return` and their like, which the language itself asks for.
test('whatever somebody has added to `Object.prototype`, every kind of call works', async () => {
  const gateway = await startMockGateway()
  const names =
    'polluted get set signal value writable enumerable configurable toJSON headers timeout maxRetries status code message cause stream body param done method path query type name model content detailed answer form json length text close href data error key id'
  try {
    const args = [gateway.url, ...names.split(' ')]
    expect(await runScript('polluted', { args })).toMatchObject({ code: 0, stdout: '', stderr: '' })
  } finally {
    await gateway.close()
  }
})

test('members named `__proto__` and `constructor` are data', async () => {
  const options = JSON.parse('{"metadata":{"__proto__":{"x":1},"constructor":"c"}}')
  context.gateway.enqueue({ json: JSON.parse('{"__proto__":{"x":1},"constructor":"c","data":[]}') })
  const client = context.client()
  const answer = await client.request({ method: 'POST', path: '/v1/x', body: options })
  expect(Object.keys(answer)).toEqual(['__proto__', 'constructor', 'data'])
  expect(Object.keys(context.gateway.requests[0].body.metadata)).toEqual([
    '__proto__',
    'constructor'
  ])
  expect({}.x).toBeUndefined()
})
