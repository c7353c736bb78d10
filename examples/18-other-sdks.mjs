// SDKs that speak OpenAI's chat completions reach every model: `openai` and LangChain over `client.fetch`.
// Needs `npm install openai @langchain/openai` and Node.js 22.

import { ChatOpenAI } from '@langchain/openai'
import { AihubmixModelClient } from 'aihubmix-native'
import OpenAI from 'openai'

const client = new AihubmixModelClient()
const model = 'claude-sonnet-4-6'
const configuration = { baseURL: client.getBaseURL('gpt-5.4-mini'), fetch: client.fetch }

const openai = new OpenAI({ apiKey: 'unused', ...configuration })
const messages = [{ role: 'user', content: 'Good morning' }]
const stream = await openai.chat.completions.create({ model, messages, stream: true })
process.stdout.write('openai: ')
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? '')
process.stdout.write('\n')

const langchain = new ChatOpenAI({
  model,
  apiKey: 'unused',
  useResponsesApi: false,
  configuration
})
const { text } = await langchain.invoke('Good morning')
console.log(`LangChain: ${text}`)
