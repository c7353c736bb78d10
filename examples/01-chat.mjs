// One answer of any model: the name decides which vendor's API is spoken, the shape is always OpenAI's.
// Needs AIHUBMIX_API_KEY, like all examples.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
  const answer = await client.chatCompletion(
    model,
    [
      { role: 'system', content: 'You answer in one short sentence.' },
      { role: 'user', content: 'Why is the sky blue?' }
    ],
    { max_tokens: 1000 }
  )
  const { message, finish_reason } = answer.choices[0]
  console.log(
    `${model} (${answer.aihubmix.route}, ${finish_reason}, ${answer.usage.total_tokens} tokens)`
  )
  console.log(`  ${message.content}`)
  for (const warning of answer.aihubmix.warnings) console.log(`  left out: ${warning.message}`)
}
