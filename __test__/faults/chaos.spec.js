'use strict'

// Everything at once.

const { runScript } = require('../support/child')

const CALLS = 10_000
// How calls end here: what comes about in every run, and what chance may leave out.
const OFTEN = [
  'whole',
  'streamed',
  'left',
  'ABORTED',
  'TIMEOUT',
  'CONNECTION_ERROR',
  'STREAM_INTERRUPTED',
  'INVALID_RESPONSE',
  'INVALID_REQUEST',
  'OVERLOADED'
]
const RARE = ['AUTH_ERROR', 'CONFLICT', 'RATE_LIMIT', 'SERVER_ERROR']

test('10,000 calls with random faults and random aborts: each settles once, and nothing is left', async () => {
  const { code, report, stderr } = await runScript('chaos', {
    flags: ['--expose-gc'],
    args: [CALLS, 200, 7]
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { settled, listeners, ...words } = report.tally
  expect(settled).toBe(CALLS)
  expect(listeners).toBe(0)
  expect(Object.values(words).reduce((sum, count) => sum + count, 0)).toBe(CALLS)
  expect(OFTEN.filter((word) => !(word in words))).toEqual([])
  expect(
    Object.keys(words).filter((word) => !OFTEN.includes(word) && !RARE.includes(word))
  ).toEqual([])
  expect(report).toMatchObject({ sockets: 0, leaked: 0 })
  // Flat from the third tenth on: the heap has found its size by then.
  const [, , settledIn, ...later] = report.rss
  expect(Math.max(...later)).toBeLessThan(settledIn + 40)
}, 60_000)
