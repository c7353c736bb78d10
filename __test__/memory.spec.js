'use strict'

// What is given back: copies of the package, dropped streams, memory of calls.

const { runScript } = require('./support/child')
const { nodeOfAtLeast } = require('./support/newer-node')

const flags = ['--expose-gc']

test('copies of the package that are used and forgotten, as by jest.resetModules, are collected', async () => {
  const { code, report } = await runScript('fresh-modules', { flags, args: ['20'] })
  expect(code).toBe(0)
  expect(report).toMatchObject({ copies: 20, openStreams: 0 })
  // The last one may still stand in a register.
  expect(report.left).toBeLessThanOrEqual(1)
})

test('streams that are dropped unread close their sockets and leave no listener on the signal', async () => {
  const { code, report, stderr } = await runScript('unread-streams', { flags })
  expect(report).toEqual({ opened: 50, open: 0, listeners: 0 })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

// From 22 on, texts of answers may be the core's own memory.
const nodes = new Set([process.execPath, nodeOfAtLeast(24)].filter(Boolean))

test.each([...nodes])(
  'large answers that nobody holds are given back while others come: %s',
  async (node) => {
    const { code, report } = await runScript('large-answers', { node, args: ['400'] })
    expect(code).toBe(0)
    expect(report.largestMB).toBeLessThan(300)
  },
  60_000
)

test.each([...nodes])(
  'a text that is kept does not keep the answer that it came in: %s',
  async (node) => {
    const { report } = await runScript('kept-texts', { node, flags, args: ['100'] })
    expect(report.kept).toBe(100)
    expect(report.growthMB).toBeLessThan(120)
  },
  60_000
)

test.each([...nodes])(
  'workers end while they hold large answers: %s',
  async (node) => {
    const { code, report, stderr } = await runScript('large-answers-in-workers', {
      node,
      args: ['5']
    })
    expect({ code, report, stderr }).toEqual({ code: 0, report: { ended: 5 }, stderr: '' })
  },
  60_000
)

// As many times as many for a long run, each call with a client of its own: `AIHUBMIX_SOAK=7 npm run test:js -- workers
// memory`.
const SOAK = Number(process.env.AIHUBMIX_SOAK ?? 1)

test.each([
  ['whole', 8_000],
  ['streamed', 1_600]
])(
  'small calls, %s, use no more memory the more there are',
  async (kind, calls) => {
    const args = [String(calls * SOAK), kind]
    const timeoutMs = 60_000 * SOAK
    const { code, report } = await runScript('many-calls', { flags, args, timeoutMs })
    expect(code).toBe(0)
    expect(report.growthMB).toBeLessThan(10)
    expect(report.connections).toBeLessThanOrEqual(32)
  },
  60_000 * SOAK + 5_000
)

test('texts of messages that were sent before go with their messages, and are bounded where those stay', async () => {
  const { code, report } = await runScript('kept-messages', { flags, args: ['120'] })
  expect(code).toBe(0)
  // Of 120 MB that are still there.
  expect(report.kept).toBeGreaterThan(16)
  expect(report.kept).toBeLessThan(80)
  expect(report.left).toBeLessThan(8)
})
