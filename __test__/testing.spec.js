'use strict'

// The mock gateway over real sockets: scripts, faults, recording, and its life in a process.

const { execFile } = require('node:child_process')
const http = require('node:http')
const net = require('node:net')
const path = require('node:path')
const { startMockGateway } = require('../testing')
const { KEY, GOOGLE, call, eventually } = require('./gateway-calls')
const { wiresSpokenWith } = require('./spoken-wires')

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

const send = (route, body, options) => call(options?.base ?? gateway.url, route, body, options)
const chats = wiresSpokenWith(send)['chat completions']

describe('scripts', () => {
  const chat = (stream = false) =>
    send('/v1/chat/completions', {
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream
    })

  test('are taken in order, then the gateway answers by itself again', async () => {
    gateway.enqueue({ json: { first: true }, status: 201, headers: { 'X-Request-Id': 'mine' } })
    gateway.enqueue([{ text: '<html>' }, { json: [3] }])
    expect(gateway.pendingScripts).toBe(3)
    const first = await chat()
    expect([first.status, first.json, first.headers.get('x-request-id')]).toEqual([
      201,
      { first: true },
      'mine'
    ])
    const second = await chat()
    expect([second.text, second.headers.get('content-type')]).toEqual([
      '<html>',
      'text/plain; charset=utf-8'
    ])
    expect((await chat()).json).toEqual([3])
    expect((await chat()).json.object).toBe('chat.completion')
    expect(gateway.pendingScripts).toBe(0)
  })

  test('wait for the request they match', async () => {
    gateway.enqueue([
      { match: '/v1/embeddings', json: 'by path' },
      { match: ({ body }) => body?.model === 'special', json: 'by function' }
    ])
    expect((await chat()).json.object).toBe('chat.completion')
    expect((await send('/v1/chat/completions', { model: 'special', messages: [] })).json).toBe(
      'by function'
    )
    expect((await send('/v1/embeddings', { model: 'm', input: 'x' })).json).toBe('by path')
  })

  test('answer for unknown routes, without a key and for malformed bodies too', async () => {
    gateway.enqueue({ json: 'anything' })
    expect((await send('/no/such/route', '{broken', { headers: {} })).json).toBe('anything')
  })

  test('sse: raw text as it is, bare payloads framed, objects as JSON, named where the wire names events', async () => {
    const sse = [
      ': hello\n\n',
      'data: {"raw":1}\r\n\r\n',
      '{"bare":1}',
      { type: 'thing' },
      'two\nlines',
      '[DONE]'
    ]
    const common = ': hello\n\ndata: {"raw":1}\r\n\r\ndata: {"bare":1}\n\n'
    const end = 'data: {"type":"thing"}\n\ndata: two\ndata: lines\n\ndata: [DONE]\n\n'
    gateway.enqueue([{ sse }, { sse }])
    expect((await rawBody('/v1/chat/completions')).toString()).toBe(`${common}${end}`)
    expect((await rawBody('/v1/messages')).toString()).toBe(`${common}event: thing\n${end}`)
  })

  test('are refused when they make no sense', () => {
    expect(() => gateway.enqueue({ jsn: 1 })).toThrow('unknown key "jsn"')
    expect(() => gateway.enqueue([{ json: 1 }, { json: 1, text: 'x' }])).toThrow(
      'json and text exclude each other'
    )
    expect(() => gateway.enqueue({ cutAfter: -1 })).toThrow('cutAfter')
    expect(() => gateway.enqueue({ chunkBytes: 0 })).toThrow('chunkBytes')
    expect(() => gateway.enqueue({ sse: 'data: x' })).toThrow('sse')
    expect(() => gateway.enqueue(null)).toThrow(TypeError)
    expect(gateway.pendingScripts).toBe(0)
  })

  test('a chat on a route that is none, and a match that throws, are told as such', async () => {
    gateway.enqueue({ chat: 'hi' })
    const { status, json } = await send('/v1/rerank', {})
    expect([status, json.error.message]).toEqual([500, expect.stringContaining('no chat route')])
    gateway.enqueue({
      match: () => {
        throw new Error('typo')
      }
    })
    const failed = await chat()
    expect([failed.status, failed.json.error.message]).toEqual([
      500,
      expect.stringContaining('typo')
    ])
  })

  test('a status from 400 with a text has that text as its message', async () => {
    gateway.enqueue({ status: 402, chat: 'no money left' })
    const { status, json } = await chat(true)
    expect([status, json.error.message]).toEqual([
      402,
      expect.stringMatching(/^no money left \(tid: /)
    ])
  })
})

// node:http shows what fetch hides: each piece that arrives, and how the connection ended.
function rawBody(route, onData = () => {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      gateway.url + route,
      { method: 'POST', headers: KEY, agent: false },
      (response) => {
        const pieces = []
        response.on('data', (piece) => {
          pieces.push(piece)
          onData(piece, request)
        })
        response.on('end', () => resolve(Object.assign(Buffer.concat(pieces), { pieces })))
        response.on('error', (error) =>
          reject(Object.assign(error, { received: Buffer.concat(pieces) }))
        )
      }
    )
    request.on('error', reject)
    request.end(
      JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], input: 'hi' })
    )
  })
}

describe('faults', () => {
  test('delayMs holds the headers back', async () => {
    gateway.enqueue({ delayMs: 80 })
    const begun = Date.now()
    await rawBody('/v1/chat/completions')
    expect(Date.now() - begun).toBeGreaterThanOrEqual(75)
  })

  test('chunkBytes cuts the body into pieces, inside characters too', async () => {
    gateway.enqueue({ text: 'öäü€', chunkBytes: 1, gapMs: 2 })
    const body = await rawBody('/v1/chat/completions')
    expect(body.toString()).toBe('öäü€')
    expect(body.pieces.length).toBeGreaterThan(4)
  })

  test('cutAfter breaks the connection after that many bytes', async () => {
    gateway.enqueue({ text: '0123456789', cutAfter: 4 })
    const error = await rawBody('/v1/chat/completions').catch((thrown) => thrown)
    expect([error.code, error.received.toString()]).toEqual(['ECONNRESET', '0123'])
    expect(gateway.closedEarly).toBe(0)
  })

  test('cutAfter 0 breaks it before the headers; past the end only the end is missing', async () => {
    gateway.enqueue([{ cutAfter: 0 }, { text: 'whole', cutAfter: 100 }])
    const first = await rawBody('/v1/chat/completions').catch((thrown) => thrown)
    expect([first.code, first.received]).toEqual(['ECONNRESET', undefined])
    const second = await rawBody('/v1/chat/completions').catch((thrown) => thrown)
    expect([second.code, second.received.toString()]).toEqual(['ECONNRESET', 'whole'])
  })

  test('stallAfter stands still for ever, and the client that leaves is counted', async () => {
    gateway.enqueue({ chat: 'a long answer', stallAfter: 10 })
    const socketsBefore = gateway.openSockets
    let received = 0
    const stalled = rawBody('/v1/chat/completions', (piece, request) => {
      received += piece.length
      if (received === 10) setTimeout(() => request.destroy(), 40)
    })
    await expect(stalled).rejects.toThrow()
    expect(received).toBe(10)
    await eventually(() => gateway.closedEarly === 1 && gateway.openSockets <= socketsBefore)
  })

  // Else a client that leaves as soon as it has the last event would be counted as one that left early.
  test('the last event and the end of the answer arrive as one', async () => {
    gateway.enqueue({ sse: ['{"n":1}', '[DONE]'] })
    const { hostname, port } = new URL(gateway.url)
    const socket = net.connect(Number(port), hostname)
    socket.setEncoding('utf8')
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
    const last = await new Promise((resolve) => {
      socket.on('data', (piece) => piece.includes('[DONE]') && resolve(piece))
    })
    socket.destroy()
    expect(last).toMatch(/data: \[DONE\]\n\n\r\n0\r\n\r\n$/)
    expect(gateway.closedEarly).toBe(0)
  })

  test('a client that leaves during the delay is counted', async () => {
    gateway.enqueue({ delayMs: 60_000 })
    const aborted = send('/v1/models', undefined, {
      method: 'GET',
      signal: AbortSignal.timeout(30)
    })
    await expect(aborted).rejects.toThrow()
    await eventually(() => gateway.closedEarly === 1)
  })
})

describe('the server', () => {
  test('records method, path, query, headers, body and text, behind any prefix', async () => {
    const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
    expect((await send('/some/prefix/v1/chat/completions?a=1', body)).status).toBe(200)
    expect(gateway.requests).toHaveLength(1)
    expect(gateway.requests[0]).toMatchObject({
      method: 'POST',
      path: '/some/prefix/v1/chat/completions',
      query: { a: '1' },
      headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
      body,
      bodyText: JSON.stringify(body)
    })
  })

  test('model ids are decoded from the path', async () => {
    const body = { contents: [{ parts: [{ text: 'hi' }] }] }
    const { json } = await send('/gemini/v1beta/models/google%2Fgemini-x:generateContent', body, {
      headers: GOOGLE
    })
    expect(json.modelVersion).toBe('google/gemini-x')
  })

  test('numbers every answer, and begins anew after reset', async () => {
    const get = () => send('/v1/models', undefined, { method: 'GET' })
    expect((await get()).headers.get('x-request-id')).toBe('mock-000001')
    expect((await send('/nothing')).headers.get('x-request-id')).toBe('mock-000002')
    gateway.enqueue({ json: 1 })
    const { requests } = gateway
    gateway.reset()
    expect([requests, gateway.pendingScripts, gateway.closedEarly]).toEqual([[], 0, 0])
    expect((await get()).headers.get('x-request-id')).toBe('mock-000001')
    expect(requests).toHaveLength(1)
  })

  test('listens on loopback alone, and several run side by side', async () => {
    const other = await startMockGateway()
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(other.url).not.toBe(gateway.url)
    await other.close()
  })

  test('close ends open connections, may be called twice, and counts no client as gone', async () => {
    const closing = await startMockGateway()
    closing.enqueue({ stallAfter: 0 })
    const pending = fetch(`${closing.url}/v1/models`).then((response) => response.text())
    await eventually(() => closing.openSockets === 1 && closing.requests.length === 1)
    await Promise.all([closing.close(), closing.close(), expect(pending).rejects.toThrow()])
    await closing.close()
    expect([closing.openSockets, closing.closedEarly]).toEqual([0, 0])
    await expect(fetch(`${closing.url}/v1/models`)).rejects.toThrow()
  })

  test('answers many at once, each its own', async () => {
    const texts = Array.from({ length: 40 }, (_, place) => `number ${place}`)
    const answers = await Promise.all(texts.map((text) => chats.send({ text, stream: true })))
    expect(answers.map(({ events }) => chats.streamed(events).text)).toEqual(
      texts.map((text) => `You said: ${text}`)
    )
    expect(gateway.requests).toHaveLength(40)
  })

  test('a multipart body without a boundary is refused', async () => {
    const { status } = await send('/v1/images/edits', 'x', {
      headers: { ...KEY, 'content-type': 'multipart/form-data' }
    })
    expect(status).toBe(400)
  })

  test('does not keep the process alive, not even with an answer under way', async () => {
    const program = `
      const { startMockGateway } = require(${JSON.stringify(path.resolve(__dirname, '../testing'))})
      startMockGateway().then(async (gateway) => {
        gateway.enqueue({ delayMs: 60000 })
        const request = require('node:http').get(gateway.url + '/v1/models')
        request.on('error', () => {})
        request.on('socket', (socket) => socket.unref())
        while (gateway.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
        console.log('asked')
      })`
    const output = await new Promise((resolve, reject) => {
      execFile(process.execPath, ['-e', program], { timeout: 5000 }, (error, stdout) =>
        error ? reject(error) : resolve(stdout)
      )
    })
    expect(output).toBe('asked\n')
  })
})
