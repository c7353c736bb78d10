'use strict'

// The key shows nowhere, in neither of its forms.

const { inspect } = require('node:util')
const { AihubmixModelClient } = require('..')
const { startMockGateway } = require('../testing')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { chunk, readAll } = require('./support/sse')

const context = useGateway()

const KEY = 'sk-Zq81kd02mcLw93hf'
const BARE = KEY.slice(3)
const PASSWORD = 'hunter2-and-more'

function everything(value) {
  const parts = [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value)
  ]
  if (value instanceof Error) {
    parts.push(
      value.stack,
      value.message,
      JSON.stringify({ ...value }),
      inspect(value.cause),
      everything(value.toJSON?.() ?? '')
    )
  }
  return parts.join('\n')
}

function expectNoKey(value) {
  const text = everything(value)
  expect(text).not.toContain(BARE)
  expect(text).not.toContain(PASSWORD)
}

const client = (options) => context.client({ apiKey: KEY, maxRetries: 0, ...options })

test('a client, its dry runs and its streams', async () => {
  const one = client({ headers: { 'x-copy': `key ${KEY}`, 'x-bare': BARE } })
  expectNoKey(one)
  const built = one.buildRequest(MODEL, HELLO, {}, { headers: { 'x-again': KEY } })
  expectNoKey(built)
  expect(built.headers).toMatchObject({
    authorization: 'Bearer ***',
    'x-copy': 'key sk-***',
    'x-bare': '***',
    'x-again': 'sk-***'
  })
  const stream = await one.chatCompletion(MODEL, HELLO, { stream: true })
  expectNoKey(stream)
  stream.abort()
})

test('the gateway’s echo of a refused key, as it really comes', async () => {
  const strict = await startMockGateway({ apiKey: 'sk-another-key' })
  try {
    for (const stream of [false, true]) {
      const error = await failureOf(
        client({ baseURL: strict.url }).chatCompletion(MODEL, HELLO, { stream })
      )
      expect(error).toMatchObject({ code: 'AUTH_ERROR', status: 401 })
      expect(error.message).toContain('***')
      expectNoKey(error)
    }
  } finally {
    await strict.close()
  }
})

test('message, type, code, param, headers, body and trace id of an error', async () => {
  const said = {
    message: `no ${KEY} or ${BARE}`,
    type: BARE,
    code: BARE,
    param: KEY,
    [BARE]: [BARE, { deep: KEY }]
  }
  for (const status of [400, 418, 500]) {
    context.gateway.enqueue({
      status,
      headers: { 'x-request-id': BARE, 'x-echo': `Bearer ${KEY}` },
      json: { error: said }
    })
    expectNoKey(await failureOf(client().chatCompletion(MODEL, HELLO)))
  }
})

test('a text body, percent-encoded and escaped forms', async () => {
  const special = 'sk-a+b/c=dé"ef01'.replace('é', 'e')
  context.gateway.enqueue({
    status: 500,
    text: `${special} ${encodeURIComponent(special)} ${JSON.stringify(special)}`
  })
  const error = await failureOf(client({ apiKey: special }).chatCompletion(MODEL, HELLO))
  for (const form of [
    special.slice(3),
    encodeURIComponent(special.slice(3)),
    JSON.stringify(special.slice(3)).slice(1, -1)
  ]) {
    expect(everything(error)).not.toContain(form)
  }
})

test('errors inside a 200, inside a stream, and the partial answer', async () => {
  context.gateway.enqueue([
    { json: { error: { message: BARE } } },
    { sse: [{ error: { message: BARE } }] },
    { sse: [chunk({ content: `your key is ${KEY}` }), { error: { message: KEY, code: BARE } }] },
    { sse: [chunk({ content: `your key is ${BARE}` })] }
  ])
  expectNoKey(await failureOf(client().chatCompletion(MODEL, HELLO)))
  expectNoKey(await failureOf(client().chatCompletion(MODEL, HELLO, { stream: true })))
  for (let n = 0; n < 2; n += 1) {
    const error = await failureOf(
      readAll(await client().chatCompletion(MODEL, HELLO, { stream: true }))
    )
    expect(error.partial.choices[0].message.content).toMatch(/^your key is .*\*\*\*/)
    expectNoKey(error)
  }
})

test('the partial answer of a stream that its reader aborts', async () => {
  context.gateway.enqueue({
    sse: [chunk({ content: `your key is ${KEY}` }), chunk({ content: 'more' })],
    gapMs: 60_000
  })
  const stream = await client().chatCompletion(MODEL, HELLO, { stream: true })
  stream.abort()
  const error = await failureOf(readAll(stream))
  expect(error.partial.choices[0].message.content).toMatch(/^your key is /)
  expectNoKey(error)
})

test('an answer that is no JSON', async () => {
  context.gateway.enqueue({ text: `<html>${KEY}` })
  expectNoKey(await failureOf(client().chatCompletion(MODEL, HELLO)))
})

test('the password of a proxy that cannot be reached', async () => {
  const one = client({
    proxy: `http://user:${PASSWORD}@127.0.0.1:9`,
    baseURL: 'http://gateway.invalid'
  })
  expectNoKey(one)
  const error = await failureOf(one.chatCompletion(MODEL, HELLO))
  expect(error.code).toBe('CONNECTION_ERROR')
  expectNoKey(error)
})

test('mistakes in the configuration', async () => {
  for (const options of [
    { apiKey: `${KEY}\nX: 1` },
    { apiKey: KEY, baseURL: `https://user:${PASSWORD}@host` },
    { apiKey: KEY, baseURL: `ftp://${KEY}` },
    { apiKey: KEY, proxy: `socks9://user:${PASSWORD}@host` },
    { apiKey: KEY, headers: { 'x-a': `${KEY}\n`, 'x-b': `a\r\n${KEY}` } },
    { apiKey: KEY, maxRetries: KEY },
    { apiKey: KEY, timeout: KEY }
  ]) {
    expectNoKey(await failureOf(async () => new AihubmixModelClient(options)))
  }
})

test('the caller’s own body and the model’s words are left alone', async () => {
  const messages = [{ role: 'user', content: `my key is ${KEY}` }]
  expect(client().buildRequest(MODEL, messages).body.messages).toEqual(messages)
  const answer = await client().chatCompletion(MODEL, messages)
  expect(answer.choices[0].message.content).toBe(`You said: my key is ${KEY}`)
})
