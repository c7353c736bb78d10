// A picture in the question. OpenAI and Claude also take http(s) addresses; for Gemini the client
// downloads them if it is made with `inlineImageUrls: true`.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

// One red pixel; yours would come from `await readFile('picture.png', 'base64')`.
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC'

for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
  const answer = await client.chatCompletion(
    model,
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Which colour is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }
        ]
      }
    ],
    { max_tokens: 1000 }
  )
  console.log(`${model}: ${answer.choices[0].message.content}`)
}
