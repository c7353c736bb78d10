'use strict'

// A vendor's own SDK against the mock gateway, without the client: a whole answer, a stream, a tool and its result.
// Prints a report, or one for each model where the SDK leads to several.
//
//   node vendor-sdk.js <url> <name>

const TOOL = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false
  }
}
const ASK = 'hello'
const ASK_TOOL = 'Use get_weather for Paris'

const SDKS = {
  async openai(url) {
    const { default: OpenAI } = await import('openai')
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${url}/v1`, maxRetries: 0 })
    const model = 'gpt-5.4'
    const tools = [
      { type: 'function', function: { name: TOOL.name, parameters: TOOL.schema, strict: true } }
    ]
    const ask = (messages, more) => client.chat.completions.create({ model, messages, ...more })
    const user = (content) => ({ role: 'user', content })
    const whole = await ask([user(ASK)])
    const pieces = []
    for await (const { choices } of await ask([user(ASK)], { stream: true }))
      pieces.push(choices[0].delta.content ?? '')
    const called = (await ask([user(ASK_TOOL)], { tools })).choices[0].message
    const [{ id }] = called.tool_calls
    const result = { role: 'tool', tool_call_id: id, content: '21 degrees' }
    const after = await ask([user(ASK_TOOL), called, result], { tools })
    return report(whole.choices[0].message.content, pieces, after.choices[0].message.content)
  },

  async 'openai-responses'(url) {
    const { default: OpenAI } = await import('openai')
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: `${url}/v1`, maxRetries: 0 })
    const include = ['reasoning.encrypted_content']
    const asked = { model: 'gpt-6-sol', reasoning: { effort: 'low' }, store: false, include }
    const tools = [{ type: 'function', name: TOOL.name, parameters: TOOL.schema, strict: true }]
    const whole = await client.responses.create({ ...asked, input: ASK })
    const pieces = []
    for await (const event of await client.responses.create({ ...asked, input: ASK, stream: true }))
      if (event.type === 'response.output_text.delta') pieces.push(event.delta)
    const input = [{ role: 'user', content: ASK_TOOL }]
    const { output } = await client.responses.create({ ...asked, input, tools })
    const { call_id } = output.find(({ type }) => type === 'function_call')
    const result = { type: 'function_call_output', call_id, output: '21 degrees' }
    const after = await client.responses.create({
      ...asked,
      tools,
      input: [...input, ...output, result]
    })
    return report(whole.output_text, pieces, after.output_text)
  },

  async anthropic(url) {
    const { default: Anthropic } = await import('@anthropic-ai/sdk')
    const client = new Anthropic({ apiKey: 'sk-test', baseURL: url, maxRetries: 0 })
    const asked = { model: 'claude-opus-5-5', max_tokens: 2000, thinking: { type: 'adaptive' } }
    const tools = [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.schema }]
    const user = (content) => ({ role: 'user', content })
    const text = ({ content }) => content.find(({ type }) => type === 'text').text
    const whole = await client.messages.create({ ...asked, messages: [user(ASK)] })
    const pieces = []
    const stream = client.messages.stream({ ...asked, messages: [user(ASK)] })
    stream.on('text', (piece) => pieces.push(piece))
    await stream.finalMessage()
    const first = [user(ASK_TOOL)]
    const { content } = await client.messages.create({ ...asked, tools, messages: first })
    const { id } = content.find(({ type }) => type === 'tool_use')
    const result = user([{ type: 'tool_result', tool_use_id: id, content: '21 degrees' }])
    const messages = [...first, { role: 'assistant', content }, result]
    const after = await client.messages.create({ ...asked, tools, messages })
    return report(text(whole), pieces, text(after))
  },

  async genai(url) {
    const { GoogleGenAI } = await import('@google/genai')
    const client = new GoogleGenAI({ apiKey: 'sk-test', httpOptions: { baseUrl: `${url}/gemini` } })
    const config = {
      tools: [
        {
          functionDeclarations: [
            { name: TOOL.name, description: TOOL.description, parametersJsonSchema: TOOL.schema }
          ]
        }
      ]
    }
    const model = 'gemini-3.1-pro-preview'
    const whole = await client.models.generateContent({ model, contents: ASK })
    const pieces = []
    for await (const chunk of await client.models.generateContentStream({ model, contents: ASK }))
      pieces.push(chunk.text ?? '')
    const chat = client.chats.create({ model, config })
    const { functionCalls } = await chat.sendMessage({ message: ASK_TOOL })
    const [{ id, name }] = functionCalls
    const functionResponse = { id, name, response: { result: '21 degrees' } }
    const after = await chat.sendMessage({ message: [{ functionResponse }] })
    return report(whole.text, pieces, after.text)
  },

  async aihubmix(url) {
    const { createAihubmix } = await import('@aihubmix/ai-sdk-provider')
    const { generateText, streamText, tool, jsonSchema, stepCountIs } = await import('ai-6')
    // It knows the gateway's address only, and for some models takes no `fetch`.
    const reach = globalThis.fetch
    globalThis.fetch = (input, init) => {
      const { pathname, search } = new URL(input)
      return reach(url + pathname + search, init)
    }
    const provider = createAihubmix({ apiKey: 'sk-test' })
    const reports = []
    for (const id of ['claude-sonnet-4-6', 'gemini-3.8-flash', 'gpt-5.4']) {
      const model = provider(id)
      const whole = await generateText({ model, prompt: ASK, maxRetries: 0 })
      const pieces = []
      for await (const piece of streamText({ model, prompt: ASK, maxRetries: 0 }).textStream)
        pieces.push(piece)
      const look = tool({
        description: TOOL.description,
        inputSchema: jsonSchema(TOOL.schema),
        execute: async () => '21 degrees'
      })
      const after = await generateText({
        model,
        prompt: ASK_TOOL,
        tools: { get_weather: look },
        stopWhen: stepCountIs(3),
        maxRetries: 0
      })
      reports.push(report(whole.text, pieces, after.text))
    }
    return reports
  }
}

function report(whole, pieces, after) {
  return { whole, streamed: pieces.join(''), after, pieces: pieces.length }
}

const [url, name] = process.argv.slice(2)
SDKS[name](url).then((said) => console.log(JSON.stringify(said)))
