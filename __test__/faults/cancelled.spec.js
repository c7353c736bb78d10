'use strict'

// Cancelled, in each phase of a call: it settles at once, the connection closes, the signal is left as it was.

const { failureOf, eventually, HELLO, MODEL } = require('../support/gateway')
const { clientOf, usePeers } = require('../support/fault')
const { phasesFor, silence } = require('../support/phases')
const { listeners } = require('../support/signals')

const peers = usePeers()
const PHASES = phasesFor(peers)

describe.each(Object.keys(PHASES))('%s', (phase) => {
  test.each([
    ['by its signal', (_client, controller) => controller.abort('enough'), 'enough'],
    [
      'by close()',
      (client) => client.close(),
      expect.objectContaining({ message: 'the client was closed' })
    ]
  ])('%s', async (_, cancel, cause) => {
    const { options, server, reached } = await PHASES[phase]()
    const client = clientOf(options.baseURL, options)
    const controller = new AbortController()
    // One whole, one streamed.
    const promises = [false, true].map((stream) =>
      client.chatCompletion(MODEL, HELLO, { stream }, { signal: controller.signal })
    )
    const settled = Promise.allSettled(promises)
    let isSettled = false
    settled.then(() => {
      isSettled = true
    })
    await eventually(reached)
    await new Promise((resolve) => setTimeout(resolve, 30))
    cancel(client, controller)
    // At once, and so within 50 ms: before the event loop turns.
    await new Promise(setImmediate)
    expect(isSettled).toBe(true)
    const outcomes = await settled
    for (const { status, reason } of outcomes) {
      expect(status).toBe('rejected')
      expect(reason).toMatchObject({ code: 'ABORTED', cause, attempts: 1 })
    }
    expect(listeners(controller.signal)).toBe(0)
    await eventually(() => server.openSockets === 0)
  })
})

test.each(['signal', 'close', 'timer'])(
  'an upload that its peer does not read is cut off by a %s, not kept for it',
  async (how) => {
    const server = await silence(peers, { reads: false })
    const timeout = how === 'timer' ? { idle: 300 } : {}
    const client = clientOf(`http://localhost:${server.port}`, { timeout })
    const { signal, abort } = signalled()
    const length = 32 << 20
    const messages = [{ role: 'user', content: 'x'.repeat(length) }]
    const failing = failureOf(client.chatCompletion(MODEL, messages, {}, { signal }))
    await eventually(() => server.openSockets === 1)
    if (how === 'signal') abort()
    if (how === 'close') client.close()
    expect(await failing).toMatchObject({ code: how === 'timer' ? 'TIMEOUT' : 'ABORTED' })
    server.read()
    await eventually(() => server.openSockets === 0)
    expect(server.received).toBeLessThan(length)
  }
)

function signalled() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
