// Why a prompt cache was missed: the first place where two requests part, beside what the vendor counts.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

const model = 'claude-sonnet-4-6'
const handbook = 'The office opens at nine. The coffee machine is on the second floor. '.repeat(400)
const asked = (system, question) => [
  { role: 'system', content: system },
  { role: 'user', content: question }
]
const first = asked(`<cache>${handbook}</cache>`, 'When does the office open?')

async function compare(name, next) {
  const { same, path, shared, behind } = client.explainCache(model, first, next)
  const answer = await client.chatCompletion(model, next, { max_tokens: 1000 })
  const { cached_tokens: read = 0 } = answer.usage.prompt_tokens_details ?? {}
  const parted = same ? 'nothing has changed' : `parted at ${path}, ${behind} tokens are read anew`
  console.log(`${name}: about ${shared} tokens shared (${parted}); the vendor read ${read} again`)
}

await client.chatCompletion(model, first, { max_tokens: 1000 })
await compare('another question', asked(`<cache>${handbook}</cache>`, 'Where is the coffee?'))
await compare('a date in front', asked(`<cache>It is Monday. ${handbook}</cache>`, 'When?'))
