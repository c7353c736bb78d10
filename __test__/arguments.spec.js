'use strict'

// Arguments that are wrong, and are easily wrong: each is named before anything is sent.

const { execFileSync } = require('node:child_process')
const path = require('node:path')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { startMockGateway } = require('../testing')

const context = useGateway()
const CUT = 'half an emoji \ud83d'

describe('a chat', () => {
  const message = (content, role = 'user') => [HELLO, { role, content }].flat()
  const forgotten = Promise.resolve('hello')
  const schema = { '~standard': { version: 1, vendor: 'x', validate: () => ({}) } }
  const cases = {
    'an option of the request': [{ timeout: 5 }, HELLO, 'timeout', /option of the request/],
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

test.each(['polluted', 'form', 'content', 'answer', 'cause', 'stream', 'type'])(
  '`Object.prototype.%s` of somebody else changes nothing',
  async (name) => {
    const gateway = await startMockGateway()
    const client = context.client({ baseURL: gateway.url })
    const define = (value) =>
      Object.defineProperty(Object.prototype, name, {
        __proto__: null,
        value,
        enumerable: true,
        configurable: true
      })
    define('text')
    try {
      expect((await client.chatCompletion(MODEL, HELLO)).choices).toHaveLength(1)
      expect((await client.embeddings.create({ model: 'e', input: 'x' })).data).toHaveLength(1)
    } finally {
      delete Object.prototype[name]
      await gateway.close()
    }
  }
)

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
