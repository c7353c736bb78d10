// OpenAI's Agents SDK over the provider for the AI SDK, which keeps the vendors' state.

import { Agent, run, setTracingDisabled, tool } from '@openai/agents'
import { aisdk } from '@openai/agents-extensions/ai-sdk'
import { ASK, ASK_TOOL, RESULT, TOOL, aihubmix, model, report } from './conversation.mjs'

setTracingDisabled(true)
let called = 0
const execute = () => {
  called += 1
  return RESULT
}
const agent = new Agent({
  name: 'weather',
  model: aisdk(aihubmix(model)),
  modelSettings: { providerData: { providerOptions: { aihubmix: { reasoning_effort: 'high' } } } },
  tools: [tool({ ...TOOL, execute })]
})
const { finalOutput: chat } = await run(agent, ASK)
const running = await run(agent, ASK, { stream: true })
let stream = ''
for await (const text of running.toTextStream()) stream += text
await running.completed
const { finalOutput: tools } = await run(agent, ASK_TOOL)
report({ chat, stream, tools, called })
