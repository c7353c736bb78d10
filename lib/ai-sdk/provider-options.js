'use strict'

// `providerOptions` as members of a chat's body. `aihubmix` goes into it as it is. The namespaces of other providers are
// read too, so that call sites need not change: their members in camel case are the vendors' own in snake case (OpenAI,
// Anthropic), those that OpenAI's shape has another word for are in the tables below.

const { snake, snakeMembers } = require('./names')

const SEARCH_SOURCES = 'web_search_call.action.sources'
// It is read elsewhere (options.js), or has no effect here.
const NO_MEMBER = () => ({})

// Where a member of another provider's namespace goes: a name, or what it becomes (beside the others of its namespace).
const NAMESPACES = {
  openai: {
    reasoningEffort: 'reasoning_effort',
    reasoningSummary: (summary) => ({ reasoning: { summary } }),
    reasoningContext: (context) => ({ reasoning: { context } }),
    reasoningMode: (mode) => ({ reasoning: { mode } }),
    textVerbosity: 'verbosity',
    maxCompletionTokens: 'max_completion_tokens',
    // Its keys are the caller's.
    metadata: 'metadata',
    prediction: 'prediction',
    logitBias: 'logit_bias',
    strictJsonSchema: NO_MEMBER,
    systemMessageMode: NO_MEMBER,
    forceReasoning: NO_MEMBER,
    passThroughUnsupportedFiles: NO_MEMBER,
    include: (list, { includeWebSearchSources: also }) => ({
      include: also ? [...list, SEARCH_SOURCES] : list
    }),
    includeWebSearchSources: (also, { include }) =>
      also && include === undefined ? { include: [SEARCH_SOURCES] } : {},
    allowedTools: ({ toolNames, mode = 'auto' }) => ({
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: {
          mode,
          tools: toolNames.map((name) => ({ type: 'function', function: { name } }))
        }
      }
    }),
    logprobs: (value) =>
      typeof value === 'number' ? { logprobs: true, top_logprobs: value } : { logprobs: value }
  },
  anthropic: {
    effort: 'reasoning_effort',
    disableParallelToolUse: (disable) => ({ parallel_tool_calls: !disable }),
    taskBudget: (budget) => ({ output_config: { task_budget: snakeMembers(budget) } }),
    sendReasoning: NO_MEMBER,
    structuredOutputMode: NO_MEMBER,
    toolStreaming: NO_MEMBER,
    includePings: NO_MEMBER,
    anthropicBeta: (betas) => ({ betas })
  },
  google: {
    thinkingConfig: (thinkingConfig) => ({ generationConfig: { thinkingConfig } }),
    responseModalities: (kinds) => ({ modalities: kinds.map((kind) => kind.toLowerCase()) }),
    imageConfig: (imageConfig) => ({ generationConfig: { imageConfig } }),
    mediaResolution: (mediaResolution) => ({ generationConfig: { mediaResolution } }),
    audioTimestamp: (audioTimestamp) => ({ generationConfig: { audioTimestamp } }),
    retrievalConfig: (retrievalConfig) => ({ toolConfig: { retrievalConfig } }),
    structuredOutputs: NO_MEMBER
  }
}

// The families whose models alone read a namespace. OpenAI's options have a meaning everywhere.
const OF_ONE_ROUTE = { anthropic: 'anthropic', google: 'gemini' }

// Members of `providerOptions.aihubmix` that are options of the request and no part of its body.
const REQUEST_OPTIONS = ['fallback', 'maxRetries', 'route', 'timeout']

function providerMembers(providerOptions = {}, route) {
  let members = {}
  for (const vendor of Object.keys(NAMESPACES)) {
    // Call sites that serve several vendors have options for each.
    if (OF_ONE_ROUTE[vendor] !== undefined && OF_ONE_ROUTE[vendor] !== route) continue
    for (const key of Object.keys(providerOptions[vendor] ?? {})) {
      members = merged(members, memberOf(vendor, key, providerOptions[vendor]))
    }
  }
  const own = Object.entries(providerOptions.aihubmix ?? {})
  const isRequests = ([name]) => REQUEST_OPTIONS.includes(name)
  const ofBody = Object.fromEntries(own.filter((entry) => !isRequests(entry)))
  return { members: merged(members, ofBody), request: Object.fromEntries(own.filter(isRequests)) }
}

function memberOf(vendor, key, options) {
  const row = NAMESPACES[vendor][key]
  const value = options[key]
  if (typeof row === 'function') return row(value, options)
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

module.exports = { merged, providerMembers }
