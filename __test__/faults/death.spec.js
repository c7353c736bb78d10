'use strict'

// A worker or a process ends in each phase of a call: its connections close, nothing crashes, and calls of the rest of
// the process go on.

const { fork } = require('node:child_process')
const { once } = require('node:events')
const path = require('node:path')
const { Worker } = require('node:worker_threads')
const { eventually } = require('../support/gateway')
const { clientOf, play, usePeers } = require('../support/fault')
const { phasesFor } = require('../support/phases')

const SCRIPT = path.join(__dirname, '../support/scripts/cut-short.js')
const peers = usePeers()
const PHASES = phasesFor(peers)

const inWorker = (options) => new Worker(SCRIPT, { workerData: options })
const inProcess = (options) => fork(SCRIPT, [JSON.stringify(options)])

describe.each(Object.keys(PHASES))('%s', (phase) => {
  test.each([
    ['a worker is terminated', inWorker, (worker) => worker.terminate(), 1],
    ['a worker exits', inWorker, (worker) => worker.postMessage('exit'), 7],
    ['a process exits', inProcess, (child) => child.send('exit'), 7]
  ])('%s', async (_, start, end, code) => {
    const { options, server, reached } = await PHASES[phase]()
    const dying = start({ maxRetries: 0, ...options })
    await eventually(reached, 15_000)
    const over = once(dying, 'exit')
    end(dying)
    // No signal.
    expect((await over)[0]).toBe(code)
    await eventually(() => server.openSockets === 0)
    const alive = await peers.start((_number, _request, wire) => wire.chat())
    expect((await play(clientOf(alive))).answer.choices).toHaveLength(1)
  })
})
