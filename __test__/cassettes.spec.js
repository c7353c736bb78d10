'use strict'

// Recorded exchanges, played again.

const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { AihubmixModelClient } = require('..')
const { recordCassette, replayCassette } = require('../testing')
const { KEY, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const PICTURE = Buffer.from('89504e470d0a1a0aff', 'hex')
let folder
let file

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'aihubmix-native-'))
})
beforeEach(() => {
  file = path.join(folder, 'deep', `${expect.getState().currentTestName.replace(/\W+/g, '-')}.json`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const clientOf = (url, apiKey = KEY) =>
  new AihubmixModelClient({ apiKey, baseURL: url, maxRetries: 0 })

async function recorded(work, options) {
  const recorder = await recordCassette(file, { target: `${context.gateway.url}/`, ...options })
  try {
    return await work(clientOf(recorder.url))
  } finally {
    await recorder.close()
  }
}

async function replayed(work, apiKey = 'sk-anything-else') {
  const player = await replayCassette(file)
  try {
    return await work(clientOf(player.url, apiKey), player)
  } finally {
    await player.close()
  }
}

async function conversation(client) {
  const texts = []
  for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
    texts.push((await client.chatCompletion(model, HELLO)).choices[0].message.content)
    for await (const chunk of await client.chatCompletion(model, HELLO, { stream: true }))
      texts.push(chunk.choices[0]?.delta.content)
  }
  texts.push((await client.embeddings.create({ model: 'e', input: 'x' })).data[0].embedding)
  texts.push(
    (await client.audio.transcriptions.create({ model: 'whisper-1', file: Buffer.from('ID3') }))
      .text
  )
  texts.push(
    (await client.images.edit({ model: 'gpt-image-2', prompt: 'x', image: PICTURE })).data[0]
      .b64_json
  )
  texts.push(
    (
      await (
        await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hi' })
      ).bytes()
    ).toString('hex')
  )
  texts.push((await client.models.list()).data.length)
  return texts
}

test('a whole conversation sounds the same again', async () => {
  const live = await recorded(conversation)
  const again = await replayed(async (client, player) => {
    const texts = await conversation(client)
    expect(player.pending).toBe(0)
    expect(player.requests).toHaveLength(11)
    return texts
  })
  expect(again).toEqual(live)
})

test('no credential is written', async () => {
  await recorded(async (client) => {
    context.gateway.enqueue([
      {
        status: 401,
        json: { error: { message: `Invalid token: ${KEY.slice(3)}` } },
        headers: { 'x-echo': KEY, 'set-cookie': 'session=1' }
      },
      { text: KEY, headers: { 'content-type': 'application/json' } }
    ])
    await failureOf(
      client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: `my key is ${KEY}` }])
    )
    await failureOf(client.chatCompletion('claude-x', HELLO))
    await client.gemini.generateContent({
      model: 'gemini-x',
      contents: [{ role: 'user', parts: [{ text: KEY.slice(3) }] }]
    })
  })
  const written = readFileSync(file, 'utf8')
  expect(written).not.toContain(KEY.slice(3))
  expect(written).not.toMatch(/authorization|x-api-key|x-goog-api-key|set-cookie/i)
  expect(JSON.parse(written).exchanges).toHaveLength(3)
  // The same words with another key are still the same request.
  const other = 'sk-another-key-altogether'
  await replayed(async (client) => {
    const error = await failureOf(
      client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: `my key is ${other}` }])
    )
    expect(error).toMatchObject({ code: 'AUTH_ERROR', message: 'Invalid token: ***' })
  }, other)
})

test('errors and their headers are played too', async () => {
  context.gateway.enqueue({ status: 429, headers: { 'retry-after': '7' } })
  const live = await recorded((client) => failureOf(client.chatCompletion('gpt-5.4-mini', HELLO)))
  const again = await replayed((client) => failureOf(client.chatCompletion('gpt-5.4-mini', HELLO)))
  expect(again).toMatchObject({
    code: 'RATE_LIMIT',
    status: 429,
    retryAfterMs: 7000,
    requestId: live.requestId,
    message: live.message
  })
})

test('the same request twice is played in order, and not a third time', async () => {
  context.gateway.enqueue([{ chat: 'one' }, { chat: 'two' }])
  const ask = async (client) =>
    (await client.chatCompletion('gpt-5.4-mini', HELLO)).choices[0].message.content
  await recorded(async (client) => [await ask(client), await ask(client)])
  await replayed(async (client) => {
    expect([await ask(client), await ask(client)]).toEqual(['one', 'two'])
    expect(await failureOf(ask(client))).toMatchObject({
      status: 404,
      message: expect.stringMatching(/nothing is left for that path/)
    })
  })
})

test('another request is refused, and says what differs', async () => {
  await recorded((client) => client.chatCompletion('gpt-5.4-mini', HELLO))
  await replayed(async (client, player) => {
    const error = await failureOf(
      client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'bye' }])
    )
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      retryable: false,
      message: expect.stringMatching(
        /holds no answer to this POST \/v1\/chat\/completions.*differs/
      )
    })
    expect(player.pending).toBe(1)
  })
})

test('what did not come to its end is left out, and a gateway that is not there is an error', async () => {
  await recorded(async (client) => {
    context.gateway.enqueue({ delayMs: 5_000 })
    expect(
      await failureOf(
        client.chatCompletion('gpt-5.4-mini', HELLO, {}, { timeout: { response: 50 } })
      )
    ).toMatchObject({ code: 'TIMEOUT' })
  })
  expect(JSON.parse(readFileSync(file, 'utf8')).exchanges).toEqual([])
  const error = await recorded(
    (client) => failureOf(client.chatCompletion('gpt-5.4-mini', HELLO)),
    {
      target: 'http://127.0.0.1:1'
    }
  )
  expect(error).toMatchObject({ status: 502, message: expect.stringMatching(/cannot be reached/) })
})

test('what is no cassette is refused', async () => {
  await expect(replayCassette(path.join(folder, 'none.json'))).rejects.toThrow(/ENOENT/)
  for (const text of ['{}', '{"version":2,"exchanges":[]}', 'null']) {
    const none = path.join(folder, 'broken.json')
    writeFileSync(none, text)
    await expect(replayCassette(none)).rejects.toThrow(/not a cassette/)
  }
})
