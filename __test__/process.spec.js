'use strict'

// What the client does to the life of its process: nothing, but for pending promises.

const { runScript } = require('./support/child')

test('a process whose client is idle ends by itself, with no open handle', async () => {
  const { code, report, elapsedMs } = await runScript('idle-client')
  expect(report).toEqual({ content: 'You said: hello', resources: [] })
  expect(code).toBe(0)
  expect(elapsedMs).toBeLessThan(10_000)
})

test('a process that has looked away from its streams ends by itself', async () => {
  const { code, report, elapsedMs } = await runScript('abandoned-streams')
  expect(report).toEqual({ open: 3 })
  expect(code).toBe(0)
  expect(elapsedMs).toBeLessThan(10_000)
})

test.each([
  ['answer', 'at last'],
  ['retry', 'at last'],
  ['chunk', 'at last'],
  ['final', 'at last'],
  ['timeout', 'TIMEOUT']
])(
  'a process that awaits nothing but a call (%s) stays until it is settled',
  async (what, result) => {
    expect(await runScript('pending-call', { args: [what] })).toMatchObject({
      code: 0,
      report: { result }
    })
  }
)

test('process.exit in the middle of calls and streams', async () => {
  const { code, signal, report, stderr } = await runScript('exit-in-flight')
  expect({ code, signal, report, stderr }).toEqual({
    code: 7,
    signal: null,
    report: { streams: 20 },
    stderr: ''
  })
})

test('a Jest file that leaves clients, a stream and failed calls behind has no open handles', async () => {
  const { code, stderr } = await runScript('../fixtures/run-jest', {
    args: ['leaves-a-client.check.js']
  })
  expect(stderr).toMatch(/Tests:\s+2 passed, 2 total/)
  expect(stderr).not.toMatch(/did not exit|open handle/i)
  expect(code).toBe(0)
}, 60_000)
