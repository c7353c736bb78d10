// OpenRouter's provider for the AI SDK (version 6) over chat completions: it knows OpenRouter's words alone.

import { createOpenRouter } from '@openrouter/ai-sdk-provider'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const openrouter = createOpenRouter({
  apiKey: 'unused',
  baseURL: client.getBaseURL('gpt-5.4-mini'),
  fetch: client.fetch
})
const chosen = openrouter.chat(model, { reasoning: { effort: 'high' } })
const { text: chat } = await generateText({ model: chosen, prompt: ASK })
let stream = ''
for await (const text of streamText({ model: chosen, prompt: ASK }).textStream) stream += text

let called = 0
const execute = async () => {
  called += 1
  return RESULT
}
const weather = tool({
  description: TOOL.description,
  inputSchema: jsonSchema(TOOL.parameters),
  execute
})
const running = streamText({
  model: chosen,
  prompt: ASK_TOOL,
  tools: { [TOOL.name]: weather },
  stopWhen: stepCountIs(2)
})
report({ chat, stream, tools: await running.text, called })
