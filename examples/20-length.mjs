// How many tokens a conversation has, and what goes where it is too long.

import { AihubmixModelClient, estimateTokens, fitMessages } from 'aihubmix-native'

const model = 'gpt-5.4-mini'
const messages = [{ role: 'system', content: 'Answer briefly.' }]
for (let day = 1; day <= 50; day += 1) {
  messages.push({ role: 'user', content: `What happened on day ${day}?` })
  messages.push({ role: 'assistant', content: `On day ${day} nothing happened.` })
}
messages.push({ role: 'user', content: 'And on the whole?' })

const { tokens, high } = estimateTokens(model, messages)
console.log(`about ${tokens} tokens, ${high} at most`)

const fitted = fitMessages(model, messages, { limit: 500, reserve: 100 })
console.log(`${fitted.messages.length} messages stay, ${fitted.dropped.length} go`)

// Or let the client do it; what went is said in a warning.
const client = new AihubmixModelClient()
const fit = { limit: 500, reserve: 100 }
const answer = await client.chatCompletion(model, messages, {}, { fit })
for (const { code, param } of answer.aihubmix.warnings) console.log(code, param)
