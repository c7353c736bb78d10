// One measurement in a process of its own:
//
//   node measure.mjs <client> <module> import
//   node measure.mjs <client> <module> <scenario> <url> <seconds>
//
// Prints JSON: `units` (requests or chunks), `text` (characters received, which must agree between
// clients), and the microseconds of CPU that the process and its main thread have spent on them.

import { readFileSync, writeSync } from 'node:fs'

const CONCURRENCY = { request: 16, burst: 8, paced: 64 }
// At least so much is done before anything is measured, however busy the machine: the compilers of V8 need
// thousands of calls to settle.
const WARM_UP_SECONDS = 1
const WARM_UP_UNITS = { request: 3_000, burst: 200_000, paced: 1 }

const MESSAGES = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'Say hello, in one short sentence please.' }
]

const CLIENTS = {
  'aihubmix-native': ({ AihubmixModelClient }, baseURL) => {
    const client = new AihubmixModelClient({
      apiKey: 'sk-benchmark',
      baseURL,
      maxRetries: 0,
      proxy: false
    })
    return {
      whole: () => client.chatCompletion('gpt-5.4-mini', MESSAGES),
      stream: () => client.chatCompletion('gpt-5.4-mini', MESSAGES, { stream: true })
    }
  },
  openai: ({ OpenAI }, baseURL) => {
    const client = new OpenAI({ apiKey: 'sk-benchmark', baseURL: `${baseURL}/v1`, maxRetries: 0 })
    const body = { model: 'gpt-5.4-mini', messages: MESSAGES }
    return {
      whole: () => client.chat.completions.create(body),
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
        if (scenario === 'request') {
          const { choices } = await client.whole()
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
