// Prompt caching: what stands between <cache> and </cache> in a system message is kept by Claude for
// a few minutes and costs a tenth when it is read again. Other models get the text without the tags.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

const handbook = 'The office opens at nine. The coffee machine is on the second floor. '.repeat(200)
const system = {
  role: 'system',
  content: `<cache>${handbook}</cache>\nAnswer from the handbook, briefly.`
}

for (const question of ['When does the office open?', 'Where is the coffee machine?']) {
  const answer = await client.chatCompletion(
    'claude-sonnet-4-6',
    [system, { role: 'user', content: question }],
    { max_tokens: 1000 }
  )
  const { cached_tokens: read = 0, cache_creation_tokens: written = 0 } =
    answer.usage.prompt_tokens_details ?? {}
  console.log(answer.choices[0].message.content)
  console.log(
    `  ${answer.usage.prompt_tokens} tokens, of them ${read} from the cache and ${written} into it`
  )
}
