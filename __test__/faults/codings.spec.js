'use strict'

// Compressed answers: in all forms that Node's fetch reads, and hostile ones.

const zlib = require('node:zlib')
const { performance } = require('node:perf_hooks')
const { startHttpServer, completion } = require('../support/servers')
const { clientOf, play } = require('../support/fault')
const { HELLO, MODEL, failureOf } = require('../support/gateway')
const { chunk, finish } = require('../support/sse')

const event = (data) => `data: ${JSON.stringify(data)}\n\n`

async function answering(coding, pieces, contentType = 'application/json') {
  const server = await startHttpServer(async (request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': contentType, 'content-encoding': coding })
    for (const piece of pieces) {
      response.write(piece)
      await new Promise(setImmediate)
    }
    response.end()
  })
  return { server, client: clientOf({ url: server.url }, { maxRetries: 0 }) }
}

const half = completion().length / 2
const members = [completion().slice(0, half), completion().slice(half)].map((text) =>
  zlib.gzipSync(text)
)

test.each([
  ['gzip', members],
  ['X-GZIP', [zlib.gzipSync(completion())]],
  ['GZip', [zlib.gzipSync(completion()), Buffer.alloc(20)]],
  ['deflate', [zlib.deflateSync(completion())]],
  ['deflate', [zlib.deflateRawSync(completion())]],
  ['br', [zlib.brotliCompressSync(completion())]],
  ['identity', [completion()]]
])('%s', async (coding, pieces) => {
  const { server, client } = await answering(coding, pieces)
  try {
    expect((await play(client)).answer.choices[0].message.content).toBe('hi')
  } finally {
    await server.close()
  }
})

test('a stream in gzip members, one for each event', async () => {
  const events = [chunk({ content: 'one ' }), chunk({ content: 'two' }), finish()]
  const pieces = events.map((one) => zlib.gzipSync(event(one)))
  const { server, client } = await answering('gzip', pieces, 'text/event-stream')
  try {
    const stream = await client.chatCompletion(MODEL, HELLO, { stream: true })
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe('one two')
  } finally {
    await server.close()
  }
})

test('an unknown coding is named', async () => {
  const { server, client } = await answering('compress', [completion()])
  try {
    expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({
      code: 'INVALID_RESPONSE',
      message: expect.stringContaining('compress')
    })
  } finally {
    await server.close()
  }
})

// Blocks of 128 KB of line feeds, from 4 bytes each (RFC 8878, section 3.1.1.2).
function zstdBomb(blocks) {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3])
  const block = Buffer.alloc(4, '\n')
  block.writeUIntLE((1 << 1) | ((128 * 1024) << 3), 0, 3)
  return Buffer.concat([head, ...new Array(blocks).fill(block)])
}

test('a bomb ends with its timer and holds up nobody', async () => {
  const { server, client } = await answering('zstd', [zstdBomb(16_384)], 'text/event-stream')
  const other = await startHttpServer((_request, response) => response.end(completion()))
  const bystander = clientOf({ url: other.url }, { maxRetries: 0 })
  try {
    await bystander.chatCompletion(MODEL, HELLO)
    const options = { timeout: { response: 1_000 } }
    const hostile = failureOf(client.chatCompletion(MODEL, HELLO, { stream: true }, options))
    let slowest = 0
    for (let n = 0; n < 5; n += 1) {
      const started = performance.now()
      await bystander.chatCompletion(MODEL, HELLO)
      slowest = Math.max(slowest, performance.now() - started)
    }
    expect(slowest).toBeLessThan(1_000)
    expect(await hostile).toMatchObject({ code: 'TIMEOUT', phase: 'response' })
  } finally {
    await Promise.all([server.close(), other.close()])
  }
})
