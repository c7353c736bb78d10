'use strict'

// LangChain's OpenAI chat model on top of client.fetch.

const { AihubmixModelClient } = require('../../..')
const { TOOL, SCHEMA, ASK_TOOL, ASK } = require('./sdk-conversation')

async function main(baseURL, model) {
  const { ChatOpenAI } = await import('@langchain/openai')
  const { ToolMessage } = await import('@langchain/core/messages')
  const client = new AihubmixModelClient({ baseURL })
  const configuration = { baseURL: client.getBaseURL('gpt-5.4-mini'), fetch: client.fetch }
  const options = { model, apiKey: 'unused', configuration, useResponsesApi: false }
  const langchain = new ChatOpenAI(options)
  const chat = await langchain.invoke(ASK)
  let stream = ''
  for await (const chunk of await langchain.stream(ASK)) stream += chunk.content
  const withTools = langchain.bindTools([{ type: 'function', function: TOOL }])
  const first = await withTools.invoke(ASK_TOOL)
  const [call] = first.tool_calls
  const answer = new ToolMessage({ tool_call_id: call.id, content: '21 degrees' })
  const second = await withTools.invoke([...ASK_TOOL, first, answer])
  const structured = await langchain
    .withStructuredOutput(SCHEMA, { name: 'city', method: 'jsonSchema' })
    .invoke(ASK)
  const refused = await new ChatOpenAI({ ...options, model: ' ', maxRetries: 0 })
    .invoke(ASK)
    .catch((error) => error.status)
  return {
    chat: chat.content,
    stream,
    tool: call.name,
    tools: second.content,
    structured,
    usage: chat.usage_metadata.total_tokens,
    refused
  }
}

main(...process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)))
