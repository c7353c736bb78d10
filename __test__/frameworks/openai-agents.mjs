// OpenAI's Agents SDK over chat completions.

import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled, tool } from '@openai/agents'
import OpenAI from 'openai'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

setTracingDisabled(true)
const baseURL = client.getBaseURL('gpt-5.4-mini')
const openai = new OpenAI({ apiKey: 'unused', baseURL, fetch: client.fetch })
let called = 0
const execute = () => {
  called += 1
  return RESULT
}
const agent = new Agent({
  name: 'weather',
  model: new OpenAIChatCompletionsModel(openai, model),
  tools: [tool({ ...TOOL, execute })]
})
const { finalOutput: chat } = await run(agent, ASK)
const running = await run(agent, ASK, { stream: true })
let stream = ''
for await (const text of running.toTextStream()) stream += text
await running.completed
const { finalOutput: tools } = await run(agent, ASK_TOOL)
report({ chat, stream, tools, called })
