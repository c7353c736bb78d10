// One measurement in a process of its own. Its argument is JSON, `{ file, mode, url, model, conversation, atOnce,
// warmUp, … }`; it prints JSON.
//
// | mode | what is done |
// |---|---|
// | `steady` | calls side by side until so much CPU is spent, after a warm-up likewise |
// | `paced` | so many streams once, side by side |
// | `cold` | so many calls from the start of the process on |
// | `turns` | one conversation that grows, several times; CPU by turn |
// | `open-calls`, `open-chunks` | things that are due at planned times; latency from then on |
// | `import` | the client is loaded, nothing else |
//
// CPU is in microseconds, latency in milliseconds.

import { readFileSync, writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CONVERSATIONS } from './conversations.mjs'

const task = JSON.parse(process.argv[2])
const MODES = {
  steady,
  paced,
  cold,
  turns,
  'open-calls': openCalls,
  'open-chunks': openChunks,
  import: () => {}
}

// How often it is looked whether the event loop is late: rarely enough to cost nothing.
const RESOLUTION_MS = 10

// Keeps planned times. Timers of the event loop tick in milliseconds, and are late when a client keeps it busy.
const METRONOME = `
const { parentPort, workerData } = require('node:worker_threads')
const now = () => Number(process.hrtime.bigint()) / 1e6
const nap = new Int32Array(new SharedArrayBuffer(4))
const start = now() + 50
for (let index = 0; index < workerData.count; index += 1) {
  const due = start + (index * 1_000) / workerData.rate
  for (let left = due - now(); left > 0; left = due - now()) Atomics.wait(nap, 0, 0, left)
  parentPort.postMessage(due)
}
const { user, system } = process.threadCpuUsage()
parentPort.postMessage({ cpu: user + system })`

const began = performance.now()
const adapter = await import(pathToFileURL(task.file).href)
if (task.mode === 'import') {
  const wall = performance.now() - began
  finish({ milliseconds: wall, process: processCpu(), memory: process.memoryUsage.rss() })
}
const client = await adapter.create(task)
const nextMessages = CONVERSATIONS[task.conversation](client.message)
const isStream = !task.url.includes('/whole-')
let text = 0
finish({ ...(await MODES[task.mode]()), text })

async function call(messages = nextMessages()) {
  if (!isStream) {
    const answer = await client.whole(messages)
    text += client.answerText(answer).length
    return
  }
  for await (const chunk of await client.stream(messages)) text += client.chunkText(chunk).length
}

// Calls until so many seconds of CPU are spent; a client that waits more than it works is stopped in time.
async function untilSpent(seconds) {
  const [cpu, latest] = [processCpu() + seconds * 1e6, performance.now() + seconds * 4_000]
  let calls = 0
  await sideBySide(task.atOnce, async () => {
    do {
      await call()
      calls += 1
    } while (processCpu() < cpu && performance.now() < latest)
  })
  return calls
}

async function steady() {
  await untilSpent(task.warmUp)
  text = 0
  const spent = meter()
  const calls = await untilSpent(task.seconds)
  return { calls, units: calls * task.units, ...spent() }
}

async function paced() {
  await sideBySide(task.warmUpStreams ?? task.atOnce, () => call())
  text = 0
  globalThis.gc?.()
  const memory = process.memoryUsage.rss()
  let peak = memory
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 200)
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const [before, spent] = [performance.eventLoopUtilization(), meter()]
  await sideBySide(task.atOnce, () => call())
  const result = { calls: task.atOnce, units: task.atOnce * task.units, ...spent() }
  const { utilization } = performance.eventLoopUtilization(before)
  clearInterval(watch)
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  return {
    ...result,
    utilization,
    loopDelay: {
      p50: late(delay.percentile(50)),
      p99: late(delay.percentile(99)),
      max: late(delay.max)
    },
    memoryPerStream: (peak - memory) / task.atOnce
  }
}

async function cold() {
  let left = task.calls
  await sideBySide(Math.min(task.atOnce, task.calls), async () => {
    while (left > 0) {
      left -= 1
      await call()
    }
  })
  return { calls: task.calls, units: task.calls, process: processCpu(), main: mainThreadCpu() }
}

async function turns() {
  for (let turn = 0; turn < 100; turn += 1) await call()
  text = 0
  const byTurn = Array.from({ length: 100 }, () => ({ process: [], main: [] }))
  for (let conversation = 0; conversation < 5; conversation += 1) {
    for (const costs of byTurn) {
      const spent = meter()
      await call()
      const { process: cpu, main } = spent()
      costs.process.push(cpu)
      costs.main.push(main)
    }
  }
  // A single call is short, and collections of garbage fall where they fall: the turns around a point count together.
  const around = (point, what) => {
    const near = byTurn.slice(Math.max(0, point - 5), Math.min(100, point + 4))
    const all = near.flatMap((costs) => costs[what])
    return all.reduce((sum, cost) => sum + cost, 0) / all.length
  }
  const curve = task.points.map((point) => ({
    point,
    process: around(point, 'process'),
    main: around(point, 'main')
  }))
  return { calls: 500, units: 500, curve }
}

async function openCalls() {
  await untilSpent(task.warmUp)
  text = 0
  const count = task.rate * task.seconds
  const latencies = new Float64Array(count)
  const pending = []
  const spent = meter()
  const metronome = new Worker(METRONOME, { eval: true, workerData: { count, rate: task.rate } })
  const own = await new Promise((resolve) => {
    metronome.on('message', (due) => {
      if (due.cpu !== undefined) return resolve(due.cpu)
      const index = pending.length
      pending.push(
        call().then(() => {
          latencies[index] = now() - due
        })
      )
    })
  })
  await Promise.all(pending)
  const cpu = spent()
  cpu.process -= own
  return { calls: count, units: count, ...cpu, latency: percentiles(latencies) }
}

// Each chunk says when the gateway had to send it.
async function openChunks() {
  await untilSpent(task.warmUp)
  text = 0
  const latencies = []
  const spent = meter()
  await sideBySide(task.atOnce, async () => {
    for await (const chunk of await client.stream(nextMessages())) {
      const said = client.chunkText(chunk)
      text += said.length
      if (said !== '') latencies.push(now() - Number(said) / 1e6)
    }
  })
  const units = latencies.length
  return {
    calls: task.atOnce,
    units,
    ...spent(),
    latency: percentiles(Float64Array.from(latencies))
  }
}

function percentiles(values) {
  values.sort()
  const at = (part) => values[Math.min(values.length - 1, Math.ceil(values.length * part) - 1)]
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: values.at(-1) }
}

function sideBySide(count, task) {
  return Promise.all(Array.from({ length: count }, task))
}

// Milliseconds of the system's monotonic clock, which the gateway reads too.
function now() {
  return Number(process.hrtime.bigint()) / 1e6
}

function meter() {
  const [cpu, main, wall] = [processCpu(), mainThreadCpu(), performance.now()]
  return () => ({
    process: processCpu() - cpu,
    main: mainThreadCpu() - main,
    wall: (performance.now() - wall) / 1_000
  })
}

function processCpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

function mainThreadCpu() {
  // Linux counts in nanoseconds; elsewhere Node.js says it since 23.9.
  if (process.platform === 'linux') {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(
      ' '
    )
    return Number(nanoseconds) / 1_000
  }
  const { user, system } = process.threadCpuUsage()
  return user + system
}

function finish(result) {
  writeSync(1, JSON.stringify(result))
  process.exit(0)
}
