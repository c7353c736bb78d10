'use strict'

// What the client does to the life of its process: nothing, but for pending promises.

const { runScript } = require('./support/child')
const { nodeOfAtLeast } = require('./support/newer-node')

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

const nodes = [['this Node.js', process.execPath]]
if (nodeOfAtLeast(24) !== process.execPath) nodes.push(['a newer Node.js', nodeOfAtLeast(24)])

test.each(nodes.filter(([, node]) => node !== undefined))(
  '50 of each kind of call on one signal: no MaxListenersExceededWarning (%s)',
  async (_name, node) => {
    const { report, stderr } = await runScript('one-signal', { node })
    const done = { chats: 50, streams: 50, fetches: 50, runs: 50, uploads: 50 }
    expect({ report, stderr }).toEqual({
      report: { done, warnings: ['Last'] },
      stderr: expect.stringContaining('the last')
    })
  },
  60_000
)

const jestOn = (file, ...flags) =>
  runScript('../fixtures/run-jest', { args: [`${file}.check.js`, ...flags] })

test.each([
  ['leaves clients, a stream and failed calls behind', 'leaves-a-client', 2],
  ['makes clients at its top, in hooks, in tests, and loads them again', 'many-clients', 3]
])(
  'a Jest file that %s has no open handles',
  async (_what, file, tests) => {
    const { code, stderr } = await jestOn(file)
    expect(stderr).toMatch(new RegExp(`Tests:\\s+${tests} passed, ${tests} total`))
    expect(stderr).not.toMatch(/did not exit|open handle/i)
    expect(code).toBe(0)
  },
  60_000
)

test('a Jest file with an open handle is found out by that', async () => {
  expect((await jestOn('leaves-a-server', '--forceExit')).stderr).toMatch(
    /open handle.*TCPSERVERWRAP/s
  )
}, 60_000)
