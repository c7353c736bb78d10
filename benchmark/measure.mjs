// One measurement in a process of its own:
//
//   node measure.mjs <client> <module> import
//   node measure.mjs <client> <module> <scenario> <url> <seconds>
//
// Prints JSON: `units` (requests or chunks), `text` (characters received, which must agree between
// clients), and the microseconds of CPU that the process and its main thread have spent on them.

import { readFileSync, writeSync } from 'node:fs'

const CONCURRENCY = { request: 16, burst: 8, paced: 64, history: 4, turns: 1, image: 4, answer: 4 }
// At least so much is done before anything is measured, however busy the machine: the compilers of V8 need
// thousands of calls to settle.
const WARM_UP_SECONDS = 1
const WARM_UP_UNITS = {
  request: 3_000,
  burst: 200_000,
  paced: 1,
  history: 100,
  turns: 100,
  image: 100,
  answer: 100
}

const MESSAGES = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'Say hello, in one short sentence please.' }
]

// About a megabyte each: what an agent sends at every turn.
const sentence =
  'The quick brown fox jumps over the lazy dog while the model keeps talking about it. '
const turn = (index) => ({
  role: index % 2 === 0 ? 'user' : 'assistant',
  content: sentence.repeat(62)
})
const HISTORY = Array.from({ length: 200 }, (_, index) => turn(index))
const PICTURE = `data:image/png;base64,${'iVBORw0KGgoAAAANSUhEUgAA'.repeat(43_690)}`
const IMAGE = [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: PICTURE } }
    ]
  }
]

// The messages of the next request.
const NEXT_MESSAGES = {
  history: () => HISTORY,
  image: () => IMAGE,
  turns: turnAfterTurn()
}

// The same history, one message more each time: after a hundred turns, from the beginning.
function turnAfterTurn() {
  let messages = [...HISTORY]
  return () => {
    if (messages.length >= HISTORY.length + 100) messages = [...HISTORY]
    messages.push({ role: 'user', content: `And now? This is turn ${messages.length}.` })
    return messages
  }
}

const CLIENTS = {
  'aihubmix-native': ({ AihubmixModelClient }, baseURL) => {
    const client = new AihubmixModelClient({
      apiKey: 'sk-benchmark',
      baseURL,
      maxRetries: 0,
      proxy: false
    })
    return {
      whole: (messages) => client.chatCompletion('gpt-5.4-mini', messages),
      stream: () => client.chatCompletion('gpt-5.4-mini', MESSAGES, { stream: true })
    }
  },
  openai: ({ OpenAI }, baseURL) => {
    const client = new OpenAI({ apiKey: 'sk-benchmark', baseURL: `${baseURL}/v1`, maxRetries: 0 })
    const body = { model: 'gpt-5.4-mini', messages: MESSAGES }
    return {
      whole: (messages) => client.chat.completions.create({ ...body, messages }),
      stream: () =>
        client.chat.completions.create({
          ...body,
          stream: true,
          stream_options: { include_usage: true }
        })
    }
  }
}

const [name, moduleName, scenario, url, seconds] = process.argv.slice(2)
const began = performance.now()
const loaded = await import(moduleName)
if (scenario === 'import') {
  finish({ milliseconds: performance.now() - began })
}
const isWhole = scenario !== 'burst' && scenario !== 'paced'
const nextMessages = NEXT_MESSAGES[scenario] ?? (() => MESSAGES)
const client = CLIENTS[name](loaded, `${url}/${scenario}`)

await load(scenario === 'paced' ? 0 : WARM_UP_SECONDS, WARM_UP_UNITS[scenario])
const [process0, main0] = [processCpu(), mainThreadCpu()]
const done = await load(scenario === 'paced' ? 0 : Number(seconds), 1)
finish({
  ...done,
  process: processCpu() - process0,
  main: main0 === undefined ? undefined : mainThreadCpu() - main0
})

// As many calls side by side as the scenario has, again and again until the time is up and the units are done.
async function load(forSeconds, atLeast) {
  const until = performance.now() + forSeconds * 1_000
  const total = { units: 0, text: 0 }
  await Promise.all(
    Array.from({ length: CONCURRENCY[scenario] }, async () => {
      do {
        if (isWhole) {
          const { choices } = await client.whole(nextMessages())
          total.units += 1
          total.text += choices[0].message.content.length
        } else {
          for await (const { choices } of await client.stream()) {
            const text = choices[0]?.delta.content ?? ''
            if (text !== '') total.units += 1
            total.text += text.length
          }
        }
      } while (performance.now() < until || total.units < atLeast)
    })
  )
  return total
}

function processCpu() {
  const { user, system } = process.cpuUsage()
  return user + system
}

// Newer Node.js says it; before that Linux does. Elsewhere it stays unknown.
function mainThreadCpu() {
  if (process.threadCpuUsage) {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  if (process.platform !== 'linux') return undefined
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1_000
}

function finish(result) {
  writeSync(1, JSON.stringify(result))
  process.exit()
}
