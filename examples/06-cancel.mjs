// Cancelling: by a signal, by time, and by leaving the loop. The connection closes each time, and the
// model stops writing.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()
const question = [{ role: 'user', content: 'Tell me a very long story.' }]

const controller = new AbortController()
const call = client.chatCompletion('gpt-5.4-mini', question, {}, { signal: controller.signal })
controller.abort(new Error('the user pressed stop'))
await call.catch((error) => console.log(error.code, '-', error.cause.message))

// The same for a stream; what has been written so far is in `error.partial`.
try {
  const signal = AbortSignal.timeout(2000)
  const stream = await client.chatCompletion('gpt-5.4-mini', question, { stream: true }, { signal })
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
  console.log('\n(it was faster than the signal)')
} catch (error) {
  console.log(
    error.code,
    'after',
    error.partial?.choices[0].message.content?.length ?? 0,
    'characters'
  )
}

// Timers of one call: 5 s to the first token, 10 s of silence.
const stream = await client.chatCompletion(
  'gpt-5.4-mini',
  question,
  { stream: true },
  { timeout: { response: 5000, idle: 10_000 } }
)
for await (const chunk of stream) {
  if (chunk.choices[0]?.delta.content) break
}
console.log('left after the first word')
