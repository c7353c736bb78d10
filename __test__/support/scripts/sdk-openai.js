'use strict'

// The `openai` package on top of client.fetch: chat, stream, tools, structured output with one model.

const { AihubmixModelClient } = require('../../..')
const { TOOL, SCHEMA, ASK_TOOL, ASK } = require('./sdk-conversation')

async function main(baseURL, model) {
  const { default: OpenAI } = await import('openai')
  const client = new AihubmixModelClient({ baseURL })
  const openai = new OpenAI({
    baseURL: client.getBaseURL('gpt-5.4-mini'),
    apiKey: 'unused',
    fetch: client.fetch
  })
  const chat = await openai.chat.completions.create({ model, messages: ASK })
  const stream = []
  for await (const chunk of await openai.chat.completions.create({
    model,
    messages: ASK,
    stream: true
  })) {
    stream.push(chunk.choices[0]?.delta.content ?? '')
  }
  const tools = [{ type: 'function', function: TOOL }]
  const first = await openai.chat.completions.create({ model, messages: ASK_TOOL, tools })
  const [call] = first.choices[0].message.tool_calls
  const answered = [
    ...ASK_TOOL,
    first.choices[0].message,
    { role: 'tool', tool_call_id: call.id, content: '21 degrees' }
  ]
  const second = await openai.chat.completions.create({ model, messages: answered, tools })
  const structured = await openai.chat.completions.create({
    model,
    messages: ASK,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'city', strict: true, schema: SCHEMA }
    }
  })
  const refused = await openai.chat.completions
    .create({ model: '', messages: ASK })
    .catch((error) => error.status)
  return {
    chat: chat.choices[0].message.content,
    stream: stream.join(''),
    tool: call.function.name,
    tools: second.choices[0].message.content,
    structured: JSON.parse(structured.choices[0].message.content),
    usage: chat.usage.total_tokens,
    refused
  }
}

main(...process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)))
