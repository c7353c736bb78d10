// LangChain's ChatOpenAI over chat completions.

import { ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const langchain = new ChatOpenAI({
  model,
  apiKey: 'unused',
  useResponsesApi: false,
  configuration: { baseURL: client.getBaseURL('gpt-5.4-mini'), fetch: client.fetch }
})
const { text: chat } = await langchain.invoke(ASK)
let stream = ''
for await (const chunk of await langchain.stream(ASK)) stream += chunk.text

const withTools = langchain.bindTools([{ type: 'function', function: TOOL }])
const history = [{ role: 'user', content: ASK_TOOL }]
const first = await withTools.invoke(history)
const [call] = first.tool_calls
const result = new ToolMessage({ tool_call_id: call.id, content: RESULT })
const { text: tools } = await withTools.invoke([...history, first, result])
report({ chat, stream, tools, called: first.tool_calls.length })
