// One class for every failure. `code` says what to do about it.

import { AihubmixModelClient, AihubmixError } from 'aihubmix-native'

const client = new AihubmixModelClient({ maxRetries: 3 })

async function ask(model, messages, request) {
  try {
    const answer = await client.chatCompletion(model, messages, { max_tokens: 100 }, request)
    console.log(answer.choices[0].message.content)
  } catch (error) {
    if (!AihubmixError.isInstance(error)) throw error
    switch (error.code) {
      case 'RATE_LIMIT':
        return console.log('too many requests; wait', error.retryAfterMs ?? 1000, 'ms')
      case 'INSUFFICIENT_QUOTA':
        return console.log('the balance is spent: https://aihubmix.com')
      case 'CONTEXT_LENGTH_EXCEEDED':
        return console.log('the conversation is too long for', model)
      case 'INVALID_REQUEST':
        return console.log(`wrong parameter ${error.param}: ${error.message}`)
      case 'TIMEOUT':
        return console.log('too slow:', error.phase)
      default:
        console.log(
          error.code,
          error.status ?? '',
          error.message,
          'trace id:',
          error.requestId ?? 'none'
        )
    }
  }
}

const messages = [{ role: 'user', content: 'hello' }]
await ask('gpt-5.4-mini', messages)
await ask('claude-sonnet-4-6', [{ role: 'nobody', content: 'hello' }])
await ask('gpt-5.4-mini', messages, { timeout: { response: 1 }, maxRetries: 0 })
