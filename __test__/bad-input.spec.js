'use strict'

// What callers get wrong is an error that names it; nothing is sent, nothing throws anything else.

const { AihubmixError } = require('..')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

const circle = { name: 'circle' }
circle.self = circle
const throwing = {
  toJSON() {
    throw new TypeError('toJSON is broken')
  }
}
const getter = {
  get broken() {
    throw new TypeError('the getter is broken')
  }
}
let deep = []
for (let n = 0; n < 100_000; n += 1) deep = [deep]

const user = (content) => [{ role: 'user', content }]

// Each as [what, arguments of chatCompletion, the parameter at fault].
const MISTAKES = [
  ...[undefined, null, 42, '', '  ', {}, [], true, Symbol('m')].map((model) => [
    'model',
    [model, HELLO],
    'model'
  ]),
  ['model', [10n, HELLO], 'model'],
  ...[undefined, null, 42, 'hello', {}, [], true, () => HELLO].map((messages) => [
    'messages',
    [MODEL, messages],
    'messages'
  ]),
  ...[[null], ['hello'], [42], [[]]].map((messages) => [
    'messages',
    [MODEL, messages],
    'messages[0]'
  ]),
  ['messages', [MODEL, [...HELLO, undefined]], 'messages[1]'],
  ...['x', 42, true, 1n, []].map((options) => ['options', [MODEL, HELLO, options], 'options']),
  ['stream', [MODEL, HELLO, { stream: 'yes' }], 'stream'],
  ['stream', [MODEL, HELLO, { stream: 1 }], 'stream'],
  ...['x', 42, true, 1n].map((request) => ['request', [MODEL, HELLO, {}, request], 'request']),
  ['request', [MODEL, HELLO, {}, []], 'request'],
  ['request', [MODEL, HELLO, {}, () => {}], 'request'],
  ...[{}, 42, 'x', { aborted: false }, { addEventListener() {} }, new AbortController()].map(
    (signal) => ['signal', [MODEL, HELLO, {}, { signal }], 'signal']
  ),
  ...[NaN, Infinity, -1, 'soon', true, []].map((timeout) => [
    'timeout',
    [MODEL, HELLO, {}, { timeout }],
    'timeout'
  ]),
  ...['connect', 'response', 'idle', 'total'].map((name) => [
    'timeout',
    [MODEL, HELLO, {}, { timeout: { [name]: NaN } }],
    `timeout.${name}`
  ]),
  ['timeout', [MODEL, HELLO, {}, { timeout: { forever: 1 } }], 'timeout.forever'],
  ...[NaN, -1, 1.5, '2', {}].map((maxRetries) => [
    'maxRetries',
    [MODEL, HELLO, {}, { maxRetries }],
    'maxRetries'
  ]),
  ...['claude', 42, {}].map((route) => ['route', [MODEL, HELLO, {}, { route }], 'route']),
  ['headers', [MODEL, HELLO, {}, { headers: 'x: y' }], 'headers'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x-a': 'a\r\nx-b: c' } }], 'headers.x-a'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x-a': 'a\u0000' } }], 'headers.x-a'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x-a': '世界' } }], 'headers.x-a'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x a': '1' } }], 'headers.x a'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x-a': ['1'] } }], 'headers.x-a'],
  ['headers', [MODEL, HELLO, {}, { headers: { 'x-a': 1n } }], 'headers.x-a'],
  ['an unknown request option', [MODEL, HELLO, {}, { retries: 3 }], 'retries'],
  ['an unknown request option', [MODEL, HELLO, {}, { maxretries: 3 }], 'maxretries'],
  ['a request that refers to itself', [MODEL, HELLO, {}, { headers: circle }], 'headers.self'],
  ['a BigInt', [MODEL, user(1n)], 'messages[0].content'],
  ['a BigInt', [MODEL, HELLO, { metadata: { list: [1, 2n] } }], 'metadata.list[1]'],
  ['a cycle', [MODEL, HELLO, { metadata: circle }], 'metadata.self'],
  ['a cycle', [MODEL, user([circle])], 'messages[0].content[0].self'],
  ['a `toJSON` that throws', [MODEL, HELLO, { metadata: throwing }], 'metadata'],
  ['a `toJSON` that throws', [MODEL, HELLO, throwing], 'body'],
  ['a getter that throws', [MODEL, HELLO, { metadata: getter }], 'metadata.broken'],
  ['an abyss', [MODEL, HELLO, { metadata: deep }], 'metadata']
]

const show = (value) => {
  try {
    return JSON.stringify(value).slice(0, 60)
  } catch {
    return String(value).slice(0, 60)
  }
}

test.each(MISTAKES.map(([what, call, param]) => [what, show(call.at(-1)), param, call]))(
  '%s: %s is an INVALID_REQUEST that names `%s`',
  async (_what, _shown, param, call) => {
    const client = context.client()
    for (const attempt of [
      () => client.chatCompletion(...call),
      () => client.buildRequest(...call)
    ]) {
      // A dry run never looks at the signal.
      if (param === 'signal' && attempt.toString().includes('buildRequest')) continue
      const error = await failureOf(attempt)
      expect(error).toBeInstanceOf(AihubmixError)
      expect(error).toMatchObject({ code: 'INVALID_REQUEST', param, retryable: false })
      expect(error.message.length).toBeLessThan(300)
    }
    expect(context.gateway.requests).toHaveLength(0)
  }
)

test('`chatCompletion` never throws, it rejects', async () => {
  const client = context.client()
  for (const [, call] of MISTAKES) {
    const promise = client.chatCompletion(...call)
    expect(promise).toBeInstanceOf(Promise)
    expect((await failureOf(promise)).code).toBe('INVALID_REQUEST')
  }
})

test('`create` with a body that is none rejects', async () => {
  const client = context.client()
  for (const [body, param] of [
    [undefined, 'body'],
    [null, 'body'],
    ['x', 'body'],
    [42, 'body'],
    [{}, 'model'],
    [{ model: MODEL }, 'messages'],
    [[], 'body'],
    [() => {}, 'body'],
    [{ toJSON() {} }, 'body']
  ]) {
    expect(await failureOf(client.chat.completions.create(body))).toMatchObject({
      code: 'INVALID_REQUEST',
      param
    })
  }
})

test('the cause of what cannot be written is kept', async () => {
  const error = await failureOf(
    context.client().chatCompletion(MODEL, HELLO, { metadata: throwing })
  )
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(error.message).toContain('toJSON is broken')
})

test('mistakes leave nothing behind: the next call works', async () => {
  const client = context.client()
  for (const [, call] of MISTAKES) await failureOf(client.chatCompletion(...call))
  expect((await client.chatCompletion(MODEL, HELLO)).choices[0].message.content).toBe(
    'You said: hello'
  )
})

test('null and undefined in place of options are none', async () => {
  const client = context.client()
  for (const nothing of [undefined, null]) {
    expect((await client.chatCompletion(MODEL, HELLO, nothing, nothing)).choices).toHaveLength(1)
    expect(client.buildRequest(MODEL, HELLO, nothing, nothing).body).toEqual({
      model: MODEL,
      messages: HELLO
    })
  }
  expect(
    (
      await client.chatCompletion(
        MODEL,
        HELLO,
        {},
        { signal: null, timeout: null, headers: null, maxRetries: undefined }
      )
    ).choices
  ).toHaveLength(1)
})

describe('lone surrogates', () => {
  test('become U+FFFD with a warning, pairs stay', async () => {
    const answer = await context.client().chatCompletion(MODEL, user('a\ud83d b\ude00 😀'))
    expect(context.gateway.requests[0].body.messages[0].content).toBe('a\ufffd b\ufffd 😀')
    expect(answer.choices[0].message.content).toBe('You said: a\ufffd b\ufffd 😀')
    expect(answer.aihubmix.warnings).toEqual([expect.objectContaining({ code: 'lone_surrogate' })])
  })

  test('in keys, options and streams too', async () => {
    const options = { stream: true, metadata: { '\ud800key': '\udfff' } }
    const final = await (
      await context.client().chatCompletion(MODEL, HELLO, options)
    ).finalChatCompletion()
    expect(context.gateway.requests[0].body.metadata).toEqual({ '\ufffdkey': '\ufffd' })
    expect(final.aihubmix.warnings).toHaveLength(1)
  })

  test('that are written out as text are text', () => {
    const { bodyText, warnings } = context
      .client()
      .buildRequest(MODEL, user('the escape \\ud800 itself'))
    expect(bodyText).toContain('the escape \\\\ud800 itself')
    expect(warnings).toEqual([])
  })

  test('in a model’s name', async () => {
    const built = context.client().buildRequest('gpt-\ud800', HELLO)
    expect(built.body.model).toBe('gpt-\ufffd')
  })
})

describe('odd but right', () => {
  test('objects without a prototype, with a `__proto__` key, of a class', () => {
    const bare = Object.assign(Object.create(null), { a: '1' })
    const proto = JSON.parse('{"__proto__": {"x": 1}, "constructor": "c"}')
    class Message {
      constructor() {
        this.role = 'user'
        this.content = 'of a class'
      }
    }
    const { bodyText } = context
      .client()
      .buildRequest(MODEL, [new Message()], { metadata: bare, extra: proto })
    expect(bodyText).toContain('"extra":{"__proto__":{"x":1},"constructor":"c"}')
    expect(bodyText).toContain('{"role":"user","content":"of a class"}')
    expect({}.x).toBeUndefined()
  })

  test('the same object in two places is no cycle', () => {
    const shared = { type: 'text', text: 'x' }
    expect(
      context.client().buildRequest(MODEL, user([shared, shared])).body.messages[0].content
    ).toEqual([shared, shared])
  })

  test('a proxy object', () => {
    const proxied = new Proxy({ temperature: 1 }, {})
    expect(context.client().buildRequest(MODEL, HELLO, proxied).body.temperature).toBe(1)
  })

  test('nested as deeply as JSON.stringify goes', async () => {
    let nested = {}
    for (let n = 0; n < 1_000; n += 1) nested = { nested }
    const { bodyText } = context.client().buildRequest(MODEL, HELLO, { metadata: nested })
    expect(bodyText).toBe(JSON.stringify({ model: MODEL, messages: HELLO, metadata: nested }))
    await context.client().chatCompletion(MODEL, HELLO, { metadata: nested })
    expect(context.gateway.requests[0].bodyText).toBe(bodyText)
  })

  test('a signal that is not Node’s own', async () => {
    const listeners = new Set()
    const signal = {
      aborted: false,
      reason: 'because',
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener)
    }
    context.gateway.enqueue({ delayMs: 60_000 })
    const failure = failureOf(context.client().chatCompletion(MODEL, HELLO, {}, { signal }))
    expect(listeners.size).toBe(1)
    for (const listener of listeners) listener()
    expect(await failure).toMatchObject({ code: 'ABORTED', cause: 'because' })
    expect(listeners.size).toBe(0)
  })
})
