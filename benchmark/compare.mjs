// What a request, a chunk and an import cost this package, against the `openai` package on the same
// work in the same run. Prints a markdown table.
//
//   node benchmark/compare.mjs                   installs openai into a temporary folder, removed at the end
//   node benchmark/compare.mjs --folder <path>   uses and keeps that folder; what is installed there is taken as it is
//   node benchmark/compare.mjs --rounds 5 --seconds 4
//   node benchmark/compare.mjs --json benchmark/speed.json     also writes the ratios, for chart.mjs
//
// Needs the release build: npm run build. Clients take turns, each measurement is a process of its own,
// figures are medians. Only the ratios mean anything on another machine; differences below a fifth are noise.

import { execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = resolve(here, '..')

const SCENARIOS = {
  request: 'a request with a 1 KB answer, 16 at once',
  burst: 'a chunk of a stream that arrives in a burst',
  paced: 'a chunk of 64 paced streams',
  history: 'a request with 1 MB of history, 200 messages',
  turns: 'a turn more of the same 1 MB history',
  image: 'a request with an image of 1 MB',
  answer: 'an answer of 1 MB, one text'
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    json: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' }
  }
})
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
if (!(rounds >= 1) || !(seconds > 0))
  throw new Error('--rounds and --seconds must be positive numbers')

checkBuild()
const folder = values.folder
  ? resolve(values.folder)
  : mkdtempSync(join(tmpdir(), 'aihubmix-native-benchmark-'))
let server
try {
  const peer = installPeer('openai')
  const clients = {
    openai: 'openai',
    'aihubmix-native': pathToFileURL(join(root, 'index.js')).href
  }
  server = fork(join(here, 'server.mjs'))
  const [port] = await once(server, 'message')
  const results = await measureAll(clients, `http://127.0.0.1:${port}`)
  print(peer, results)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(ratios(results), null, 2)}\n`)
} finally {
  server?.disconnect()
  if (!values.folder) rmSync(folder, { recursive: true, force: true })
}

function checkBuild() {
  const binaries = readdirSync(root).filter((name) => name.endsWith('.node'))
  if (binaries.length === 0) throw new Error('there is no addon: run npm run build')
  const largest = Math.max(...binaries.map((name) => statSync(join(root, name)).size))
  if (largest > 8 * 1024 * 1024)
    console.error('This looks like a debug build. Run npm run build for figures that count.\n')
}

// `openai` and its version, installed in the folder if it is not there yet. The measuring program goes
// into the same folder, so that it finds the package by its name.
function installPeer(name) {
  mkdirSync(folder, { recursive: true })
  const installed = join(folder, 'node_modules', name, 'package.json')
  if (!existsSync(installed)) {
    if (!existsSync(join(folder, 'package.json')))
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    // The version that the types are tested against.
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const npm = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${name}@${devDependencies[name]}`
    ]
    execFileSync('npm', npm, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32'
    })
  }
  copyFileSync(join(here, 'measure.mjs'), join(folder, 'measure.mjs'))
  return `${name} ${JSON.parse(readFileSync(installed, 'utf8')).version}`
}

// By scenario and client, one result for each round.
async function measureAll(clients, url) {
  const results = {}
  for (let round = 1; round <= rounds; round += 1) {
    for (const scenario of [...Object.keys(SCENARIOS), 'import']) {
      console.error(`round ${round} of ${rounds}: ${scenario}`)
      results[scenario] ??= {}
      for (const [name, moduleName] of Object.entries(clients)) {
        const result = await measure([name, moduleName, scenario, url, String(seconds)])
        results[scenario][name] ??= []
        results[scenario][name].push(result)
      }
      sameWork(scenario, results[scenario])
    }
  }
  return results
}

async function measure(args) {
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(process.execPath, ['measure.mjs', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`measure.mjs ${args.join(' ')} ended with ${code}`)
  return JSON.parse(output)
}

// Every client must have received the same text for each unit.
function sameWork(scenario, byClient) {
  if (scenario === 'import') return
  const lengths = Object.values(byClient).map((list) => list.at(-1).text / list.at(-1).units)
  if (lengths.some((length) => !(Math.abs(length - lengths[0]) < 0.01))) {
    throw new Error(
      `the clients did not receive the same text (${scenario}: ${lengths.join(', ')} characters)`
    )
  }
}

function costOf(results, scenario, client, what) {
  return median(results[scenario][client].map((result) => result[what] / result.units))
}

// By scenario: what this package needs as a part of what `openai` needs.
function ratios(results) {
  const part = (scenario, what) => {
    const ours = costOf(results, scenario, 'aihubmix-native', what)
    return Number((ours / costOf(results, scenario, 'openai', what)).toFixed(3))
  }
  return Object.fromEntries(
    Object.keys(SCENARIOS).map((scenario) => [
      scenario,
      { process: part(scenario, 'process'), main: part(scenario, 'main') }
    ])
  )
}

function print(peer, results) {
  console.log(
    `\nAgainst ${peer}, Node.js ${process.version}, ${process.platform}-${process.arch}: medians of ${rounds} rounds.\n`
  )
  console.log(
    '| | CPU, openai | CPU, aihubmix-native | ratio | main thread, openai | main thread, aihubmix-native | ratio |'
  )
  console.log('|---|---|---|---|---|---|---|')
  for (const [scenario, title] of Object.entries(SCENARIOS)) {
    const cells = ['process', 'main'].flatMap((what) => {
      const [theirs, ours] = ['openai', 'aihubmix-native'].map((client) =>
        costOf(results, scenario, client, what)
      )
      if (!Number.isFinite(theirs)) return ['-', '-', '-']
      return [`${theirs.toFixed(2)} µs`, `${ours.toFixed(2)} µs`, (ours / theirs).toFixed(3)]
    })
    console.log(`| ${title} | ${cells.join(' | ')} |`)
  }
  const [theirs, ours] = ['openai', 'aihubmix-native'].map((client) =>
    median(results.import[client].map(({ milliseconds }) => milliseconds))
  )
  console.log(`\nImport: ${ours.toFixed(1)} ms, against ${theirs.toFixed(1)} ms.`)
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
