// A consumer that is a CommonJS module.

import aihubmix = require('aihubmix-native')
import type { ChatOptions } from 'aihubmix-native'

const options: ChatOptions = { max_tokens: 10 }
const client: aihubmix.AihubmixModelClient = new aihubmix.AihubmixModelClient('sk-test')
const answer: Promise<aihubmix.ChatCompletion> = client.chatCompletion(
  'gpt-5.4-mini',
  [{ role: 'user', content: 'hello' }],
  options
)
export = answer
