// An answer as it is written, and the whole of it at the end.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

const stream = await client.chatCompletion(
  'claude-sonnet-4-6',
  [{ role: 'user', content: 'Count from one to ten.' }],
  { max_tokens: 2000, stream: true }
)
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '')
}
process.stdout.write('\n')

const { usage, choices } = await stream.finalChatCompletion()
console.log(
  `${choices[0].finish_reason}: ${usage.prompt_tokens} tokens read, ${usage.completion_tokens} written`
)
