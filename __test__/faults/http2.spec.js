'use strict'

// HTTP/2, where a server offers it.

const http2 = require('node:http2')
const { once } = require('node:events')
const { makeAuthority } = require('../support/certificates')
const { completion } = require('../support/servers')
const { chunk, finish, readAll, textOf } = require('../support/sse')
const { HELLO, KEY, MODEL, eventually, failureOf } = require('../support/gateway')
const { clientOf, expectFault, play, usePeers } = require('../support/fault')

const peers = usePeers()
const authority = makeAuthority()
const client = { ca: authority.pem }

// `script(number, stream, headers)` for each request.
async function startHttp2(script) {
  const server = http2.createSecureServer({ ...authority.issue(), allowHTTP1: false })
  const sessions = new Set()
  const closed = []
  const requests = []
  let connections = 0
  server.on('session', (session) => {
    connections += 1
    sessions.add(session)
    session.on('error', () => {})
    session.once('close', () => sessions.delete(session))
  })
  server.on('sessionError', () => {})
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    stream.once('close', () => closed.push(stream.rstCode))
    requests.push(headers)
    script(requests.length - 1, stream, headers)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return peers.add({
    url: `https://localhost:${server.address().port}`,
    requests,
    closed,
    get connections() {
      return connections
    },
    // Streams that are open: idle connections stay for the next call.
    get openSockets() {
      return requests.length - closed.length
    },
    close() {
      for (const session of sessions) session.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  })
}

function answer(stream) {
  stream.respond({ ':status': 200, 'content-type': 'application/json' })
  stream.end(completion())
}

describe('HTTP/2', () => {
  test('is chosen, and one connection carries many calls at a time', async () => {
    const server = await startHttp2((_, stream) => setTimeout(answer, 50, stream))
    const one = clientOf(server, client)
    // Calls that begin before the first connection is made cannot know yet that one will do.
    await play(one)
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => play(one)))
    expect(outcomes.every((outcome) => outcome.answer?.choices[0].message.content === 'hi')).toBe(
      true
    )
    expect(server.requests).toHaveLength(41)
    expect(server.connections).toBe(1)
    expect(server.requests[0]).toMatchObject({ authorization: `Bearer ${KEY}`, ':method': 'POST' })
  })

  test('carries streams', async () => {
    const server = await startHttp2((_, stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      for (const data of [chunk({ content: 'on ' }), chunk({ content: 'two' }), finish()])
        stream.write(`data: ${JSON.stringify(data)}\n\n`)
      stream.end('data: [DONE]\n\n')
    })
    expect(textOf((await play(clientOf(server, client), { stream: true })).chunks)).toBe('on two')
  })

  test('a stream that was refused is tried again', async () => {
    const server = await startHttp2((number, stream) => {
      if (number === 0) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
      else answer(stream)
    })
    const { answer: got } = await play(clientOf(server, { ...client, maxRetries: 1 }))
    expect(got.choices[0].message.content).toBe('hi')
    expect(server.requests).toHaveLength(2)
  })

  test('a connection that goes away is replaced', async () => {
    const server = await startHttp2((_, stream) => {
      answer(stream)
      stream.session.close()
    })
    const one = clientOf(server, client)
    for (let number = 0; number < 3; number += 1) expect((await play(one)).error).toBeUndefined()
    expect(server.connections).toBe(3)
  })

  test('silence meets the response timer, and the stream is reset', async () => {
    const server = await startHttp2(() => {})
    const fails = { code: 'TIMEOUT', phase: 'response', attempts: 1 }
    await expectFault({
      peer: server,
      client: { ...client, timeout: { response: 150 } },
      fails,
      within: [150, 5_000]
    })
    expect(server.closed).toEqual([http2.constants.NGHTTP2_CANCEL])
  })

  test('a stream reset in the middle is STREAM_INTERRUPTED', async () => {
    const server = await startHttp2((_, stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
      stream.write(`data: ${JSON.stringify(chunk({ content: 'half' }))}\n\n`)
      setTimeout(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR), 50)
    })
    const fails = {
      code: 'STREAM_INTERRUPTED',
      partial: { choices: [{ message: { content: 'half' } }] }
    }
    await expectFault({
      peer: server,
      client: { ...client, maxRetries: 2 },
      call: { stream: true },
      fails
    })
  })

  test('one answer’s headers, however odd or many, break nobody’s stream', async () => {
    const odd = {
      'x-latin': 'caf\u00e9',
      'x-bytes': '\u00ff\u0080',
      ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x-h${at}`, 'v'.repeat(200)]))
    }
    let release
    const server = await startHttp2((number, stream) => {
      if (number === 1) {
        stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
        stream.write(`data: ${JSON.stringify(chunk({ content: 'one' }))}\n\n`)
        release = () => stream.end(`data: ${JSON.stringify(finish())}\n\n`)
        return
      }
      // The third is larger than any client takes.
      const more = number === 3 ? { 'x-huge': 'v'.repeat(1 << 20) } : odd
      stream.respond({ ':status': 200, 'content-type': 'application/json', ...more })
      stream.end(completion())
    })
    const one = clientOf(server, client)
    await play(one)
    const stream = await one.chatCompletion(MODEL, HELLO, { stream: true })
    expect((await play(one)).answer.choices).toHaveLength(1)
    const { error } = await play(one)
    expect(error?.code ?? 'read').toMatch(/^(INVALID_RESPONSE|CONNECTION_ERROR|read)$/)
    release()
    expect(textOf(await readAll(stream))).toBe('one')
  })

  test('cancelling one call resets its stream and nothing else', async () => {
    const server = await startHttp2((number, stream) =>
      setTimeout(() => stream.destroyed || answer(stream), number === 0 ? 0 : 300)
    )
    const one = clientOf(server, client)
    await play(one)
    const controller = new AbortController()
    const failure = failureOf(one.chatCompletion(MODEL, HELLO, {}, { signal: controller.signal }))
    const other = play(one)
    await eventually(() => server.requests.length === 3)
    controller.abort()
    expect(await Promise.race([failure, new Promise(setImmediate)])).toMatchObject({
      code: 'ABORTED',
      attempts: 1
    })
    await eventually(() => server.closed.length === 2)
    expect(server.closed[1]).toBe(http2.constants.NGHTTP2_CANCEL)
    expect((await other).error).toBeUndefined()
    expect(server.connections).toBe(1)
  })
})
