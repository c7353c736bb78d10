'use strict'

// Answers that are meant to do harm: each ends early, with an error that says why.

const zlib = require('node:zlib')
const { head } = require('../support/peer')
const { completion } = require('../support/servers')
const { eventually } = require('../support/gateway')
const { chunk } = require('../support/sse')
const { clientOf, expectFault, expectWithin, play, usePeers } = require('../support/fault')

const peers = usePeers()
const MB = 1 << 20
const jsonHead = (fields = {}) =>
  head(200, { 'content-type': 'application/json', connection: 'close', ...fields })

// What this process holds more of after a call; the garbage of the tests' own server included.
async function memoryOf(work) {
  const before = process.memoryUsage().rss
  await work()
  return process.memoryUsage().rss - before
}

describe('an answer', () => {
  const client = { limits: { answer: MB }, maxRetries: 2 }
  const fails = { code: 'INVALID_RESPONSE', attempts: 1 }

  test('announced as too long is not read', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(jsonHead({ 'content-length': 2 * MB }))
      return wire.hang()
    })
    expect((await expectFault({ peer, client, fails })).message).toContain('limits')
  })

  test('without end is cut', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(jsonHead())
      return wire.forever(' '.repeat(64 * 1024))
    })
    expect((await expectFault({ peer, client, fails })).message).toContain('limits')
  })

  test('that is small and unpacks to a gigabyte is cut', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(256 * MB, ' '), { level: 1 })
    expect(bomb.length).toBeLessThan(2 * MB)
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, bomb, { 'content-encoding': 'gzip' })
    )
    const grown = await memoryOf(() => expectFault({ peer, client, fails }))
    expect(grown).toBeLessThan(64 * MB)
  })

  test('of exactly the limit is read', async () => {
    const text = completion()
    const peer = await peers.start((_, __, wire) => wire.chat())
    expect((await play(clientOf(peer, { limits: { answer: text.length } }))).error).toBeUndefined()
    const one = await peers.start((_, __, wire) => wire.chat())
    await expectFault({ peer: one, client: { limits: { answer: text.length - 1 } }, fails })
  })

  test('nested without end is no JSON, and no stack overflows', async () => {
    const depth = 200_000
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, `{"choices":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    )
    await expectFault({ peer, client: { maxRetries: 2 }, fails })
  })

  test('nested deeply in a place nobody reads comes through or is refused, and nothing crashes', async () => {
    const depth = 100_000
    const peer = await peers.start((_, __, wire) =>
      wire.answer(
        200,
        completion().replace('{', `{"odd":${'['.repeat(depth)}${']'.repeat(depth)},`)
      )
    )
    const { answer, error } = await play(clientOf(peer))
    expect(answer?.choices[0].message.content ?? error.code).toMatch(/^(hi|INVALID_RESPONSE)$/)
  })
})

describe('an error answer', () => {
  test('without end keeps its status', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(head(500, { 'content-type': 'text/html', connection: 'close' }))
      return wire.forever(`<p>${'sorry '.repeat(1_000)}</p>`)
    })
    const error = await expectFault({
      peer,
      fails: { code: 'SERVER_ERROR', status: 500, attempts: 1 }
    })
    expect(error.message.length).toBeLessThan(10_000)
    expect(JSON.stringify(error.body ?? '').length).toBeLessThan(2 * MB)
  })

  test('that is a bomb keeps its status', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(64 * MB, 'x'))
    const peer = await peers.start((_, __, wire) =>
      wire.answer(401, bomb, { 'content-encoding': 'gzip' })
    )
    await expectFault({ peer, fails: { code: 'AUTH_ERROR', status: 401 } })
  })

  test('nested without end keeps its status', async () => {
    const deep = `{"error":${'{"error":'.repeat(50_000)}1${'}'.repeat(50_001)}`
    const peer = await peers.start((_, __, wire) => wire.answer(400, deep))
    await expectFault({ peer, fails: { code: 'INVALID_REQUEST', status: 400 } })
  })
})

describe('a stream', () => {
  const stream = { stream: true }

  test('with an event that is too long, before and after the first delta', async () => {
    for (const spoken of [false, true]) {
      const peer = await peers.start((_, __, wire) => {
        wire.beginStream()
        if (spoken) wire.event(chunk({ content: 'one' }))
        wire.send('data: ')
        return wire.forever('x'.repeat(64 * 1024))
      })
      const client = { limits: { event: MB }, maxRetries: 2 }
      const error = await expectFault({
        peer,
        client,
        call: stream,
        fails: { code: 'INVALID_RESPONSE', attempts: 1 }
      })
      expect(error.message).toContain('limits.event')
      expect(error.partial?.choices[0].message.content).toBe(spoken ? 'one' : undefined)
    }
  })

  test('of comments without end uses no memory and meets the timer', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.beginStream()
      return wire.forever(`: ${'keep-alive '.repeat(6_000)}\n\n`)
    })
    const client = { timeout: { response: 400 } }
    const fails = { code: 'TIMEOUT', phase: 'response', attempts: 1 }
    const grown = await memoryOf(() =>
      expectFault({ peer, client, call: stream, fails, within: [400, 5_000] })
    )
    expect(grown).toBeLessThan(64 * MB)
  })

  test('of one comment without end of line is an event that is too long', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.beginStream()
      wire.send(': ')
      return wire.forever('x'.repeat(64 * 1024))
    })
    await expectFault({
      peer,
      client: { limits: { event: MB } },
      call: stream,
      fails: { code: 'INVALID_RESPONSE' }
    })
  })

  test('that unpacks without end is held back by its reader', async () => {
    const packed = zlib.gzipSync(
      `data: ${JSON.stringify(chunk({ content: 'x'.repeat(1_000) }))}\n\n`.repeat(100_000),
      { level: 1 }
    )
    const peer = await peers.start((_, __, wire) => {
      wire.send(
        head(200, {
          'content-type': 'text/event-stream',
          'content-encoding': 'gzip',
          connection: 'close'
        }),
        packed
      )
    })
    const grown = await memoryOf(async () => {
      const answer = await clientOf(peer).chatCompletion(
        'gpt-5.4-mini',
        [{ role: 'user', content: 'x' }],
        stream
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      answer.abort()
    })
    expect(grown).toBeLessThan(64 * MB)
  })

  test('with an event nested without end', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.beginStream()
      wire.event(`{"choices":${'['.repeat(100_000)}`)
      return wire.hang()
    })
    await expectFault({ peer, call: stream, fails: { code: 'INVALID_RESPONSE', attempts: 1 } })
  })

  // Whatever never ends, and never is an answer: it ends with the call's timer or its own bound, others go on meanwhile.
  test.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'],
    ['a header', 'HTTP/1.1 200 OK\r\nx-a: ', 'b'.repeat(64 * 1024)],
    ['a status line', 'HTTP/1.1 200 ', 'O'.repeat(64 * 1024)],
    ['answers before the answer', '', 'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'],
    [
      'a name of a chunk',
      `${head(200, { 'transfer-encoding': 'chunked' })}1;`,
      'a'.repeat(64 * 1024)
    ],
    ['trailers', `${head(200, { 'transfer-encoding': 'chunked' })}0\r\n`, 'x-a: b\r\n']
  ])('of %s without end', async (_, begin, more) => {
    const peer = await peers.start((_number, _request, wire) => {
      wire.send(begin)
      return wire.forever(more.repeat(Math.ceil(4_096 / more.length)))
    })
    const alive = await peers.start((_number, _request, wire) => wire.chat())
    const timeout = { total: 1_000 }
    const grown = await memoryOf(async () => {
      const failing = play(clientOf(peer, { timeout }))
      expect((await play(clientOf(alive))).answer.choices).toHaveLength(1)
      expect((await failing).error.code).toMatch(/^(INVALID_RESPONSE|CONNECTION_ERROR|TIMEOUT)$/)
    })
    expect(grown).toBeLessThan(64 * MB)
    await eventually(() => peer.openSockets === 0)
  })

  test('with headers that are too long', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(200, completion(), { 'x-long': 'x'.repeat(MB) })
    )
    const { error, elapsedMs } = await play(clientOf(peer))
    expect(error).toMatchObject({
      code: expect.stringMatching(/INVALID_RESPONSE|CONNECTION_ERROR/)
    })
    expectWithin(elapsedMs, [0, 5_000])
  })
})
