// What calls, chunks, large conversations and imports cost: this package, other clients, and the floors below them, on
// the same work in the same run. Prints tables; a whole run also writes results/<date>.json, from which
// publish.mjs makes docs/performance.md, the charts and the READMEs' figures.
//
//   npm run bench                                  everything, some 12 minutes
//   npm run bench -- --quick                       the most important of it, some two minutes
//   npm run bench -- --scenario burst,tools-claude,growth     some, on all three APIs or on one; `--list` names them
//   npm run bench -- --clients openai,undici       against some; this package is always there
//   npm run bench -- --rounds 5 --seconds 1        more of each
//   npm run bench -- --out figures.json            where results go
//
// Needs the release build (npm run build) and Rust. Every measurement is a process of its own, clients take turns, the
// gateway has a core of its own, figures are medians. Only ratios of one run mean anything on another machine.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CLIENTS, MODELS, NATIVE } from './clients.mjs'
import { CONVERSATIONS } from './conversations.mjs'
import { forClients, pinning, startGateway } from './gateway.mjs'
import { here, installedSizes, nodeForPeers, prepare, program, root, versions } from './prepare.mjs'
import { namesOf, QUICK, SCENARIOS } from './scenarios.mjs'
import { tables } from './tables.mjs'

// No measurement takes so long, however busy the machine.
const PATIENCE_MS = 120_000

const options = readOptions()
if (options.list) {
  for (const { id, group, title } of SCENARIOS)
    console.log(`${id.padEnd(24)} ${group.padEnd(16)} ${title}`)
} else await main()

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      list: { type: 'boolean' },
      scenario: { type: 'string' },
      clients: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string', default: '0.4' },
      'warm-up': { type: 'string', default: '0.6' },
      out: { type: 'string' }
    }
  })
  const number = (name) => {
    if (values[name] === undefined) return undefined
    const value = Number(values[name])
    if (!(value > 0)) throw new Error(`--${name} must be a positive number`)
    return value
  }
  const list = (name, known) => {
    const wanted = values[name]?.split(',')
    const unknown = wanted?.filter((word) => !known.includes(word)) ?? []
    if (unknown.length > 0) throw new Error(`--${name}: there is no ${unknown.join(', ')}`)
    return wanted
  }
  return {
    list: values.list,
    scenarios: list('scenario', SCENARIOS.flatMap(namesOf)),
    quick: values.quick,
    clients: list('clients', Object.keys(CLIENTS)),
    rounds: number('rounds') ?? (values.quick ? 2 : undefined),
    seconds: number('seconds'),
    warmUp: number('warm-up'),
    out: values.out
  }
}

function selected() {
  const { scenarios, quick, clients } = options
  const isWanted = (scenario) => {
    if (scenarios !== undefined) return namesOf(scenario).some((name) => scenarios.includes(name))
    return !quick || QUICK.includes(scenario.id)
  }
  const only = (names) =>
    clients === undefined
      ? names
      : names.filter((name) => name === NATIVE || clients.includes(name))
  return SCENARIOS.filter(isWanted).map((scenario) => ({
    ...scenario,
    clients: only(scenario.clients)
  }))
}

async function main() {
  prepare()
  const node = nodeForPeers()
  const folder = mkdtempSync(join(os.tmpdir(), 'aihubmix-native-benchmark-'))
  const gateway = await startGateway(program('gateway'), folder)
  try {
    const began = new Date()
    const scenarios = await measureAll(selected(), { node, gateway })
    const results = { ...describe(node, began), scenarios }
    console.log(tables(results))
    const isWhole =
      !options.quick && options.scenarios === undefined && options.clients === undefined
    const out =
      options.out ??
      (isWhole ? join(here, 'results', `${results.date.slice(0, 10)}.json`) : undefined)
    if (out !== undefined) write(out, results)
  } finally {
    gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

// Rounds over everything, so that what disturbs the machine for a while disturbs all alike; within a round clients take
// turns, every other round the other way about.
async function measureAll(scenarios, context) {
  const results = scenarios.map((scenario) => ({
    ...scenario,
    samples: Object.fromEntries(scenario.clients.map((name) => [name, []]))
  }))
  const most = Math.max(...results.map(roundsOf))
  for (let round = 0; round < most; round += 1) {
    for (const scenario of results) {
      if (round >= roundsOf(scenario)) continue
      console.error(`round ${round + 1} of ${most}: ${scenario.id}`)
      const names = round % 2 === 0 ? scenario.clients : scenario.clients.toReversed()
      for (const name of names) {
        const sample = await measure(scenario, name, context)
        if (sample !== undefined) scenario.samples[name].push(sample)
      }
      if (round === 0) sameText(scenario)
    }
  }
  return results
}

function roundsOf({ rounds = 3 }) {
  return options.rounds === undefined ? rounds : Math.min(options.rounds, rounds)
}

async function measure(scenario, name, { node, gateway }) {
  const { file, program: native, options: clientOptions } = CLIENTS[name]
  const { samples: _, family, mode, protocol, path, at, messages, ...rest } = scenario
  const url = `${gateway.url(protocol)}/${path}`
  const task = {
    ...rest,
    url,
    mode,
    protocol,
    model: MODELS[family],
    conversation: messages,
    atOnce: at,
    warmUp: options.warmUp,
    seconds: mode === 'open-calls' ? scenario.seconds : options.seconds,
    file: file && join(here, 'peers', file),
    options: clientOptions
  }
  const [busy, began] = [gateway.busy(), performance.now()]
  const result =
    native === undefined
      ? await output(
          node,
          ['--expose-gc', join(here, 'measure.mjs'), JSON.stringify(task)],
          gateway
        )
      : await output(program(native), floorArguments(task, gateway), gateway, floorBody(task))
  if (result === undefined) return undefined
  // How much of a core the gateway needed meanwhile.
  const share =
    busy === undefined ? undefined : (gateway.busy() - busy) / ((performance.now() - began) / 1_000)
  return { ...result, gateway: share }
}

function floorArguments({ url, units, atOnce, warmUp, seconds, protocol }, { certificate }) {
  const path = `${url}/v1/chat/completions`
  return [path, units, atOnce, warmUp, seconds, protocol === undefined ? '-' : certificate].map(
    String
  )
}

function floorBody({ model, conversation }) {
  const messages = CONVERSATIONS[conversation]((message) => message)()
  return JSON.stringify({ model, messages })
}

async function output(command, args, { certificate }, input = '') {
  const child = spawn(...forClients(command, args), {
    cwd: here,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NODE_EXTRA_CA_CERTS: certificate,
      NODE_OPTIONS: ''
    },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL'
  })
  child.stdin.end(input)
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  const [code, signal] = await once(child, 'close')
  if (code === 0) return JSON.parse(text)
  // The others still count; what is missing shows as such.
  console.error(`benchmark: ${args.join(' ').slice(0, 600)} ended with ${code ?? signal}`)
  process.exitCode = 1
  return undefined
}

// Every client must have been told the same.
function sameText({ id, mode, samples, sameText: isSame = true }) {
  if (!isSame || mode === 'import') return
  const lengths = Object.entries(samples)
    .filter(([name, list]) => !CLIENTS[name].floor && list.length > 0)
    .map(([name, [{ text, calls }]]) => [name, text / calls])
  if (lengths.every(([, length]) => Math.abs(length - lengths[0][1]) < 0.5)) return
  console.error(`benchmark: ${id}: the clients were not told the same: ${JSON.stringify(lengths)}`)
  process.exitCode = 1
}

function describe(node, began) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const run = (...args) => execFileSync(...args, { encoding: 'utf8' }).trim()
  return {
    date: began.toISOString(),
    minutes: Number(((Date.now() - began) / 60_000).toFixed(1)),
    commit: git('rev-parse', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no') !== '',
    machine: {
      processor: os.cpus()[0].model,
      cores: os.availableParallelism(),
      memoryGB: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.release()} ${os.arch()}`,
      pinning
    },
    node: run(node, ['--version']),
    rust: run('rustc', ['--version']),
    versions: versions(),
    installed: installedSizes(),
    options: { seconds: options.seconds, warmUp: options.warmUp, rounds: options.rounds }
  }
}

function write(path, results) {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text(results))
  console.error(`benchmark: written to ${path}`)
  if (readFileSync(path).length > 2 ** 20)
    console.error('benchmark: that is more than a repository wants')
}

// A scenario a line.
function text({ scenarios, ...about }) {
  const lines = scenarios.map((scenario) => JSON.stringify(scenario, rounded))
  const head = JSON.stringify(about, rounded, 2).slice(0, -2)
  return `${head},\n  "scenarios": [\n${lines.join(',\n')}\n  ]\n}\n`
}

// Four digits are more than a measurement has.
function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value
}
