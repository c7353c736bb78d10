'use strict'

// The routes of the mock gateway that are no chats.

const { startMockGateway } = require('../testing')
const { KEY, GOOGLE, call } = require('./gateway-calls')

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

const send = (route, body, options) => call(options?.base ?? gateway.url, route, body, options)

describe('the other resources', () => {
  test('embeddings: floats or base64 of the same vector, of the length asked for', async () => {
    const body = { model: 'e', input: ['one', 'two'], dimensions: 4 }
    const floats = (await send('/v1/embeddings', body)).json
    expect(floats.data.map(({ embedding }) => embedding.length)).toEqual([4, 4])
    expect(Math.hypot(...floats.data[0].embedding)).toBeCloseTo(1)
    const packed = (await send('/v1/embeddings', { ...body, encoding_format: 'base64' })).json
    const bytes = Buffer.from(packed.data[1].embedding, 'base64')
    expect([0, 4, 8, 12].map((offset) => bytes.readFloatLE(offset))).toEqual(
      floats.data[1].embedding
    )
    expect((await send('/v1/embeddings', { model: 'e' })).status).toBe(400)
  })

  test('rerank: by shared words, the best first, cut at top_n', async () => {
    const body = {
      model: 'r',
      query: 'red apple',
      documents: ['blue sky', 'a red apple', 'red'],
      top_n: 2
    }
    const { json } = await send('/v1/rerank', body)
    expect(json.results).toEqual([
      { index: 1, relevance_score: 1, document: { text: 'a red apple' } },
      { index: 2, relevance_score: 0.5, document: { text: 'red' } }
    ])
  })

  test('moderations', async () => {
    const { json } = await send('/v1/moderations', {
      input: ['be kind', 'I want to kill the robots']
    })
    expect(json.results.map(({ flagged }) => flagged)).toEqual([false, true])
    expect(json.results[1].categories.violence).toBe(true)
  })

  test('images: base64, or a URL that leads to a PNG', async () => {
    const inline = (
      await send('/v1/images/generations', { model: 'gpt-image-2', prompt: 'x', n: 2 })
    ).json
    expect(inline.data.map(({ b64_json: data }) => isPng(Buffer.from(data, 'base64')))).toEqual([
      true,
      true
    ])
    const linked = (await send('/v1/images/generations', { model: 'dall-e-3', prompt: 'x' })).json
    expect(isPng(Buffer.from(await (await fetch(linked.data[0].url)).arrayBuffer()))).toBe(true)
    expect((await send('/v1/images/generations', { prompt: 'x', n: 11 })).json.error.code).toBe(
      'n_not_within_range'
    )
  })

  test('imagen on the Gemini route', async () => {
    const body = { instances: [{ prompt: 'x' }], parameters: { sampleCount: 2 } }
    const { json } = await send('/gemini/v1beta/models/imagen-4.0-generate-001:predict', body, {
      headers: GOOGLE
    })
    expect(
      json.predictions.map(({ bytesBase64Encoded: data }) => isPng(Buffer.from(data, 'base64')))
    ).toEqual([true, true])
  })

  test('image edits: multipart, recorded field by field', async () => {
    const form = new FormData()
    form.append('model', 'gpt-image-2')
    form.append('prompt', 'make it blue')
    form.append('image[]', new Blob([new Uint8Array(300)], { type: 'image/png' }), 'a.png')
    form.append('image[]', new Blob(['\r\n--x\r\n']), 'b.png')
    const { status, json } = await send('/v1/images/edits', form)
    expect([status, json.data.length]).toEqual([200, 1])
    expect(gateway.requests[0].body).toEqual({
      fields: { model: 'gpt-image-2', prompt: 'make it blue' },
      files: [
        { name: 'image[]', filename: 'a.png', contentType: 'image/png', size: 300 },
        { name: 'image[]', filename: 'b.png', contentType: 'application/octet-stream', size: 7 }
      ]
    })
  })

  test('predictions: at once, or by polling for Black Forest Labs', async () => {
    const { json } = await send('/v1/models/openai/gpt-image-1/predictions', {
      input: { prompt: 'x', n: 2 }
    })
    expect(json.output.b64_json).toHaveLength(2)
    const queued = (await send('/v1/models/bfl/flux-2-pro/predictions', { input: { prompt: 'x' } }))
      .json
    const polled = await fetch(queued.output[0].polling_url, { headers: KEY })
    expect(await polled.json()).toMatchObject({
      status: 'Ready',
      result: { sample: expect.stringMatching(/\.png$/) }
    })
  })

  test.each([
    ['mp3', 'audio/mpeg', '\xff\xfb'],
    ['wav', 'audio/wav', 'RIFF'],
    ['pcm', 'audio/pcm', ''],
    ['opus', 'audio/opus', 'OggS'],
    ['flac', 'audio/flac', 'fLaC'],
    ['aac', 'audio/aac', '\xff\xf1']
  ])('speech as %s', async (format, type, magic) => {
    const response = await fetch(`${gateway.url}/v1/audio/speech`, {
      method: 'POST',
      headers: KEY,
      body: JSON.stringify({
        model: 'tts-1',
        voice: 'alloy',
        input: 'hello world',
        response_format: format
      })
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    expect([
      response.headers.get('content-type'),
      bytes.toString('latin1', 0, magic.length)
    ]).toEqual([type, magic])
    expect(bytes.length).toBeGreaterThan(500)
  })

  test('speech as events', async () => {
    const { events } = await send('/v1/audio/speech', {
      model: 'gpt-4o-mini-tts',
      voice: 'alloy',
      input: 'hello',
      stream_format: 'sse'
    })
    expect(events.map(({ data }) => data.type)).toEqual([
      'speech.audio.delta',
      'speech.audio.delta',
      'speech.audio.done'
    ])
  })

  test('transcriptions and translations', async () => {
    const form = (fields = {}) => {
      const made = new FormData()
      for (const [name, value] of Object.entries({ model: 'whisper-1', ...fields }))
        made.append(name, value)
      made.append('file', new Blob(['sound'], { type: 'audio/mpeg' }), 'audio.mp3')
      return made
    }
    expect((await send('/v1/audio/transcriptions', form())).json.text).toBe(
      'This is what audio.mp3 says.'
    )
    expect((await send('/v1/audio/translations', form())).json.text).toBe(
      'This is what audio.mp3 says, in English.'
    )
    expect((await send('/v1/audio/transcriptions', form({ response_format: 'vtt' }))).text).toMatch(
      /^WEBVTT/
    )
    expect(
      (await send('/v1/audio/transcriptions', form({ response_format: 'verbose_json' }))).json
        .segments
    ).toHaveLength(1)
    const { events } = await send('/v1/audio/transcriptions', form({ stream: 'true' }))
    expect(events.at(-1).data).toEqual({
      type: 'transcript.text.done',
      text: 'This is what audio.mp3 says.'
    })
    expect((await send('/v1/audio/transcriptions', new FormData())).status).toBe(400)
  })

  test('the model list and the catalog need no key; the catalog knows filters and its entity tag', async () => {
    const get = (route, headers = {}) => send(route, undefined, { method: 'GET', headers })
    expect((await get('/v1/models')).json).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([expect.objectContaining({ object: 'model' })])
    })
    const llms = await get('/api/v1/models?type=llm&modalities=audio')
    expect(llms.json.data.map(({ model_id: id }) => id)).toEqual(['gemini-3.5-flash'])
    const again = await get('/api/v1/models?type=llm&modalities=audio', {
      'if-none-match': llms.headers.get('etag')
    })
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([
      304,
      '',
      llms.headers.get('etag')
    ])
    expect(
      (await get('/api/v1/models', { 'if-none-match': llms.headers.get('etag') })).status
    ).toBe(200)
  })

  test('videos: queued, in progress, completed; content, remix, delete', async () => {
    const get = (route) => send(route, undefined, { method: 'GET' })
    const created = (
      await send('/v1/videos', { model: 'veo-3.1-generate-001', prompt: 'a cat', seconds: '8' })
    ).json
    expect(created).toMatchObject({ object: 'video', status: 'queued', progress: 0, seconds: '8' })
    const route = `/v1/videos/${created.id}`
    expect((await get(`${route}/content`)).status).toBe(404)
    expect((await get(route)).json).toMatchObject({ status: 'in_progress', progress: 50 })
    expect((await get(route)).json).toMatchObject({ status: 'completed', progress: 100 })
    const content = await get(`${route}/content`)
    expect([content.headers.get('content-type'), content.text.slice(4, 8)]).toEqual([
      'video/mp4',
      'ftyp'
    ])
    const remixed = (await send(`${route}/remix`, { prompt: 'a dog' })).json
    expect(remixed).toMatchObject({
      status: 'queued',
      prompt: 'a dog',
      model: 'veo-3.1-generate-001',
      remixed_from_video_id: created.id
    })
    expect((await send(route, undefined, { method: 'DELETE' })).json).toMatchObject({
      id: created.id,
      deleted: true
    })
    expect((await get(route)).status).toBe(404)
  })
})

function isPng(bytes) {
  return bytes.toString('latin1', 1, 4) === 'PNG' && bytes.includes('IEND')
}
