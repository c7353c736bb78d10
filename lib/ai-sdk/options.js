'use strict'

// The AI SDK's call options as chat options.
//
// `providerOptions.aihubmix` goes into the body as it is. The namespaces of other providers are read too, so that call
// sites need not change: their members in camel case are the vendors' own in snake case (OpenAI, Anthropic), those
// that OpenAI's shape has another word for are in the tables below.

const { messagesOf } = require('./prompt')
const { offeredTool, snake, snakeMembers } = require('./provider-tools')

// Where a member of another provider's namespace goes: a name, or what it becomes.
const NAMESPACES = {
  openai: {
    reasoningEffort: 'reasoning_effort',
    reasoningSummary: (summary) => ({ reasoning: { summary } }),
    textVerbosity: 'verbosity',
    maxCompletionTokens: 'max_completion_tokens',
    strictJsonSchema: () => ({}),
    systemMessageMode: () => ({}),
    logprobs: (value) =>
      typeof value === 'number' ? { logprobs: true, top_logprobs: value } : { logprobs: value }
  },
  anthropic: {
    effort: 'reasoning_effort',
    disableParallelToolUse: (disable) => ({ parallel_tool_calls: !disable }),
    sendReasoning: () => ({}),
    structuredOutputMode: () => ({}),
    toolStreaming: () => ({}),
    anthropicBeta: (betas) => ({ betas })
  },
  google: {
    thinkingConfig: (thinkingConfig) => ({ generationConfig: { thinkingConfig } }),
    responseModalities: (kinds) => ({ modalities: kinds.map((kind) => kind.toLowerCase()) }),
    imageConfig: (imageConfig) => ({ generationConfig: { imageConfig } }),
    mediaResolution: (mediaResolution) => ({ generationConfig: { mediaResolution } }),
    structuredOutputs: () => ({})
  }
}

// Members of `providerOptions.aihubmix` that are options of the request and no part of its body.
const REQUEST_OPTIONS = ['fallback', 'maxRetries', 'route', 'timeout']

// `{ body, request, warnings }` of a call.
function chatOf(modelId, options) {
  const warnings = []
  const warn = (feature, details) => warnings.push({ type: 'unsupported', feature, details })
  const { tools, tool_choice } = toolsOf(options)
  const body = {
    model: modelId,
    messages: messagesOf(options.prompt, warn),
    max_tokens: options.maxOutputTokens,
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stopSequences?.length > 0 ? options.stopSequences : undefined,
    seed: options.seed,
    response_format: responseFormat(options.responseFormat),
    reasoning_effort: effortOf(options.reasoning),
    tools,
    tool_choice
  }
  const { members, request } = providerMembers(options.providerOptions)
  return { body: merged(body, members), request, warnings }
}

function effortOf(reasoning) {
  return reasoning === 'provider-default' ? undefined : reasoning
}

function responseFormat(format) {
  if (format?.type !== 'json') return undefined
  const { schema, name = 'response', description } = format
  if (schema === undefined) return { type: 'json_object' }
  return {
    type: 'json_schema',
    json_schema: { name, ...(description && { description }), schema, strict: true }
  }
}

function toolsOf({ tools, toolChoice }) {
  if (tools === undefined || tools.length === 0) return {}
  return { tools: tools.map(toolOf), tool_choice: choiceOf(toolChoice, tools) }
}

function toolOf(tool) {
  if (tool.type !== 'function') return offeredTool(tool)
  const { name, description, inputSchema, inputExamples, strict, providerOptions } = tool
  const cached = providerOptions?.aihubmix?.cacheControl ?? providerOptions?.anthropic?.cacheControl
  return {
    type: 'function',
    function: { name, description, parameters: inputSchema, strict },
    ...(cached && { cache_control: cached }),
    ...(inputExamples?.length > 0 && { input_examples: inputExamples.map(({ input }) => input) })
  }
}

function choiceOf(choice, tools) {
  if (choice === undefined) return undefined
  if (choice.type !== 'tool') return choice.type
  const tool = tools.find(({ name }) => name === choice.toolName)
  if (tool !== undefined && tool.type !== 'function') return { type: offeredTool(tool).type }
  return { type: 'function', function: { name: choice.toolName } }
}

function providerMembers(providerOptions = {}) {
  let members = {}
  for (const [vendor, table] of Object.entries(NAMESPACES)) {
    for (const [key, value] of Object.entries(providerOptions[vendor] ?? {})) {
      members = merged(members, memberOf(vendor, table[key], key, value))
    }
  }
  const own = Object.entries(providerOptions.aihubmix ?? {})
  const isRequests = ([name]) => REQUEST_OPTIONS.includes(name)
  const ofBody = Object.fromEntries(own.filter((entry) => !isRequests(entry)))
  return { members: merged(members, ofBody), request: Object.fromEntries(own.filter(isRequests)) }
}

function memberOf(vendor, row, key, value) {
  if (typeof row === 'function') return row(value)
  if (typeof row === 'string') return { [row]: value }
  if (vendor === 'google') return { [key]: value }
  return { [snake(key)]: snakeMembers(value) }
}

// Members over members; objects deeply, so that two options may fill one.
function merged(body, members) {
  const result = { ...body }
  for (const [key, value] of Object.entries(members)) {
    result[key] = isObject(result[key]) && isObject(value) ? merged(result[key], value) : value
  }
  return result
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

module.exports = { chatOf }
