// Mastra over the provider for the AI SDK.

import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { z } from 'zod'
import { ASK, ASK_TOOL, RESULT, TOOL, aihubmix, model, report } from './conversation.mjs'

let called = 0
const weather = createTool({
  id: TOOL.name,
  description: TOOL.description,
  inputSchema: z.object({ city: z.string() }),
  execute: async () => {
    called += 1
    return RESULT
  }
})
const agent = new Agent({
  id: 'weather',
  name: 'weather',
  instructions: 'Be brief.',
  model: aihubmix(model),
  tools: { [TOOL.name]: weather }
})
const providerOptions = { aihubmix: { reasoning_effort: 'high' } }
const { text: chat } = await agent.generate(ASK, { providerOptions })
let stream = ''
for await (const text of (await agent.stream(ASK, { providerOptions })).textStream) stream += text
const { text: tools } = await agent.generate(ASK_TOOL, { providerOptions })
report({ chat, stream, tools, called })
