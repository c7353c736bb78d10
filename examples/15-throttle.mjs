// Many calls at once, within the limits of a key: they wait for each other, first in, first out.
//
//   AIHUBMIX_API_KEY=sk-… node examples/15-throttle.mjs

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient({ throttle: { concurrency: 4, requestsPerMinute: 120 } })
const words = ['sea', 'river', 'mountain', 'forest', 'desert', 'island', 'valley', 'glacier']

const answers = await Promise.all(
  words.map((word) =>
    client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: `One rhyme for: ${word}` }])
  )
)
for (const [index, answer] of answers.entries()) {
  console.log(words[index], '-', answer.choices[0].message.content)
}
