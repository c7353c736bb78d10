'use strict'

// Sizes that hurt, in a process of their own.

const { runScript } = require('./support/child')

test('a 100 MB message, and answers over the limit, leave the process alive', async () => {
  const { code, report } = await runScript('large-payloads')
  expect(code).toBe(0)
  expect(report.hundred.length).toBe(1)
  expect(report.hundred.received).toBeGreaterThan(100 << 20)
  expect(report.ten).toEqual({ length: 10 << 20 })
  for (const [step, limit] of [
    ['overTheDefault', 64 << 20],
    ['overTheOption', 1000],
    ['overTheOptionStreamed', 1000]
  ]) {
    expect(report[step]).toMatchObject({ name: 'AihubmixError', code: 'INVALID_RESPONSE' })
    expect(report[step].message).toContain(`${limit} bytes`)
    expect(report[step].message).toContain('`limits`')
  }
  expect(report.escaped).toEqual({ length: 1 })
  expect(report.after).toEqual({ length: 1 })
}, 60_000)
