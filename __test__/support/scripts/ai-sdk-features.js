'use strict'

// What the AI SDK (the package named) offers, feature by feature, on the provider of `aihubmix-native/ai-sdk` and a
// gateway that refuses what the vendors refuse. Prints what failed, by feature.

const { createAihubmix } = require('../../../ai-sdk')
const { startMockGateway } = require('../../../testing')

const PDF = 'JVBERi0xLjQKJQo='
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const WAV = 'UklGRgQAAABXQVZF'
const ADDRESS = 'https://a.example/a.png'
const PROMPT = 'hello'
const OBJECT = { title: 'T', tags: ['a', 'b'], author: { name: 'Ann', age: 3 } }
const SCHEMA = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    author: {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'number' } },
      required: ['name', 'age'],
      additionalProperties: false
    }
  },
  required: ['title', 'tags', 'author'],
  additionalProperties: false
}

// The vendor has no such thing.
const NONE = 'none'

const FEATURES = {
  text: async ({ ai, model }) => {
    const { text, usage, finishReason } = await ai.generateText({ model, prompt: PROMPT })
    return text === 'You said: hello' && usage.totalTokens > 0 && finishReason === 'stop'
  },
  instructions: async ({ ai, model, gateway }) => {
    const { text } = await ai.generateText({ model, system: 'Be brief.', prompt: PROMPT })
    return text !== '' && gateway.requests[0].bodyText.includes('Be brief.')
  },
  stream: async ({ ai, model }) => {
    const { textStream, usage } = ai.streamText({ model, prompt: PROMPT })
    const pieces = await listOf(textStream)
    return pieces.length > 1 && (await usage).totalTokens > 0
  },
  rawChunks: async ({ ai, model }) => {
    const more = { includeRawChunks: true, include: { rawChunks: true } }
    const parts = await listOf(partsOf(ai.streamText({ model, prompt: PROMPT, ...more })))
    return parts.some(({ type }) => type === 'raw')
  },
  object: async ({ ai, model, gateway, output }) => {
    gateway.enqueue({ chat: JSON.stringify(OBJECT) })
    const { output: made } = await ai.generateText({ model, prompt: PROMPT, output })
    return JSON.stringify(made) === JSON.stringify(OBJECT)
  },
  objectInPieces: async ({ ai, model, gateway, output, family }) => {
    gateway.enqueue({ chat: JSON.stringify(OBJECT, null, 1) })
    const result = ai.streamText({ model, prompt: PROMPT, output })
    const partial = await listOf(result.partialOutputStream)
    // On Claude it is the input of a tool, which the gateway sends in one piece.
    const fewest = family === 'claude' ? 1 : 2
    return partial.length >= fewest && (await result.output).author.age === 3
  },
  elements: async ({ ai, model, gateway }) => {
    gateway.enqueue({ chat: JSON.stringify({ elements: [OBJECT, OBJECT] }) })
    const output = ai.Output.array({ element: ai.jsonSchema(SCHEMA) })
    const made = await ai.generateText({ model, prompt: PROMPT, output })
    return made.output.length === 2
  },
  tool: async ({ ai, model, gateway, calculator }) => {
    gateway.enqueue(calls('calculator', { expression: '2+2' }))
    const ran = await ai.generateText({ model, prompt: PROMPT, tools: { calculator } })
    return ran.toolCalls[0].input.expression === '2+2' && ran.toolResults[0].output === '4'
  },
  toolInStream: async ({ ai, model, gateway, calculator }) => {
    gateway.enqueue(calls('calculator', { expression: '2+2' }))
    const running = ai.streamText({ model, prompt: PROMPT, tools: { calculator } })
    const kinds = (await listOf(partsOf(running))).map(({ type }) => type)
    return ['tool-input-start', 'tool-call', 'tool-result'].every((kind) => kinds.includes(kind))
  },
  toolsInSteps: async ({ ai, model, gateway, calculator, stopWhen }) => {
    gateway.enqueue([
      calls('calculator', { expression: '1' }),
      calls('calculator', { expression: '2' }),
      { chat: 'three' }
    ])
    const tools = { calculator }
    const { text, steps } = await ai.generateText({ model, prompt: PROMPT, tools, stopWhen })
    return text === 'three' && steps.length === 3
  },
  toolChoice: async ({ ai, model, calculator }) => {
    const tools = { calculator }
    const { toolCalls } = await ai.generateText({
      model,
      prompt: PROMPT,
      tools,
      toolChoice: { type: 'tool', toolName: 'calculator' }
    })
    return toolCalls.length === 1
  },
  image: ({ ai, model, gateway }) => sees(ai, model, gateway, imagePart(PNG), PNG),
  imageByAddress: ({ ai, model, gateway, family }) =>
    // Google fetches nothing: the AI SDK would download it.
    family === 'gemini' ? NONE : sees(ai, model, gateway, imagePart(new URL(ADDRESS)), ADDRESS),
  pdf: ({ ai, model, gateway, family }) =>
    family === 'chat' ? NONE : sees(ai, model, gateway, filePart(PDF, 'application/pdf'), PDF),
  pdfByAddress: ({ ai, model, gateway, family }) =>
    family === 'claude'
      ? sees(ai, model, gateway, filePart(new URL(ADDRESS), 'application/pdf'), ADDRESS)
      : NONE,
  sound: ({ ai, model, gateway, family }) =>
    family === 'gemini' ? sees(ai, model, gateway, filePart(WAV, 'audio/wav'), WAV) : NONE,
  imageOut: async ({ ai, model, gateway, family }) => {
    if (family === 'claude') return NONE
    const url = `data:image/png;base64,${PNG}`
    gateway.enqueue({
      chat: { content: 'Here.', images: [{ type: 'image_url', image_url: { url } }] }
    })
    const { files } = await ai.generateText({ model, prompt: PROMPT })
    return files[0].mediaType === 'image/png' && files[0].base64 === PNG
  },
  sources: async ({ ai, model, gateway }) => {
    const url_citation = { url: ADDRESS, title: 'A', start_index: 0, end_index: 3 }
    const chat = { content: 'Found.', annotations: [{ type: 'url_citation', url_citation }] }
    gateway.enqueue([{ chat }, { chat }])
    const { sources } = await ai.generateText({ model, prompt: PROMPT })
    const streamed = await ai.streamText({ model, prompt: PROMPT }).sources
    return [sources, streamed].every(([source]) => source.url === ADDRESS && source.title === 'A')
  },
  search: async ({ ai, model, gateway, family }) => {
    const tool = SEARCHES[family]
    if (tool === undefined) return NONE
    gateway.enqueue(tool.answer)
    const tools = {
      search: { type: 'provider', isProviderExecuted: true, args: {}, ...PROVIDER, ...tool }
    }
    const ran = await ai.generateText({ model, prompt: PROMPT, tools })
    const { content, providerMetadata } = ran
    return tool.isFound(content, providerMetadata) && gateway.requests.length === 1
  },
  refusal: async ({ ai, model, gateway }) => {
    gateway.enqueue({ status: 404, json: { error: { message: 'no such model' } } })
    const error = await ai.generateText({ model, prompt: PROMPT }).catch((caught) => caught)
    return ai.APICallError.isInstance(error) && error.statusCode === 404
  },
  refusalInStream: async ({ ai, model, gateway }) => {
    gateway.enqueue({ status: 404, json: { error: { message: 'no such model' } } })
    let told
    const onError = ({ error }) => {
      told = error
    }
    await listOf(partsOf(ai.streamText({ model, prompt: PROMPT, onError })))
    return ai.APICallError.isInstance(told) && told.message.includes('no such model')
  },
  abort: async ({ ai, model, gateway }) => {
    gateway.enqueue({ chat: 'word '.repeat(50), gapMs: 20 })
    const controller = new AbortController()
    const result = ai.streamText({ model, prompt: PROMPT, abortSignal: controller.signal })
    const kinds = []
    for await (const { type } of partsOf(result)) {
      kinds.push(type)
      if (type === 'text-delta') controller.abort()
    }
    return kinds.at(-1) === 'abort'
  }
}

// A provider's tool as `ai` 6 and as `ai` 7 have it: one reads `inputSchema` of it, the other does not.
const PROVIDER = { inputSchema: { jsonSchema: { type: 'object' } } }
const SEARCHES = {
  claude: {
    id: 'anthropic.web_search_20250305',
    answer: {
      json: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
          { type: 'text', text: 'Found.' }
        ],
        stop_reason: 'end_turn',
        usage: { input_tokens: 1, output_tokens: 1 }
      }
    },
    isFound: (content) => ['tool-call', 'tool-result'].every((kind) => ran(content, kind))
  },
  gemini: {
    id: 'google.google_search',
    answer: {
      json: {
        candidates: [
          {
            content: { role: 'model', parts: [{ text: 'Found.' }] },
            finishReason: 'STOP',
            groundingMetadata: {
              webSearchQueries: ['x'],
              groundingChunks: [{ web: { uri: ADDRESS, title: 'A' } }]
            }
          }
        ]
      }
    },
    isFound: (_content, { google }) => google.groundingMetadata.webSearchQueries[0] === 'x'
  },
  responses: {
    id: 'openai.web_search',
    answer: {
      json: {
        id: 'resp_1',
        object: 'response',
        created_at: 1,
        status: 'completed',
        model: 'gpt',
        output: [
          { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } },
          {
            type: 'message',
            id: 'msg_1',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: 'Found.', annotations: [] }]
          }
        ]
      }
    },
    isFound: (content) => ['tool-call', 'tool-result'].every((kind) => ran(content, kind))
  }
}

const ran = (content, kind) =>
  content.some(({ type, providerExecuted }) => type === kind && providerExecuted)
const calls = (name, input) => ({ chat: { tool_calls: [{ name, arguments: input }] } })
const imagePart = (image) => ({ type: 'image', image })
const filePart = (data, mediaType) => ({ type: 'file', data, mediaType, filename: 'a' })
const partsOf = (result) => result.stream ?? result.fullStream

async function sees(ai, model, gateway, part, sent) {
  const content = [{ type: 'text', text: 'look' }, part]
  const { text } = await ai.generateText({ model, messages: [{ role: 'user', content }] })
  return text !== '' && gateway.requests[0].bodyText.includes(sent)
}

async function listOf(stream) {
  const list = []
  for await (const element of stream) list.push(element)
  return list
}

async function tried(works, given) {
  try {
    return await works(given)
  } catch (error) {
    return `${error.name}: ${error.message}`
  }
}

async function main(name, id, family) {
  const ai = await import(name)
  const gateway = await startMockGateway({ strict: true })
  const aihubmix = createAihubmix({
    apiKey: 'sk-test-0123456789',
    baseURL: gateway.url,
    maxRetries: 0,
    specificationVersion: name === 'ai' ? 'v4' : 'v3'
  })
  const inputSchema = ai.jsonSchema({
    type: 'object',
    properties: { expression: { type: 'string' } },
    required: ['expression'],
    additionalProperties: false
  })
  const given = {
    ai,
    gateway,
    family,
    model: aihubmix(id),
    output: ai.Output.object({ schema: ai.jsonSchema(SCHEMA) }),
    stopWhen: (ai.isStepCount ?? ai.stepCountIs)(5),
    calculator: ai.tool({ description: 'sums', inputSchema, execute: async () => '4' })
  }
  const report = { done: 0, failed: {} }
  for (const [feature, works] of Object.entries(FEATURES)) {
    gateway.reset()
    const outcome = await tried(works, given)
    const refused = gateway.refusals.map(({ rule }) => rule)
    if (outcome === NONE) continue
    if (outcome === true && refused.length === 0) report.done += 1
    else report.failed[feature] = [outcome, ...refused]
  }
  await gateway.close()
  return report
}

main(...process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)))
