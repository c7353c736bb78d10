// What the newest results say, written where people read it: docs/performance.md, docs/speed.svg, docs/growth.svg, and
// the part between `<!-- speed -->` and `<!-- /speed -->` of both READMEs.
//
//   node benchmark/publish.mjs            writes them
//   node benchmark/publish.mjs --check    says what would change, exit 1 if anything

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { growthChart, speedChart } from './chart.mjs'
import { CLIENTS, NATIVE, VENDOR_SDKS } from './clients.mjs'
import { costOf, median, ratio, scenarioOf } from './figures.mjs'
import { tables } from './tables.mjs'
import { inChinese, inEnglish } from './words.mjs'

const RESULTS = new URL('results/', import.meta.url)
const COLUMNS = 118
const AI_SDK_PROVIDER = 'aihubmix-native/ai-sdk'

const name = readdirSync(RESULTS)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .at(-1)
if (name === undefined) throw new Error('there are no results: npm run bench')
const results = JSON.parse(readFileSync(new URL(name, RESULTS), 'utf8'))

function place(file) {
  return new URL(`../${file}`, import.meta.url)
}

function read(file) {
  try {
    return readFileSync(place(file), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function between(text, part) {
  const [before, rest] = text.split('<!-- speed -->\n')
  const [, after] = rest.split('<!-- /speed -->')
  return `${before}<!-- speed -->\n${part}\n<!-- /speed -->${after}`
}

function wrapped(text) {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    if (lines.at(-1).length + word.length >= COLUMNS) lines.push(word)
    else lines[lines.length - 1] += lines.at(-1) === '' ? word : ` ${word}`
  }
  return lines.join('\n')
}

// --- the READMEs ---

function shares(id, client = NATIVE) {
  const scenario = scenarioOf(results, id)
  const found = ['process', 'main'].map((what) => ratio(scenario, client, what))
  if (!found.every(Number.isFinite)) throw new Error(`${name} has no ${id} of ${client}`)
  return found
}

function importTimes() {
  const { samples } = scenarioOf(results, 'import')
  return [NATIVE, 'openai'].map((client) =>
    median(samples[client].map(({ milliseconds }) => milliseconds)).toFixed(0)
  )
}

const OPENAI = `\`openai\` ${results.versions.openai.split(' ')[1]}`
const README_ROWS = {
  request: ['a request with an answer of 1 KB, 16 at once', '一个回答为 1 KB 的请求，16 个并发'],
  burst: ['one chunk of a stream that arrives at once', '突发到达的流中的一个数据块'],
  paced: ['one chunk of 64 streams of 50 chunks a second', '64 个每秒 50 块的流中的一个数据块'],
  history: ['a request of 1 MB, 200 messages', '一个 1 MB 的请求，200 条消息'],
  turns: ['the next turn of the same 1 MB', '同一段 1 MB 对话的下一轮'],
  image: ['a request of 1 MB, an image', '一个 1 MB 的请求，一张图片'],
  answer: ['an answer of 1 MB of prose', '一个 1 MB 的文字回答']
}

function readmeTable(language) {
  return Object.entries(README_ROWS).map(([id, titles]) => {
    const cells = [...shares(id), ...shares(id, 'undici')].map((share) => share.toFixed(3))
    return `| ${titles[language]} | ${cells.join(' | ')} |`
  })
}

function readmePart() {
  const [request, chunk, paced, turn] = ['request', 'burst', 'paced', 'turns'].map((id) =>
    shares(id).map(inEnglish)
  )
  const [ours, theirs] = importTimes()
  return [
    wrapped(
      `Speed, against ${OPENAI} on the same work in the same run (loopback, HTTP/1.1, one client process): a request costs ${request[0]} of the CPU time, and the thread that your code runs on ${request[1]}. A chunk of a stream costs ${chunk[0]} if they arrive at once and ${paced[0]} at a model's pace, that thread ${chunk[1]} and ${paced[1]}; the next turn of a conversation of 1 MB ${turn[0]} and ${turn[1]}. Only such ratios carry over to another machine.`
    ),
    '',
    '![CPU time as a part of that of openai, by work](docs/speed.svg)',
    '',
    '| parts of what `openai` needs | all threads | your thread | `undici` alone: all threads | its thread |',
    '|---|---|---|---|---|',
    ...readmeTable(0),
    '',
    wrapped(
      `Import takes ${ours} ms, against ${theirs} ms. The other clients, Claude and Gemini, TLS and HTTP/2, latency, memory, how costs grow, and where it is not ahead: [docs/performance.md](docs/performance.md). To measure it yourself:`
    ),
    '',
    '```sh',
    'npm run build && npm run bench',
    '```'
  ].join('\n')
}

function chineseReadmePart() {
  const [request, chunk, paced, turn] = ['request', 'burst', 'paced', 'turns'].map((id) =>
    shares(id).map(inChinese)
  )
  const [ours, theirs] = importTimes()
  return [
    `速度：与 ${OPENAI} 在同一次运行中完成同样的工作相比（本机回环，HTTP/1.1，一个客户端进程），一个请求耗费的 CPU 时间，`,
    `整个进程为对方的${request[0]}，运行您代码的线程为${request[1]}；流中的一个数据块，突发到达时为${chunk[0]}和${chunk[1]}，`,
    `按模型的速度到达时为${paced[0]}和${paced[1]}；1 MB 对话的下一轮为${turn[0]}和${turn[1]}。换一台机器时只有这样的比值有意义。`,
    '',
    '![CPU 时间占 openai 的比例，按工作分类](docs/speed.svg)',
    '',
    '| 占 `openai` 耗费的比例 | 所有线程 | 您的线程 | 仅 `undici`：所有线程 | 其主线程 |',
    '|---|---|---|---|---|',
    ...readmeTable(1),
    '',
    `导入耗时 ${ours} 毫秒，对方为 ${theirs} 毫秒。其他客户端、Claude 和 Gemini、TLS 和 HTTP/2、延迟、内存、耗费如何增长，以及何处`,
    '并不领先：[docs/performance.md](docs/performance.md)。想自行测量，可运行：',
    '',
    '```sh',
    'npm run build && npm run bench',
    '```'
  ].join('\n')
}

// --- the page ---

function performancePage() {
  return `# Performance

Written by \`benchmark/publish.mjs\` from [\`benchmark/results/${name}\`](../benchmark/results/${name}), which has every
measurement. \`npm run build && npm run bench\` measures it again; \`npm run bench -- --list\` says what there is.

![CPU time as a part of that of openai, by work](speed.svg)

## How it is measured

- A gateway in Rust answers the same bytes again and again, on loopback and on a core of its own. It is not what is
  measured: see the last line of this page.
- A measurement is a process of its own, which warms up until V8 has settled. Clients take turns, figures are medians of
  the rounds, and the spread between rounds stands beside them. Every client must have received the same text.
- CPU time is what counts: of the whole process, and of the main thread, on which your own code waits. Neither depends on
  what else the machine does, but for its caches. What is below a fifth is noise.
- \`undici\` is no client: it writes and reads JSON and cuts events, and has no retries, timeouts or errors. Lines in
  _italics_ are floors: bytes in, bytes out.
- Calls of fixed rates are open loops: each is due at its planned time, kept by another thread, and its latency counts
  from then on, so that a client which holds up its own next call is not spared. Chunks of fixed rates say themselves when
  the gateway had to send them.

${machine()}

## In short

CPU of all threads / of the main thread, as parts of what the vendor's own SDK needs for the same in the same run.

${summary()}

## Where it is not ahead

${losses()}

## How costs grow

![How costs grow with length and number](growth.svg)
${tables(results)}`
}

function machine() {
  const { machine: on, node, rust, date, commit, changed, minutes } = results
  const versions = [
    ...new Set(Object.values(results.versions).flatMap((text) => text.split(', ')))
  ].sort()
  return wrapped(
    `${date.slice(0, 10)}, commit ${commit.slice(0, 12)}${changed ? ' with changes' : ''}, ${minutes} minutes: ${on.processor}, ${on.cores} cores, ${on.memoryGB} GB, ${on.system}; ${on.pinning}; Node.js ${node.slice(1)}, ${rust.split(' (')[0]}; ${versions.join(', ')}.`
  )
}

function summary() {
  const families = Object.entries(VENDOR_SDKS)
  const lines = [
    `| | ${families.map(([, sdk]) => sdk).join(' | ')} | \`undici\` to openai |`,
    '|---|---|---|---|---|'
  ]
  const rows = results.scenarios.filter(({ group }) => group === 'chat')
  for (const { id, title, clients } of rows) {
    const cells = families.map(([family]) => {
      const scenario = results.scenarios.find(
        (one) => one.id === (family === 'chat' ? id : `${id}-${family}`)
      )
      return scenario === undefined ? '' : pair(scenario, NATIVE)
    })
    const floor = clients.includes('undici') ? pair(scenarioOf(results, id), 'undici') : ''
    lines.push(`| ${title} | ${cells.join(' | ')} | ${floor} |`)
  }
  return lines.join('\n')
}

function pair(scenario, client) {
  return ['process', 'main'].map((what) => digits(ratio(scenario, client, what))).join(' / ')
}

const digits = (share) => (Number.isFinite(share) ? share.toFixed(3) : '-')

// Everything in which a client that is not ours needs less; providers of the AI SDK are compared with ours.
function losses() {
  const found = results.scenarios.flatMap((scenario) =>
    [NATIVE, AI_SDK_PROVIDER].flatMap((ours) =>
      Object.keys(WHAT).flatMap((what) => lossesOf(scenario, ours, what))
    )
  )
  if (found.length === 0) return 'Nowhere in this run, floors apart.'
  const lines = found.map(
    ({ title, ours, client, what, times }) =>
      `| ${title} | ${ours} | ${client} | ${WHAT[what]} | ${times.toFixed(2)} |`
  )
  const head = ['| work | who | against | what | times as much |', '|---|---|---|---|---|']
  return [...head, ...lines].join('\n')
}

const WHAT = {
  process: 'CPU, all threads',
  main: 'CPU, main thread',
  p50: 'latency, p50',
  p99: 'latency, p99',
  memory: 'memory a stream'
}

function needed(scenario, client, what) {
  const of = (read) => median(scenario.samples[client].map(read))
  if (what === 'process' || what === 'main') return costOf(scenario, client, what)
  // Of a few streams it is noise.
  if (what === 'memory')
    return scenario.at < 100 ? Number.NaN : of(({ memoryPerStream }) => memoryPerStream)
  return of(({ latency }) => latency?.[what])
}

function lossesOf(scenario, ours, what) {
  const { clients, title, point } = scenario
  if (!clients.includes(ours)) return []
  const isPeer = (client) => !CLIENTS[client].own && !CLIENTS[client].floor
  const isAiSdk = (client) => client.startsWith('@ai-sdk/')
  return clients
    .filter((client) => isPeer(client) && isAiSdk(client) === (ours === AI_SDK_PROVIDER))
    .map((client) => ({
      title: point === undefined ? title : `${title}: ${point.toLocaleString('en')}`,
      ours,
      client,
      what,
      times: needed(scenario, ours, what) / needed(scenario, client, what)
    }))
    .filter(({ times }) => times > 1)
}

const pages = {
  'docs/speed.svg': speedChart(results),
  'docs/growth.svg': growthChart(results),
  'docs/performance.md': performancePage(),
  'README.md': between(read('README.md'), readmePart()),
  'README.zh-CN.md': between(read('README.zh-CN.md'), chineseReadmePart())
}
const stale = Object.entries(pages).filter(([file, text]) => read(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale)
    console.log(`${file} does not say what benchmark/results/${name} says`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [file, text] of stale) writeFileSync(place(file), text)
}
