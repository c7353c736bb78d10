'use strict'

// Environments that die with work in flight.

const { runScript } = require('./support/child')

// As many times as many for a long run: `AIHUBMIX_SOAK=7 npm run test:js -- workers memory`.
const SOAK = Number(process.env.AIHUBMIX_SOAK ?? 1)

test(
  '50 workers, each terminated with 100 streams in flight: nothing crashes, every socket closes',
  async () => {
    const { code, signal, report, stderr } = await runScript('terminated-workers', {
      args: [String(50 * SOAK), '100'],
      timeoutMs: 60_000 * SOAK
    })
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
    expect(report).toMatchObject({ rounds: 50 * SOAK, mostLeft: 0 })
    expect(report.connections).toBeGreaterThanOrEqual(5_000 * SOAK)
    expect(report.growthMB).toBeLessThan(48)
  },
  60_000 * SOAK + 5_000
)

test('a worker that ends by itself with a stream left open', async () => {
  const { Worker } = require('node:worker_threads')
  const { startEndlessWords } = require('./support/endless-words')
  const server = await startEndlessWords()
  try {
    const source = `
      const { AihubmixModelClient } = require(${JSON.stringify(require.resolve('..'))})
      const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: ${JSON.stringify(server.url)} })
      client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'x' }], { stream: true }).then((stream) => { globalThis.stream = stream })
    `
    const worker = new Worker(source, { eval: true })
    const code = await new Promise((resolve, reject) =>
      worker.once('exit', resolve).once('error', reject)
    )
    expect(code).toBe(0)
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  } finally {
    await server.close()
  }
})
