'use strict'

// What work costs the main thread in CPU, beside a plain fetch with JSON.parse for the same, in turns in one process.
// The gateway is a process of its own, given as a URL. Prints `{ [work]: { client, fetch } }`: microseconds, the least
// of some rounds; `null` where the system does not tell.

const { readFileSync } = require('node:fs')
const { AihubmixModelClient } = require('../../..')

const ROUNDS = 6
const url = process.argv[2]
const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: url, proxy: false })
const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'hello' }] }

async function ask(more) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-test' }
  const request = { method: 'POST', headers, body: JSON.stringify({ ...body, ...more }) }
  return fetch(`${url}/v1/chat/completions`, request)
}

async function* chunksOf(response) {
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      if (line.startsWith('data: {')) yield JSON.parse(line.slice(6))
    }
  }
}

async function lengthOf(chunks) {
  let length = 0
  for await (const { choices } of chunks) length += choices[0]?.delta.content?.length ?? 0
  return length
}

const WORK = {
  request: {
    times: 200,
    client: async () =>
      (await client.chat.completions.create(body)).choices[0].message.content.length,
    fetch: async () => (await (await ask()).json()).choices[0].message.content.length
  },
  stream: {
    times: 8,
    client: async () => lengthOf(await client.chat.completions.create({ ...body, stream: true })),
    fetch: async () => lengthOf(chunksOf(await ask({ stream: true })))
  }
}

function mainThreadCpu() {
  if (process.platform === 'linux') {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(
      ' '
    )
    return Number(nanoseconds) / 1_000
  }
  if (process.threadCpuUsage === undefined) return Number.NaN
  const { user, system } = process.threadCpuUsage()
  return user + system
}

async function measure(run, times) {
  const before = mainThreadCpu()
  const lengths = await Promise.all(Array.from({ length: times }, run))
  if (new Set(lengths).size !== 1) throw new Error(`different lengths: ${lengths}`)
  return { cpu: (mainThreadCpu() - before) / times, length: lengths[0] }
}

async function main() {
  const report = {}
  for (const [name, { times, client, fetch }] of Object.entries(WORK)) {
    const least = { client: Number.POSITIVE_INFINITY, fetch: Number.POSITIVE_INFINITY }
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ours, theirs] = [await measure(client, times), await measure(fetch, times)]
      if (ours.length !== theirs.length) throw new Error('they were not told the same')
      least.client = Math.min(least.client, ours.cpu)
      least.fetch = Math.min(least.fetch, theirs.cpu)
    }
    report[name] = least
  }
  console.log(JSON.stringify(report))
}

main()
