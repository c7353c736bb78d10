// A conversation with the mock gateway on every route, whole and streamed, over exactly the given binary.
//
//   node scripts/smoke.mjs <file.node>
//
// Needs Node and nothing else, so that it runs wherever the binary does: in a bare image, or emulated.
// Prints what was loaded, each route that answered and how many answers came; fails at the first that is wrong.

import { createRequire } from 'node:module'
import { realpathSync } from 'node:fs'

const conversations = [
  { model: 'gpt-4o-mini', path: '/v1/chat/completions' },
  { model: 'claude-sonnet-4-5', path: '/v1/messages' },
  { model: 'gemini-2.5-flash', path: '/gemini/v1beta/models/gemini-2.5-flash:' },
  { model: 'gpt-4o-mini', route: 'openai-responses', path: '/v1/responses' }
]
const question = 'Smoke: 烟 and 🔥?'

const [file] = process.argv.slice(2)
if (!file) {
  console.error('usage: node scripts/smoke.mjs <file.node>')
  process.exit(2)
}
const binary = realpathSync(file)

// The generated loader takes this file before any other.
process.env.NAPI_RS_NATIVE_LIBRARY_PATH = binary
const require = createRequire(import.meta.url)
const { AihubmixModelClient } = require('../index.js')
const { startMockGateway } = require('../testing.js')
if (!(binary in require.cache)) throw new Error(`another binary than ${binary} was loaded`)
console.log(`loaded   ${process.platform}-${process.arch}, Node ${process.version}`)

const gateway = await startMockGateway()
const client = new AihubmixModelClient({ apiKey: 'sk-smoke', baseURL: gateway.url, proxy: false })
let answers = 0
for (const { model, route, path } of conversations) {
  const messages = [{ role: 'user', content: question }]
  const whole = await client.chatCompletion(model, messages, {}, { route })
  expect(whole.choices[0].message.content, whole)
  arrivedAt(path)

  const stream = await client.chatCompletion(model, messages, { stream: true }, { route })
  let text = ''
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  expect(text, await stream.finalChatCompletion())
  arrivedAt(path)
  answers += 2
  console.log(`  ${whole.aihubmix.route} (${model}): whole and streamed`)
}
client.close()
await gateway.close()
console.log(`answered ${answers} of ${conversations.length * 2}`)

function expect(text, { choices: [{ finish_reason: reason }], usage }) {
  if (!text.includes(question) || reason !== 'stop' || !(usage.total_tokens > 0)) {
    throw new Error(`an answer is wrong: ${JSON.stringify({ text, reason, usage })}`)
  }
}

function arrivedAt(path) {
  const { path: asked } = gateway.requests.at(-1)
  if (!asked.startsWith(path)) throw new Error(`${asked} was asked instead of ${path}`)
}
