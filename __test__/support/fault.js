'use strict'

// Plays one call against a server, and looks at everything that may be left of it.

const fs = require('node:fs')
const { AihubmixModelClient } = require('../..')
const { KEY, MODEL, HELLO, eventually } = require('./gateway')
const { startPeer } = require('./peer')
const { listeners } = require('./signals')
const { readAll } = require('./sse')

// Peers of one file; all are closed after each test, and none may then have left a socket in this process.
function usePeers() {
  const open = []
  let before
  beforeEach(() => {
    before = socketsOfThisProcess()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((peer) => peer.close()))
    await eventually(() => socketsOfThisProcess() <= before)
  })
  return {
    async start(script, options) {
      const peer = await startPeer(script, options)
      open.push(peer)
      return peer
    },
    // A server of another kind, with close().
    add(server) {
      open.push(server)
      return server
    }
  }
}

function clientOf(peer, options) {
  return new AihubmixModelClient({
    apiKey: KEY,
    baseURL: peer.url ?? peer,
    maxRetries: 0,
    ...options
  })
}

// What becomes of a call: `{ answer | error | chunks, elapsedMs, whole: true }`. With `stream` the chunks
// are read to the end. Every call leaves its signal as it found it.
async function play(client, { stream = false, request = {}, options = {} } = {}) {
  const controller = new AbortController()
  const startedAt = performance.now()
  const chunks = []
  let outcome
  try {
    const given = { ...options, stream }
    const answer = await client.chatCompletion(MODEL, HELLO, given, {
      signal: controller.signal,
      ...request
    })
    if (stream) chunks.push(...(await readAll(answer)))
    outcome = { answer, chunks }
  } catch (error) {
    outcome = { error, chunks }
  }
  outcome.elapsedMs = performance.now() - startedAt
  expect(listeners(controller.signal)).toBe(0)
  return outcome
}

// Plays a call that must fail like this, and after which the server has no connection.
async function expectFault({
  peer,
  client = {},
  call = {},
  fails,
  requests = 1,
  within = [0, 5_000]
}) {
  const outcome = await play(clientOf(peer, client), call)
  expect(outcome.error).toMatchObject(fails)
  expect(outcome.error.stack).not.toContain(KEY.slice(3))
  if (peer.requests !== undefined) {
    expect(peer.requests).toHaveLength(requests)
    await eventually(() => peer.openSockets === 0)
  }
  expectWithin(outcome.elapsedMs, within)
  return outcome.error
}

function expectWithin(elapsedMs, [from, to]) {
  expect(elapsedMs).toBeGreaterThanOrEqual(from - 2)
  expect(elapsedMs).toBeLessThan(to)
}

// Sockets of both sides, where the system tells.
function socketsOfThisProcess() {
  let descriptors
  try {
    descriptors = fs.readdirSync('/proc/self/fd')
  } catch {
    return 0
  }
  return descriptors.filter((descriptor) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

module.exports = { usePeers, clientOf, play, expectFault, expectWithin }
