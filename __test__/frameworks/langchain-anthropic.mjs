// LangChain's ChatAnthropic over Anthropic's own API.

import { ToolMessage } from '@langchain/core/messages'
import { ChatAnthropic } from '@langchain/anthropic'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const langchain = new ChatAnthropic({
  model,
  apiKey: 'unused',
  anthropicApiUrl: client.getBaseURL(model),
  clientOptions: { fetch: client.fetch },
  maxTokens: 4000,
  thinking: { type: 'enabled', budget_tokens: 2000 }
})
const { text: chat } = await langchain.invoke(ASK)
let stream = ''
for await (const chunk of await langchain.stream(ASK)) stream += chunk.text

const { name, description, parameters } = TOOL
const withTools = langchain.bindTools([{ name, description, input_schema: parameters }])
const history = [{ role: 'user', content: ASK_TOOL }]
const first = await withTools.invoke(history)
const [call] = first.tool_calls
const result = new ToolMessage({ tool_call_id: call.id, content: RESULT })
const { text: tools } = await withTools.invoke([...history, first, result])
report({ chat, stream, tools, called: first.tool_calls.length })
