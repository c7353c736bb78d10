'use strict'

// No connection: refused, unresolvable, swallowed; and other hosts in place of the first.

const { spawn } = require('node:child_process')
const net = require('node:net')
const path = require('node:path')
const { once } = require('node:events')
const { makeAuthority } = require('../support/certificates')
const { clientOf, expectFault, expectWithin, play, usePeers } = require('../support/fault')

const peers = usePeers()

// An address at which nobody listens.
async function nobody() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

// A listener whose queue is full: the kernel lets further connections wait without a word.
async function blackhole() {
  const child = spawn(process.execPath, [path.join(__dirname, '../support/scripts/deaf.js')], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const [port] = await once(child.stdout, 'data')
  const queued = Array.from({ length: 8 }, () =>
    net.connect(Number(port), '127.0.0.1').on('error', () => {})
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  return {
    url: `http://127.0.0.1:${Number(port)}`,
    async close() {
      for (const socket of queued) socket.destroy()
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
}

describe('no connection', () => {
  test('refused: every attempt is made, with back-off', async () => {
    const peer = await nobody()
    const fails = { code: 'CONNECTION_ERROR', attempts: 2, retryable: true }
    const error = await expectFault({
      peer,
      client: { maxRetries: 1 },
      fails,
      within: [375, 5_000]
    })
    expect(error.message).toContain('refused')
    expect(error.message).toContain(peer.slice('http://'.length))
  })

  test('unresolvable', async () => {
    const fails = { code: 'CONNECTION_ERROR', attempts: 1, retryable: true }
    const error = await expectFault({ peer: 'http://gateway.invalid', fails, within: [0, 5_000] })
    expect(error.message).toContain('gateway.invalid')
  })

  const onLinux = process.platform === 'linux' ? test : test.skip

  onLinux('swallowed: the connect timer runs out, for each attempt', async () => {
    const hole = peers.add(await blackhole())
    const client = { maxRetries: 1, timeout: { connect: 150 } }
    const fails = { code: 'TIMEOUT', phase: 'connect', attempts: 2, retryable: true }
    await expectFault({ peer: hole.url, client, fails, within: [675, 5_000] })
  })

  onLinux('swallowed: the total time covers attempts and back-off', async () => {
    const hole = peers.add(await blackhole())
    const client = { maxRetries: 9, timeout: { connect: 100, total: 350 } }
    await expectFault({
      peer: hole.url,
      client,
      fails: { code: 'TIMEOUT', phase: 'total' },
      within: [350, 5_000]
    })
  })
})

describe('fallback hosts', () => {
  test('one that cannot be reached is passed over within the attempt, and then left alone', async () => {
    const second = await peers.start((_, __, wire) => wire.chat())
    const dead = await nobody()
    const client = clientOf(dead, { fallbackBaseURLs: [second.url] })
    for (let number = 0; number < 3; number += 1) {
      const { answer, elapsedMs } = await play(client)
      expect(answer.aihubmix).toMatchObject({ attempts: 1, servedBy: second.url })
      expectWithin(elapsedMs, [0, 5_000])
    }
    // Another client of the same hosts knows it too.
    expect(
      (await play(clientOf(dead, { fallbackBaseURLs: [second.url] }))).answer.aihubmix.servedBy
    ).toBe(second.url)
    expect(second.requests).toHaveLength(4)
  })

  test('a host that answers is not passed over, whatever it says', async () => {
    const first = await peers.start((_, __, wire) =>
      wire.answer(503, { error: { message: 'down' } })
    )
    const second = await peers.start((_, __, wire) => wire.chat())
    const client = { fallbackBaseURLs: [second.url] }
    await expectFault({
      peer: first,
      client,
      fails: { code: 'OVERLOADED', status: 503, attempts: 1 }
    })
    expect(second.requests).toHaveLength(0)
  })

  test('a certificate that is not trusted is no reason to go elsewhere', async () => {
    const identity = makeAuthority().issue()
    const first = await peers.start((_, __, wire) => wire.chat(), { identity })
    const second = await peers.start((_, __, wire) => wire.chat())
    const client = { maxRetries: 2, fallbackBaseURLs: [second.url] }
    await expectFault({
      peer: first,
      client,
      fails: { code: 'CONNECTION_ERROR', retryable: false, attempts: 1 },
      requests: 0
    })
    expect(second.requests).toHaveLength(0)
  })

  test('where none can be reached, the first one’s error is told', async () => {
    const [first, second] = [await nobody(), await nobody()]
    const fails = { code: 'CONNECTION_ERROR', attempts: 1 }
    const error = await expectFault({ peer: first, client: { fallbackBaseURLs: [second] }, fails })
    expect(error.message).toContain(first.slice('http://'.length))
  })
})
