'use strict'

// The AI SDK's call options as chat options.

const { markOf } = require('./marks')
const { snakeMembers } = require('./names')
const { messagesOf } = require('./prompt')
const { merged, providerMembers } = require('./provider-options')
const { offeredTool } = require('./provider-tools')
const { routeModel } = require('../functions')

// `{ body, request, warnings }` of a call.
function chatOf(modelId, options) {
  const warnings = []
  const warn = (feature, details) => warnings.push({ type: 'unsupported', feature, details })
  const route = routeModel(modelId)
  const { tools, tool_choice } = toolsOf(options, route)
  const { anthropic, openai, google } = options.providerOptions ?? {}
  const sendsReasoning = anthropic?.sendReasoning !== false
  const body = {
    model: modelId,
    messages: messagesOf(inMode(options.prompt, openai?.systemMessageMode), {
      route,
      sendsReasoning,
      warn
    }),
    max_tokens: options.maxOutputTokens,
    temperature: options.temperature,
    top_p: options.topP,
    top_k: options.topK,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stopSequences?.length > 0 ? options.stopSequences : undefined,
    seed: options.seed,
    response_format: responseFormat(options.responseFormat, {
      strict: openai?.strictJsonSchema ?? true,
      takesSchema: google?.structuredOutputs !== false || route !== 'gemini'
    }),
    reasoning_effort: effortOf(options.reasoning),
    tools,
    tool_choice
  }
  const { members, request } = providerMembers(options.providerOptions, route)
  return { body: merged(body, members), request, warnings }
}

function effortOf(reasoning) {
  return reasoning === 'provider-default' ? undefined : reasoning
}

// `systemMessageMode` of OpenAI's provider: which role instructions have, if they are sent at all.
function inMode(prompt, mode) {
  if (mode === 'remove') return prompt.filter(({ role }) => role !== 'system')
  if (mode !== 'developer') return prompt
  return prompt.map((message) =>
    message.role === 'system' ? { ...message, role: 'developer' } : message
  )
}

function responseFormat(format, { strict, takesSchema }) {
  if (format?.type !== 'json') return undefined
  const { schema, name = 'response', description } = format
  if (schema === undefined || !takesSchema) return { type: 'json_object' }
  return {
    type: 'json_schema',
    json_schema: { name, ...(description && { description }), schema, strict }
  }
}

function toolsOf({ tools, toolChoice }, route) {
  if (tools === undefined || tools.length === 0) return {}
  return {
    tools: tools.map((tool) => toolOf(tool, route)),
    tool_choice: choiceOf(toolChoice, tools)
  }
}

function toolOf(tool, route) {
  if (tool.type !== 'function') return offeredTool(tool)
  const { name, description, inputSchema, inputExamples, strict, providerOptions } = tool
  const cached = markOf(tool)
  const { cacheControl: _, cache_control: _mark, ...vendors } = providerOptions?.anthropic ?? {}
  return {
    type: 'function',
    function: { name, description, parameters: inputSchema, strict },
    // `deferLoading`, `allowedCallers`, `eagerInputStreaming`, …
    ...(route === 'anthropic' && snakeMembers(vendors)),
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

module.exports = { chatOf }
