'use strict'

// Connections that break, and answers that are not what was asked for.

const zlib = require('node:zlib')
const { completion } = require('../support/servers')
const { head } = require('../support/peer')
const { chunk, finish, textOf } = require('../support/sse')
const { clientOf, expectFault, expectWithin, play, usePeers } = require('../support/fault')

const peers = usePeers()
const LOST = { code: 'CONNECTION_ERROR', attempts: 1 }
const INVALID = { code: 'INVALID_RESPONSE', attempts: 1 }

describe('a connection that breaks', () => {
  test('before any byte of the answer: tried again, and cured', async () => {
    const peer = await peers.start((number, _, wire) => (number === 0 ? wire.reset() : wire.chat()))
    const { answer, elapsedMs } = await play(clientOf(peer, { maxRetries: 2 }))
    expect(answer.aihubmix.attempts).toBe(2)
    expect(peer.requests).toHaveLength(2)
    expectWithin(elapsedMs, [375, 5_000])
  })

  test('before any byte, every time: all attempts are told', async () => {
    const peer = await peers.start((number, _, wire) => (number === 0 ? wire.end() : wire.reset()))
    const fails = { code: 'CONNECTION_ERROR', attempts: 2, retryable: true }
    const error = await expectFault({
      peer,
      client: { maxRetries: 1 },
      fails,
      requests: 2,
      within: [375, 5_000]
    })
    expect(error.cause.message).not.toBe('')
  })

  test('a second after sending: the call may be billed, so it is not tried again', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      await wire.pause(1_050)
      wire.reset()
    })
    await expectFault({
      peer,
      client: { maxRetries: 2 },
      fails: { ...LOST, retryable: false },
      within: [1_000, 5_000]
    })
  })

  test('in the middle of the head', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send('HTTP/1.1 200 OK\r\ncontent-ty')
      wire.end()
    })
    await expectFault({ peer, fails: LOST })
  })

  test('after one byte of the body', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.send(head(200, { 'content-type': 'application/json', 'content-length': 500 }), '{')
      await wire.pause(20)
      wire.reset()
    })
    await expectFault({ peer, client: { maxRetries: 2 }, fails: LOST })
    expect(peer.requests).toHaveLength(1)
  })

  test('after one byte of a stream', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      wire.send('d')
      await wire.pause(20)
      wire.reset()
    })
    await expectFault({ peer, call: { stream: true }, fails: LOST })
  })

  test('in the middle of an event: what was said is kept, and nothing is tried again', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ content: 'half' }))
      wire.send('data: {"choices":[{"index":0,"delta":{"content":" an ans')
      await wire.pause(20)
      wire.reset()
    })
    const error = await expectFault({
      peer,
      client: { maxRetries: 2 },
      call: { stream: true },
      fails: {
        code: 'STREAM_INTERRUPTED',
        attempts: 1,
        partial: { choices: [{ message: { content: 'half' } }] }
      }
    })
    expect(error.cause.message).toContain('CONNECTION_ERROR')
  })

  test('after the last event: the answer is whole', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ content: 'whole' }))
      wire.event(finish())
      await wire.pause(20)
      wire.reset()
    })
    const { error, chunks, elapsedMs } = await play(clientOf(peer), { stream: true })
    expect(error).toBeUndefined()
    expect(textOf(chunks)).toBe('whole')
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop')
    expectWithin(elapsedMs, [0, 1_900])
  })

  test('an idle one is replaced without an error', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, completion(), { connection: 'keep-alive' })
    )
    const client = clientOf(peer)
    for (let number = 0; number < 3; number += 1) {
      const { answer } = await play(client)
      expect(answer.aihubmix.attempts).toBe(1)
      // The server has closed it; its end may be noticed only by the next request.
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(peer.requests).toHaveLength(3)
  })
})

describe('an answer that is cut off or damaged', () => {
  const json = { 'content-type': 'application/json' }

  test('chunks that never end', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(head(200, { ...json, 'transfer-encoding': 'chunked' }), '64\r\n{"id":')
      wire.end()
    })
    await expectFault({ peer, fails: LOST })
  })

  test('gzip that is cut off', async () => {
    const packed = zlib.gzipSync(completion())
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, packed.subarray(0, 60), { 'content-encoding': 'gzip' })
    )
    await expectFault({ peer, fails: INVALID })
  })

  test('gzip that is none', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, 'no gzip', { 'content-encoding': 'gzip' })
    )
    await expectFault({ peer, fails: INVALID })
  })

  test.each([
    ['gzip', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['zstd', zlib.zstdCompressSync]
  ])('whole %s is unpacked', async (encoding, pack) => {
    // Node has zstd from 22.15 on.
    if (pack === undefined) return
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, pack(completion()), { 'content-encoding': encoding })
    )
    const { answer } = await play(clientOf(peer))
    expect(answer.choices[0].message.content).toBe('hi')
    expect(peer.requests[0].headers['accept-encoding']).toContain(encoding)
  })

  test.each([
    ['a page', 'text/html', '<!doctype html><title>Bad gateway</title>'],
    ['text', 'text/plain', 'upstream said hello'],
    ['nothing', 'application/json', ''],
    ['half of a JSON', 'application/json', '{"id":"chatcmpl-1","choices":['],
    ['another JSON', 'application/json', '[1,2,3]']
  ])('%s', async (_, type, body) => {
    const peer = await peers.start((_number, _request, wire) =>
      wire.answer(200, body, { 'content-type': type })
    )
    for (const stream of [false, true]) {
      peer.requests.length = 0
      await expectFault({ peer, client: { maxRetries: 2 }, call: { stream }, fails: INVALID })
    }
  })

  test('what is not HTTP', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send('220 mail.example ESMTP\r\n')
      wire.end()
    })
    await expectFault({ peer, client: { maxRetries: 2 }, fails: INVALID })
  })
})
