'use strict'

// Silence, in each phase of a call.

const net = require('node:net')
const { once } = require('node:events')
const { head } = require('../support/peer')
const { chunk, finish, textOf } = require('../support/sse')
const { completion } = require('../support/servers')
const { clientOf, expectFault, expectWithin, play, usePeers } = require('../support/fault')

const peers = usePeers()
const WITHIN = [150, 5_000]

describe('silence', () => {
  test('instead of an answer: not tried again, it may be billed', async () => {
    const peer = await peers.start((_, __, wire) => wire.hang())
    const client = { maxRetries: 2, timeout: { response: 150 } }
    const fails = { code: 'TIMEOUT', phase: 'response', attempts: 1, retryable: false }
    for (const stream of [false, true]) {
      peer.requests.length = 0
      await expectFault({ peer, client, call: { stream }, fails, within: WITHIN })
    }
  })

  test('in the middle of the head', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send('HTTP/1.1 200 OK\r\nx-some: thi')
      return wire.hang()
    })
    await expectFault({
      peer,
      client: { timeout: { response: 150 } },
      fails: { code: 'TIMEOUT', phase: 'response' },
      within: WITHIN
    })
  })

  test('in the middle of the body', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(head(200, { 'content-type': 'application/json', 'content-length': 500 }), '{"id":')
      return wire.hang()
    })
    const client = { maxRetries: 2, timeout: { idle: 150 } }
    await expectFault({
      peer,
      client,
      fails: { code: 'TIMEOUT', phase: 'idle', attempts: 1 },
      within: WITHIN
    })
  })

  test('before the first delta of a stream, behind comments and pings', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      while (!wire.isClosed) {
        wire.send(': keep-alive\n\n')
        wire.event({ ...chunk({}), choices: [] })
        await wire.pause(20)
      }
    })
    const client = { maxRetries: 2, timeout: { response: 200, idle: 60_000 } }
    const fails = { code: 'TIMEOUT', phase: 'response', attempts: 1 }
    await expectFault({ peer, client, call: { stream: true }, fails, within: [200, 5_000] })
  })

  test('in the middle of a stream, behind comments', async () => {
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ content: 'one' }))
      while (!wire.isClosed) {
        wire.send(': keep-alive\n\n')
        await wire.pause(20)
      }
    })
    const fails = {
      code: 'TIMEOUT',
      phase: 'idle',
      attempts: 1,
      partial: { choices: [{ message: { content: 'one' } }] }
    }
    await expectFault({
      peer,
      client: { timeout: { idle: 150 } },
      call: { stream: true },
      fails,
      within: WITHIN
    })
  })

  test('after the finish reason is the proper end, at most 2 s later', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.beginStream()
      wire.event(chunk({ content: 'all' }))
      wire.event(finish())
      return wire.hang()
    })
    const { error, chunks, elapsedMs } = await play(clientOf(peer), { stream: true })
    expect(error).toBeUndefined()
    expect(textOf(chunks)).toBe('all')
    expectWithin(elapsedMs, [1_950, 5_000])
  })

  test('of an error’s body does not hide its status', async () => {
    const peer = await peers.start((_, __, wire) => {
      wire.send(
        head(400, { 'content-type': 'application/json', 'content-length': 500 }),
        '{"error":'
      )
      return wire.hang()
    })
    const client = { timeout: { idle: 150 } }
    await expectFault({
      peer,
      client,
      fails: { code: 'INVALID_REQUEST', status: 400, attempts: 1 },
      within: WITHIN
    })
  })
})

test('an upload that nobody takes', async () => {
  const sockets = []
  const server = net.createServer({ pauseOnConnect: true }, (socket) =>
    sockets.push(socket.on('error', () => {}))
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  peers.add({
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }
  })
  // More than the buffers of both kernels take.
  const options = { user: 'x'.repeat(24 << 20) }
  const fails = {
    code: 'TIMEOUT',
    phase: 'idle',
    attempts: 1,
    message: expect.stringContaining('upload')
  }
  const client = { maxRetries: 2, timeout: { idle: 300 } }
  await expectFault({
    peer: `http://127.0.0.1:${server.address().port}`,
    client,
    call: { options },
    fails,
    within: [300, 8_000]
  })
})

describe('slowness', () => {
  const drip = async (_, __, wire) => {
    const text = completion()
    wire.send(
      head(200, {
        'content-type': 'application/json',
        'content-length': text.length,
        connection: 'close'
      })
    )
    for (let at = 0; at < text.length; at += 5) {
      wire.send(text.slice(at, at + 5))
      await wire.pause(15)
    }
    wire.end()
  }

  test('is not silence', async () => {
    const peer = await peers.start(drip)
    const { answer, elapsedMs } = await play(clientOf(peer, { timeout: { idle: 600 } }))
    expect(answer.choices[0].message.content).toBe('hi')
    expectWithin(elapsedMs, [600, 10_000])
  })

  test('ends with the whole call’s time', async () => {
    const peer = await peers.start(drip)
    const fails = { code: 'TIMEOUT', phase: 'total', attempts: 1 }
    await expectFault({
      peer,
      client: { maxRetries: 2, timeout: { total: 150 } },
      fails,
      within: WITHIN
    })
  })

  test('of the consumer stops the idle timer', async () => {
    const text = 'x'.repeat(8_000)
    const peer = await peers.start(async (_, __, wire) => {
      wire.beginStream()
      for (let number = 0; number < 1_500; number += 1) wire.event(chunk({ content: text }))
      wire.event(finish())
      wire.event('[DONE]')
      wire.end()
    })
    const client = clientOf(peer, { timeout: { idle: 250 } })
    const stream = await client.chatCompletion(
      'gpt-5.4-mini',
      [{ role: 'user', content: 'long' }],
      {
        stream: true
      }
    )
    let length = 0
    let number = 0
    for await (const { choices } of stream) {
      length += choices[0].delta.content?.length ?? 0
      number += 1
      if (number === 20) await new Promise((resolve) => setTimeout(resolve, 700))
    }
    expect(length).toBe(1_500 * text.length)
  })
})
