// What answers cost, and a budget that refuses further calls.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient({ pricing: 'catalog' })
// Not needed; with the catalog at hand the very first answer has its cost.
await client.models.info('gpt-5.4-mini')

const messages = [{ role: 'user', content: 'Name three primes.' }]
const { usage, aihubmix } = await client.chatCompletion('gpt-5.4-mini', messages)
const { prompt_tokens: read, completion_tokens: written } = usage
console.log(`${read} + ${written} tokens, ${aihubmix.cost?.amount} ${aihubmix.cost?.currency}`)

const meter = client.meter({ budget: 0 })
try {
  await client.chatCompletion('gpt-5.4-mini', messages, {}, { meter })
} catch (error) {
  console.log(error.message)
}
