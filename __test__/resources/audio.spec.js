'use strict'

// Speech as bytes, transcripts as JSON, text and events.

const { setTimeout: sleep } = require('node:timers/promises')
const { MODEL, useGateway, failureOf, eventually } = require('../support/gateway')

const context = useGateway()
const SPEECH = { model: 'tts-1', voice: 'alloy', input: 'one two three four' }
const SOUND = Buffer.from('ID3')

const speak = (request) => context.client().audio.speech.create(SPEECH, request)

test('speech is read whole in every form', async () => {
  const expected = await (await speak()).bytes()
  expect(expected.length).toBeGreaterThan(100)
  expect(Buffer.isBuffer(expected)).toBe(true)
  expect(Buffer.from(await (await speak()).arrayBuffer()).equals(expected)).toBe(true)
  const blob = await (await speak()).blob()
  expect([blob.type, blob.size]).toEqual(['audio/mpeg', expected.length])
  const pieces = []
  for await (const piece of await speak()) pieces.push(piece)
  expect(Buffer.concat(pieces).equals(expected)).toBe(true)
  const body = await new Response((await speak()).body).arrayBuffer()
  expect(Buffer.from(body).equals(expected)).toBe(true)
  expect(context.gateway.requests[0].body).toEqual(SPEECH)
})

test('status, headers and trace id stand beside the bytes', async () => {
  const speech = await speak()
  expect(speech.status).toBe(200)
  expect(speech.headers.get('Content-Type')).toBe('audio/mpeg')
  expect(speech.requestId).toMatch(/^mock-/)
  await speech.bytes()
  expect(await failureOf(speech.bytes())).toMatchObject({ code: 'INVALID_REQUEST' })
})

test('speech settles with its first byte, and the rest follows', async () => {
  context.gateway.enqueue({ chunkBytes: 200, gapMs: 60 })
  const started = performance.now()
  const speech = await speak()
  const settled = performance.now() - started
  await speech.bytes()
  expect(performance.now() - started).toBeGreaterThan(settled + 50)
})

test('leaving the bytes closes the connection', async () => {
  context.gateway.enqueue([
    { chunkBytes: 100, gapMs: 5_000 },
    { chunkBytes: 100, gapMs: 5_000 }
  ])
  for await (const piece of await speak()) {
    expect(piece.length).toBe(100)
    break
  }
  await eventually(() => context.gateway.closedEarly === 1)
  await (await speak()).body.cancel()
  await eventually(() => context.gateway.closedEarly === 2)
})

test('a cut, a silence and an abort are thrown from the bytes', async () => {
  context.gateway.enqueue({ chunkBytes: 100, cutAfter: 200 })
  expect(await failureOf((await speak()).bytes())).toMatchObject({ code: 'CONNECTION_ERROR' })
  context.gateway.enqueue({ stallAfter: 100 })
  expect(await failureOf((await speak({ timeout: { idle: 50 } })).bytes())).toMatchObject({
    code: 'TIMEOUT',
    phase: 'idle'
  })
  context.gateway.enqueue({ stallAfter: 100 })
  const controller = new AbortController()
  const failing = failureOf((await speak({ signal: controller.signal })).bytes())
  await sleep(10)
  controller.abort()
  expect(await failing).toMatchObject({ code: 'ABORTED' })
})

test('JSON in place of bytes is an error', async () => {
  context.gateway.enqueue([
    { json: { error: { message: 'no voice', type: 'invalid_request_error' } } },
    { json: { audio: '' } }
  ])
  expect(await failureOf(speak())).toMatchObject({ code: 'INVALID_REQUEST', message: 'no voice' })
  expect(await failureOf(speak())).toMatchObject({ code: 'INVALID_RESPONSE' })
})

test('a reader that takes its time holds the server back, and still gets everything', async () => {
  const size = 8 << 20
  context.gateway.enqueue({
    text: Buffer.alloc(size, 'a'),
    headers: { 'content-type': 'audio/pcm' }
  })
  const speech = await speak()
  await sleep(100)
  let length = 0
  for await (const piece of speech) length += piece.length
  expect(length).toBe(size)
})

test.each([
  ['text', 'This is what audio.mp3 says.\n'],
  ['srt', /^1\n00:00:00,000 -->/],
  ['vtt', /^WEBVTT/]
])('a transcript as %s is a string', async (response_format, text) => {
  const transcript = await context
    .client()
    .audio.transcriptions.create({ model: MODEL, file: SOUND, response_format })
  expect(typeof transcript).toBe('string')
  expect(transcript).toMatch(text)
})

test('a transcript as verbose JSON and as events', async () => {
  const { transcriptions, translations } = context.client().audio
  const verbose = await transcriptions.create({
    model: MODEL,
    file: SOUND,
    response_format: 'verbose_json'
  })
  expect(verbose).toMatchObject({ task: 'transcribe', segments: [{ id: 0 }] })
  const events = []
  for await (const event of await transcriptions.create({
    model: MODEL,
    file: SOUND,
    stream: true
  }))
    events.push(event)
  expect(events.at(-1)).toEqual({
    type: 'transcript.text.done',
    text: 'This is what audio.mp3 says.'
  })
  expect(context.gateway.requests.at(-1).body.fields.stream).toBe('true')
  expect(await translations.create({ model: MODEL, file: SOUND, response_format: 'vtt' })).toMatch(
    /in English/
  )
})
