// Anthropic's own SDK: its requests go through as they are.

import Anthropic from '@anthropic-ai/sdk'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const anthropic = new Anthropic({
  apiKey: 'unused',
  baseURL: client.getBaseURL(model),
  fetch: client.fetch
})
const asked = { model, max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } }
const user = (content) => ({ role: 'user', content })
const textOf = ({ content }) => content.find(({ type }) => type === 'text').text

const chat = textOf(await anthropic.messages.create({ ...asked, messages: [user(ASK)] }))
let stream = ''
const streamed = anthropic.messages.stream({ ...asked, messages: [user(ASK)] })
streamed.on('text', (text) => {
  stream += text
})
await streamed.finalMessage()

const { name, description, parameters } = TOOL
const tools = [{ name, description, input_schema: parameters }]
const { content } = await anthropic.messages.create({ ...asked, tools, messages: [user(ASK_TOOL)] })
const call = content.find(({ type }) => type === 'tool_use')
const result = { type: 'tool_result', tool_use_id: call.id, content: RESULT }
const messages = [user(ASK_TOOL), { role: 'assistant', content }, user([result])]
const after = await anthropic.messages.create({ ...asked, tools, messages })
report({ chat, stream, tools: textOf(after), called: 1 })
