'use strict'

// The AI SDK with its OpenAI-compatible provider on top of client.fetch.

const { AihubmixModelClient } = require('../../..')
const { TOOL, SCHEMA, ASK_TOOL, ASK } = require('./sdk-conversation')

async function main(baseURL, name) {
  const { generateText, streamText, jsonSchema, tool, isStepCount, stepCountIs, Output } =
    await import('ai')
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  const client = new AihubmixModelClient({ baseURL })
  const provider = createOpenAICompatible({
    name: 'aihubmix',
    baseURL: client.getBaseURL('gpt-5.4-mini'),
    fetch: client.fetch,
    supportsStructuredOutputs: true
  })
  const model = provider(name)
  const chat = await generateText({ model, messages: ASK })
  const streamed = streamText({ model, messages: ASK })
  let stream = ''
  for await (const text of streamed.textStream) stream += text
  const called = []
  const tools = {
    [TOOL.name]: tool({
      description: TOOL.description,
      inputSchema: jsonSchema(TOOL.parameters),
      execute: async () => {
        called.push(TOOL.name)
        return '21 degrees'
      }
    })
  }
  const ran = await generateText({
    model,
    messages: ASK_TOOL,
    tools,
    stopWhen: (isStepCount ?? stepCountIs)(3)
  })
  const structured = await generateText({
    model,
    messages: ASK,
    output: Output.object({ schema: jsonSchema(SCHEMA) })
  })
  const refused = await generateText({ model: provider(''), messages: ASK, maxRetries: 0 }).catch(
    (error) => error.statusCode
  )
  return {
    chat: chat.text,
    stream,
    tool: called[0],
    tools: ran.text,
    structured: structured.output,
    usage: chat.usage.totalTokens,
    refused
  }
}

main(...process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)))
