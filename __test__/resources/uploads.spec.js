'use strict'

// Files in all their forms, on their way in a multipart form.

const { createReadStream, mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { Readable } = require('node:stream')
const { pathToFileURL } = require('node:url')
const { KEY, useGateway, failureOf, eventually } = require('../support/gateway')
const { runScript } = require('../support/child')

const context = useGateway()
const SOUND = Buffer.from('ID3\x04 not much of a song')
const MODEL = 'whisper-1'
let folder

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'aihubmix-native-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(name, content = SOUND) {
  const file = path.join(folder, name)
  writeFileSync(file, content)
  return file
}

async function transcribe(file, request) {
  await context.client().audio.transcriptions.create({ model: MODEL, file }, request)
  return context.gateway.requests.at(-1)
}

const [MP3, WAV, WEBM] = ['audio/mpeg', 'audio/wav', 'audio/webm']

test.each([
  ['a Buffer, told by its bytes', () => SOUND, 'audio.mp3', MP3],
  ['a Uint8Array', () => new Uint8Array(SOUND), 'audio.mp3', MP3],
  [
    'a view of a larger buffer',
    () => Uint8Array.from([0, 0, ...SOUND, 0]).subarray(2, -1),
    'audio.mp3',
    MP3
  ],
  ['an ArrayBuffer', () => Uint8Array.from(SOUND).buffer, 'audio.mp3', MP3],
  ['a Blob with a type', () => new Blob([SOUND], { type: WAV }), 'audio.wav', WAV],
  ['a Blob without a type', () => new Blob([SOUND]), 'audio.mp3', MP3],
  ['a File with a name', () => new File([SOUND], 'meeting.wav'), 'audio.wav', WAV],
  [
    'a File whose type wins over its name',
    () => new File([SOUND], 'x.mp3', { type: 'Audio/WebM; codecs=opus' }),
    'audio.webm',
    WEBM
  ],
  ['a path', () => written('speech.wav'), 'audio.wav', WAV],
  ['a path without an extension', () => written('speech'), 'audio.mp3', MP3],
  ['a file: URL', () => pathToFileURL(written('speech of today.wav')), 'audio.wav', WAV],
  ['a Node.js stream of a file', () => createReadStream(written('speech.wav')), 'audio.wav', WAV],
  [
    'a Node.js stream of strings',
    () => Readable.from([SOUND.toString('latin1')]),
    'audio.mp3',
    MP3
  ],
  ['a web stream', () => new Blob([SOUND]).stream(), 'audio.mp3', MP3],
  [
    'a generator',
    async function* () {
      yield SOUND.subarray(0, 9)
      yield new Uint8Array(0)
      yield SOUND.subarray(9)
    },
    'audio.mp3',
    MP3
  ],
  ['bytes with a type', () => ({ content: SOUND, type: 'audio/flac' }), 'audio.flac', 'audio/flac'],
  [
    'bytes with a name',
    () => ({ content: Buffer.from('?'), name: 'song.ogg' }),
    'audio.ogg',
    'audio/ogg'
  ],
  ['bytes of no known type', () => Buffer.from('?'), 'audio.bin', 'application/octet-stream'],
  [
    'a path of no known type',
    () => written('song.unheard-of', '?'),
    'song.unheard-of',
    'application/octet-stream'
  ]
])('%s', async (_form, file, filename, type) => {
  const content = file()
  const { body, headers } = await transcribe(content)
  expect(body.fields).toEqual({ model: MODEL })
  expect(body.files).toMatchObject([{ name: 'file', filename }])
  expect(body.files[0].contentType.toLowerCase()).toMatch(new RegExp(`^${type}`))
  expect(body.files[0].size).toBeGreaterThan(0)
  expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=\w{32}$/)
})

test('the length is told where it is known', async () => {
  expect((await transcribe(written('a.mp3'))).headers['content-length']).toBeDefined()
  expect((await transcribe(SOUND)).headers['content-length']).toBeDefined()
  expect((await transcribe(new Blob([SOUND]))).headers['content-length']).toBeDefined()
  expect((await transcribe(Readable.from([SOUND]))).headers['transfer-encoding']).toBe('chunked')
})

test('the bytes arrive as they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, at) => 32 + (at % 90)))
  const holds = ({ bodyText }) => bodyText.includes(bytes.toString('latin1'))
  expect(holds(await transcribe(bytes))).toBe(true)
  expect(holds(await transcribe(written('large.mp3', bytes)))).toBe(true)
  expect(holds(await transcribe(createReadStream(written('large.mp3', bytes))))).toBe(true)
})

test('other members become fields in the way of `openai`', async () => {
  await context.client().audio.transcriptions.create({
    model: MODEL,
    file: SOUND,
    temperature: 0.5,
    language: undefined,
    prompt: null,
    include: ['logprobs'],
    timestamp_granularities: ['word', 'segment'],
    chunking_strategy: { type: 'server_vad', threshold: 0.5 },
    response_format: 'verbose_json'
  })
  expect(context.gateway.requests[0].body.fields).toEqual({
    model: MODEL,
    temperature: '0.5',
    'include[]': 'logprobs',
    'timestamp_granularities[]': ['word', 'segment'],
    'chunking_strategy[type]': 'server_vad',
    'chunking_strategy[threshold]': '0.5',
    response_format: 'verbose_json'
  })
})

test('names cannot break out of their header', async () => {
  expect(await failureOf(transcribe({ content: '/nowhere', name: 'x' }))).toMatchObject({
    code: 'INVALID_REQUEST'
  })
  const evil = 'a"\r\nX-Evil: 1\r\n\r\n.unheard-of'
  const files = (
    await transcribe({ content: Buffer.from('?'), name: evil, type: 'x/y\r\nX-Evil: 1' })
  ).body.files
  expect(files).toMatchObject([{ filename: evil, contentType: 'x/yx-evil: 1', size: 1 }])
})

test('what cannot be read is an error that says so, and nothing waits for it', async () => {
  for (const file of [
    path.join(folder, 'none.mp3'),
    folder,
    pathToFileURL(path.join(folder, 'none.mp3'))
  ]) {
    expect(await failureOf(transcribe(file))).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'file'
    })
  }
  for (const file of [undefined, null, 7, {}, { content: 7 }]) {
    const error = await failureOf(
      context.client().audio.translations.create({ model: MODEL, file })
    )
    expect(error.code).toBe('INVALID_REQUEST')
  }
  const cause = new Error('the disk is gone')
  const broken = new Readable({
    read() {
      this.push(SOUND)
      this.destroy(cause)
    }
  })
  expect(await failureOf(transcribe({ content: broken, type: MP3 }))).toMatchObject({
    code: 'INVALID_REQUEST',
    cause
  })
  const wrong = Readable.from([SOUND, 7])
  expect(await failureOf(transcribe({ content: wrong, type: MP3 }))).toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringMatching(/neither bytes/)
  })
})

test('bytes, Blobs and paths are sent again after a failure, a stream that was read is not', async () => {
  const failure = { status: 503, headers: { 'retry-after-ms': '1' } }
  for (const file of [SOUND, new Blob([SOUND]), written('again.mp3')]) {
    context.gateway.reset()
    context.gateway.enqueue([failure, failure])
    await transcribe(file)
    const sizes = context.gateway.requests.map(({ body }) => body.files[0].size)
    expect(sizes).toEqual(new Array(3).fill(SOUND.length))
  }
  context.gateway.reset()
  context.gateway.enqueue(failure)
  expect(await failureOf(transcribe({ content: Readable.from([SOUND]), type: MP3 }))).toMatchObject(
    { code: 'OVERLOADED', attempts: 1 }
  )
  expect(context.gateway.requests).toHaveLength(1)
})

test('progress is told until all is sent', async () => {
  const bytes = Buffer.alloc(1_000_000, 'x')
  for (const file of [bytes, written('progress.mp3', bytes)]) {
    const told = []
    const { bodyText } = await transcribe(file, {
      onUploadProgress: (progress) => told.push(progress)
    })
    const total = Buffer.byteLength(bodyText)
    expect(told.at(-1)).toEqual({ sent: total, total })
    // What is told together is told once.
    expect(told.length).toBeGreaterThanOrEqual(file === bytes ? 2 : 1)
    expect(told.map(({ sent }) => sent)).toEqual(
      told.map(({ sent }) => sent).sort((one, other) => one - other)
    )
  }
  expect(await failureOf(transcribe(SOUND, { onUploadProgress: 1 }))).toMatchObject({
    param: 'onUploadProgress'
  })
})

test('a progress function that throws ends its own call, and no other one waits for ever', async () => {
  const cause = new Error('the progress bar is broken')
  const client = context.client()
  const chats = () =>
    Array.from({ length: 30 }, () =>
      client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
    )
  const before = chats()
  const file = Buffer.alloc(2_000_000, 'x')
  const onUploadProgress = () => {
    throw cause
  }
  const failing = failureOf(
    client.audio.transcriptions.create({ model: MODEL, file }, { onUploadProgress })
  )
  const answers = await Promise.all([...before, ...chats()])
  expect(answers).toHaveLength(60)
  expect(await failing).toMatchObject({ code: 'ABORTED', cause })
})

test('an upload that is aborted closes its source', async () => {
  let closed = false
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(64 * 1024)
    } finally {
      closed = true
    }
  }
  const controller = new AbortController()
  const failing = failureOf(
    transcribe(
      { content: endless(), type: MP3 },
      {
        signal: controller.signal,
        onUploadProgress: ({ sent }) => sent > 1_000_000 && controller.abort()
      }
    )
  )
  expect(await failing).toMatchObject({ code: 'ABORTED' })
  await eventually(() => closed)
})

test('an upload that stands still is a timeout', async () => {
  async function* stuck() {
    yield SOUND
    await new Promise((resolve) => setTimeout(resolve, 10_000).unref())
  }
  const error = await failureOf(
    transcribe({ content: stuck(), type: MP3 }, { timeout: { idle: 80 } })
  )
  expect(error).toMatchObject({ code: 'TIMEOUT', phase: 'idle' })
})

test('images: one, several, a mask', async () => {
  const picture = Buffer.from('89504e470d0a1a0a', 'hex')
  const { edit } = context.client().images
  await edit({
    model: 'gpt-image-2',
    image: picture,
    mask: new Blob([picture], { type: 'image/webp' }),
    prompt: 'blue'
  })
  await edit({
    model: 'gpt-image-2',
    image: [picture, written('fox.png', picture)],
    prompt: 'blue',
    n: 2
  })
  const [one, two] = context.gateway.requests.map(({ body }) =>
    body.files.map(({ name, filename, contentType }) => [name, filename, contentType])
  )
  expect(one).toEqual([
    ['image', 'image.png', 'image/png'],
    ['mask', 'image.webp', 'image/webp']
  ])
  expect(two).toEqual([
    ['image[]', 'image.png', 'image/png'],
    ['image[]', 'fox.png', 'image/png']
  ])
})

test('a first picture makes a video request a form, an address does not', async () => {
  const { create } = context.client().videos
  await create({
    model: 'veo-3.1-generate-001',
    prompt: 'a boat',
    seconds: 4,
    input_reference: Buffer.from('89504e470d0a1a0a', 'hex')
  })
  await create({
    model: 'veo-3.1-generate-001',
    prompt: 'a boat',
    input_reference: { image_url: 'https://pictures.example/boat.png' }
  })
  const [form, json] = context.gateway.requests
  expect(form.body).toMatchObject({
    fields: { model: 'veo-3.1-generate-001', prompt: 'a boat', seconds: '4' },
    files: [{ name: 'input_reference', filename: 'image.png' }]
  })
  expect(json.body).toEqual({
    model: 'veo-3.1-generate-001',
    prompt: 'a boat',
    input_reference: { image_url: 'https://pictures.example/boat.png' }
  })
})

test.each(['path', 'blob', 'node-stream', 'web-stream'])(
  '100 MB from a %s take less than 40 MB',
  async (form) => {
    const { report, stderr, code } = await runScript('large-upload', {
      args: [form],
      env: { AIHUBMIX_API_KEY: KEY }
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(report.received).toBeGreaterThan(100 * 1024 * 1024)
    expect(report.grownBy).toBeLessThan(40 * 1024 * 1024)
  },
  60_000
)
