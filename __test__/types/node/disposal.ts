// `using` and `await using`, with the library that Node.js's types bring.

import { AihubmixModelClient } from 'aihubmix-native'
import type { ChatCompletionMessageParam } from 'aihubmix-native'

export async function firstChunk(messages: ChatCompletionMessageParam[]) {
  using client = new AihubmixModelClient('sk-test')
  await using stream = await client.chatCompletion('gpt-5.4-mini', messages, { stream: true })
  for await (const chunk of stream) return chunk
  return undefined
}
