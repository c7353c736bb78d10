'use strict'

// Counts what crosses the Node boundary, and what V8 has to read and write as JSON, for one piece of work. Nothing
// here measures time. The gateway is a process of its own, given as a URL; prints
//
//   { [work]: { calls, values, characters, parsed, written } }
//
// calls of native functions; the values that they take, elements of lists among them; characters of the strings that
// they take and give; characters that JSON.parse has read and JSON.stringify has written.

const native = require('../../../native')

const MODELS = { chat: 'gpt-5.4-mini', claude: 'claude-sonnet-4-6', gemini: 'gemini-3.5-flash' }
const NOTHING = { calls: 0, values: 0, characters: 0, parsed: 0, written: 0 }
const counts = { ...NOTHING }

function size(value) {
  if (typeof value === 'string') return value.length
  return Array.isArray(value) ? value.reduce((sum, each) => sum + size(each), 0) : 0
}

function counted(work) {
  return function (...args) {
    counts.calls += 1
    counts.values += args.flat().length
    counts.characters += size(args)
    const result = work.apply(this, args)
    counts.characters += size(result)
    return result
  }
}

for (const name of ['keepText', 'joinTexts']) native[name] = counted(native[name])
for (const { prototype } of Object.values(native).filter((value) => value?.prototype)) {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name)
    if (typeof value !== 'function' || name === 'constructor') continue
    prototype[name] = counted(value)
  }
}

const { parse, stringify } = JSON
JSON.parse = (text, ...more) => {
  counts.parsed += text.length
  return parse(text, ...more)
}
JSON.stringify = (...args) => {
  const text = stringify(...args)
  counts.written += text?.length ?? 0
  return text
}

const { AihubmixModelClient } = require('../../..')

const [url, chunks] = [process.argv[2], Number(process.argv[3])]
const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: url, proxy: false })
const hello = [{ role: 'user', content: 'hello' }]
const tools = [{ type: 'function', function: { name: 'write', parameters: { type: 'object' } } }]
const sentence = 'The quick brown fox jumps over the lazy dog, says "hello", and goes on.\n'
const history = () =>
  Array.from({ length: 199 }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: sentence.repeat(70)
  }))

async function streamed(model, options) {
  let seen = 0
  const stream = await client.chatCompletion(model, hello, { stream: true, ...options })
  for await (const { choices } of stream) {
    const { content, tool_calls } = choices[0].delta
    if (content || tool_calls?.[0].function.arguments) seen += 1
  }
  if (seen !== chunks) throw new Error(`${seen} chunks, not ${chunks}`)
}

// Each gives what is counted, after whatever has to come before it.
const WORK = {
  async request() {
    await client.chatCompletion(MODELS.chat, hello)
    return () => client.chatCompletion(MODELS.chat, hello)
  },
  logprobs: () => () => client.chatCompletion(MODELS.chat, hello, { logprobs: true })
}
for (const [family, model] of Object.entries(MODELS)) {
  WORK[`stream ${family}`] = () => () => streamed(model)
  if (family !== 'gemini') WORK[`tool ${family}`] = () => () => streamed(model, { tools })
  WORK[`history ${family}`] = () => () => client.chatCompletion(model, history())
  WORK[`turn ${family}`] = async () => {
    const messages = history()
    const exchange = () => [{ role: 'assistant', content: 'yes' }, ...hello]
    for (let turn = 0; turn < 2; turn += 1) {
      await client.chatCompletion(model, messages)
      messages.push(...exchange())
    }
    return () => client.chatCompletion(model, messages)
  }
  WORK[`answer ${family}`] = () => () =>
    client.chatCompletion(model, [{ role: 'user', content: 'long' }])
}

async function main() {
  const report = {}
  for (const [name, prepare] of Object.entries(WORK)) {
    const work = await prepare()
    Object.assign(counts, NOTHING)
    await work()
    report[name] = { ...counts }
  }
  console.log(stringify(report))
}

main()
