// LlamaIndex.TS over chat completions.

import { OpenAI } from '@llamaindex/openai'
import { tool } from 'llamaindex'
import { z } from 'zod'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const llm = new OpenAI({
  model,
  apiKey: 'unused',
  baseURL: client.getBaseURL('gpt-5.4-mini'),
  additionalSessionOptions: { fetch: client.fetch },
  supportToolCall: true
})
const user = (content) => [{ role: 'user', content }]
const chat = (await llm.chat({ messages: user(ASK) })).message.content
let stream = ''
for await (const { delta } of await llm.chat({ messages: user(ASK), stream: true })) stream += delta

let called = 0
const weather = tool({
  name: TOOL.name,
  description: TOOL.description,
  parameters: z.object({ city: z.string() }),
  execute: () => {
    called += 1
    return RESULT
  }
})
const { newMessages } = await llm.exec({ messages: user(ASK_TOOL), tools: [weather] })
const after = await llm.chat({ messages: [...user(ASK_TOOL), ...newMessages], tools: [weather] })
report({ chat, stream, tools: after.message.content, called })
