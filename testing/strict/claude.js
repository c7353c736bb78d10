'use strict'

// What Claude refuses on Messages: https://platform.claude.com/docs/en/api/errors
// Parameters, tools, cache marks and limits stand here, conversations in claude-history.js.

const { HISTORY_RULES, blocksOf, repeated } = require('./claude-history')
const { REQUEST } = require('./members-claude')
const { firstOfWrongKind, firstUnknown } = require('../shape')

const API = 'https://platform.claude.com/docs/en/api/messages'
const TOOLS = 'https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use'
const THINKING = 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking'
const ADAPTIVE = 'https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking'
const CACHING = 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching'
const SCHEMAS = 'https://platform.claude.com/docs/en/build-with-claude/structured-outputs'
const MODELS = 'https://platform.claude.com/docs/en/about-claude/models/migration-guide'

const MOST_CACHE_MARKS = 4
const LEAST_THINKING_BUDGET = 1024

// Members that wait for their `anthropic-beta`: the path of one, and a pattern of the beta.
const BETAS = [
  [(body) => body.thinking?.block_binding, /^thinking-binding-controls-/, 'thinking.block_binding'],
  [(body) => body.context_management, /^(context-management|compact)-/, 'context_management'],
  [(body) => body.mcp_servers, /^mcp-client-/, 'mcp_servers'],
  [(body) => body.speed, /^fast-mode-/, 'speed'],
  [(body) => body.output_config?.task_budget, /^task-budgets-/, 'output_config.task_budget']
]

const RULES = [
  {
    id: 'claude.required',
    page: API,
    always: true,
    check: ({ body }) => {
      for (const name of ['model', 'max_tokens', 'messages']) {
        if (body?.[name] === undefined) return `${name}: Field required`
      }
      // 0 fills the cache and answers nothing.
      if (!Number.isInteger(body.max_tokens) || body.max_tokens < 0)
        return 'max_tokens: Input should be greater than or equal to 1'
      if (!Array.isArray(body.messages) || body.messages.length === 0)
        return 'messages: at least one message is required'
    }
  },
  {
    id: 'claude.form',
    page: API,
    always: true,
    check: ({ body }) => {
      const misfit = firstOfWrongKind(body, REQUEST)
      const kind = { object: 'dictionary' }[misfit?.expected] ?? misfit?.expected
      return misfit && `${placeOf(misfit.path, body)}: Input should be a valid ${kind}`
    }
  },
  {
    id: 'claude.unknown-member',
    page: API,
    check: ({ body }) => {
      const unknown = firstUnknown(body, REQUEST)
      if (unknown === undefined) return undefined
      const { path, tag, known } = unknown
      if (tag === undefined) return `${placeOf(path, body)}: Extra inputs are not permitted`
      const expected = known.map((name) => `'${name}'`).join(', ')
      return `${path.slice(0, -1).join('.')}: Input tag '${tag}' found using 'type' does not match any of the expected tags: ${expected}`
    }
  },
  ...HISTORY_RULES,
  {
    id: 'claude.max-tokens',
    page: 'https://platform.claude.com/docs/en/about-claude/models/overview',
    check: ({ body, model, facts, headers }) =>
      body.max_tokens > facts.output && !/output-\d+k/.test(headers['anthropic-beta'] ?? '')
        ? `max_tokens: ${body.max_tokens} > ${facts.output}, which is the maximum allowed number of output tokens for ${model}`
        : undefined
  },
  {
    id: 'claude.beta',
    page: 'https://platform.claude.com/docs/en/api/beta-headers',
    check: ({ body, headers }) => {
      const betas = String(headers['anthropic-beta'] ?? '')
        .split(',')
        .map((beta) => beta.trim())
      const missing = BETAS.find(
        ([has, pattern]) => has(body) && !betas.some((b) => pattern.test(b))
      )
      return missing && `${missing[2]}: Extra inputs are not permitted`
    }
  },
  {
    id: 'claude.sampling-with-thinking',
    page: `${THINKING}#feature-compatibility`,
    always: true,
    check: ({ body }) =>
      isThinking(body) && (body.temperature ?? 1) !== 1
        ? '`temperature` may only be set to 1 when thinking is enabled.'
        : undefined
  },
  {
    id: 'claude.forced-tool-with-thinking',
    page: `${THINKING}#extended-thinking-with-tool-use`,
    always: true,
    check: ({ body }) =>
      isThinking(body) && isForced(body.tool_choice)
        ? 'Thinking may not be enabled when tool_choice forces tool use.'
        : undefined
  },
  {
    id: 'claude.budget',
    page: THINKING,
    always: true,
    check: ({ body: { thinking, max_tokens: most } }) => {
      if (thinking?.type !== 'enabled') return undefined
      if (!(thinking.budget_tokens >= LEAST_THINKING_BUDGET))
        return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${LEAST_THINKING_BUDGET}`
      return most <= thinking.budget_tokens
        ? '`max_tokens` must be greater than `thinking.budget_tokens`.'
        : undefined
    }
  },
  {
    id: 'claude.thinking-kind',
    page: ADAPTIVE,
    guess: 'the words for `between_tools` and for `disabled` with a high effort',
    check: ({ body: { thinking, output_config: config }, facts }) => {
      const kind = thinking?.type
      if (kind === undefined) return undefined
      if (facts.thinking.includes(kind)) {
        const tooHigh = ['xhigh', 'max'].includes(config?.effort) && facts.highestDisabled
        return kind === 'disabled' && tooHigh
          ? `"thinking.type.disabled" is not supported with effort "${config.effort}" on this model.`
          : undefined
      }
      if (kind === 'adaptive') return 'adaptive thinking is not supported on this model'
      return kind === 'enabled'
        ? '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
        : `"thinking.type.${kind}" is not supported for this model.`
    }
  },
  {
    id: 'claude.effort',
    page: 'https://platform.claude.com/docs/en/build-with-claude/effort',
    check: ({ body: { output_config: config }, facts }) => {
      const effort = config?.effort
      if (effort === undefined || effort === null) return undefined
      if (facts.efforts === undefined) return 'This model does not support the effort parameter.'
      if (facts.efforts.includes(effort)) return undefined
      const allowed = facts.efforts.map((level) => `'${level}'`).join(', ')
      return `output_config.effort: Input should be ${allowed}`
    }
  },
  {
    id: 'claude.sampling',
    page: MODELS,
    check: ({ body, facts }) => {
      if (body.temperature < 0 || body.temperature > 1) return 'temperature: range: 0..1'
      if (!facts.sampling) {
        // The default may be said.
        const name = ['temperature', 'top_p', 'top_k'].find(
          (key) => body[key] !== undefined && !(key !== 'top_k' && body[key] === 1)
        )
        return name && `\`${name}\` is deprecated for this model.`
      }
      return body.temperature !== undefined && body.top_p !== undefined && facts.output >= 64_000
        ? '`temperature` and `top_p` cannot both be specified for this model. Please use only one.'
        : undefined
    }
  },
  {
    id: 'claude.stop-sequences',
    page: API,
    check: ({ body }) =>
      (body.stop_sequences ?? []).some((sequence) => !sequence.trim())
        ? 'stop_sequences: each stop sequence must contain non-whitespace'
        : undefined
  },
  {
    id: 'claude.user-id',
    page: API,
    check: ({ body }) =>
      /\S+@\S+\.\S+/.test(body.metadata?.user_id ?? '')
        ? 'metadata.user_id: user_id appears to contain an email address'
        : undefined
  },
  {
    id: 'claude.cache-marks',
    page: CACHING,
    always: true,
    check: ({ body }) => {
      const { length } = marksOf(body)
      return length > MOST_CACHE_MARKS
        ? `A maximum of ${MOST_CACHE_MARKS} blocks with cache_control may be provided. Found ${length}.`
        : undefined
    }
  },
  {
    id: 'claude.cache-order',
    page: `${CACHING}#mixing-different-ttls`,
    check: ({ body }) => {
      const marks = marksOf(body)
      const short = marks.findIndex(({ ttl }) => ttl !== '1h')
      const late = short < 0 ? -1 : marks.findIndex(({ ttl }, at) => at > short && ttl === '1h')
      return late < 0
        ? undefined
        : `${marks[late].place}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`
    }
  },
  {
    id: 'claude.tool-name',
    page: TOOLS,
    check: ({ body }) => {
      const tools = body.tools ?? []
      const at = tools.findIndex(
        (tool) => isCustom(tool) && !/^[a-zA-Z0-9_-]{1,128}$/.test(tool.name)
      )
      if (at >= 0)
        return `tools.${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`
      const names = tools.map(({ name }) => name).filter((name) => name !== undefined)
      return repeated(names) === undefined ? undefined : 'tools: Tool names must be unique.'
    }
  },
  {
    id: 'claude.tool-schema',
    page: TOOLS,
    check: ({ body }) => {
      for (const [at, tool] of (body.tools ?? []).entries()) {
        if (!isCustom(tool)) continue
        const place = `tools.${at}.custom.input_schema`
        const { type, properties, anyOf, oneOf, allOf } = tool.input_schema ?? {}
        if (type === undefined) return `${place}.type: Field required`
        if (type !== 'object') return `${place}.type: Input should be 'object'`
        if (anyOf ?? oneOf ?? allOf)
          return `${place}: input_schema does not support oneOf, allOf, or anyOf at the top level`
        const bad = Object.keys(properties ?? {}).find((key) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))
        if (bad !== undefined)
          return `${place}.properties: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'`
      }
    }
  },
  {
    id: 'claude.tools-missing',
    page: 'https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html',
    guess: 'Bedrock says so, Anthropic itself does not; the gateway may ask either',
    check: ({ body }) => {
      const has = [...blocksOf(body)].some(({ block }) => /^tool_(use|result)$/.test(block?.type))
      return has && !(body.tools?.length > 0)
        ? 'Requests which include `tool_use` or `tool_result` blocks must define tools.'
        : undefined
    }
  },
  {
    id: 'claude.tool-choice',
    page: TOOLS,
    check: ({ body: { tool_choice: choice, tools }, facts, model }) => {
      if (!choice) return undefined
      if (!(tools?.length > 0)) return 'tool_choice may only be specified while providing tools.'
      if (choice.type === 'tool' && !tools.some(({ name }) => name === choice.name))
        return `Tool '${choice.name}' not found in provided tools`
      return isForced(choice) && facts.forced === false
        ? `tool_choice: forced tool use is not supported on ${model}.`
        : undefined
    }
  },
  {
    id: 'claude.output-format',
    page: SCHEMAS,
    check: ({ body, facts, model }) => {
      const format = body.output_config?.format ?? body.output_format
      if (format === undefined || format === null) return undefined
      if (!facts.schemas && !facts.efforts) return `'${model}' does not support output format.`
      return schemaFault(format.schema, 'output_config.format.schema')
    }
  },
  {
    id: 'claude.strict-tools',
    page: SCHEMAS,
    check: ({ body }) => {
      const strict = (body.tools ?? []).filter((tool) => tool.strict === true)
      if (strict.length > 20) {
        return (
          `Too many strict tools (${strict.length}). The maximum number of strict tools supported is 20. ` +
          'Try reducing the number of tools marked as strict.'
        )
      }
      for (const [at, tool] of (body.tools ?? []).entries()) {
        const fault = tool.strict === true && schemaFault(tool.input_schema, `tools.${at}.custom`)
        if (fault) return fault
      }
    }
  }
]

// The part of JSON Schema that a grammar is made of.
const UNSUPPORTED = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['maxItems', 'uniqueItems'],
  object: ['patternProperties', 'minProperties', 'maxProperties', 'propertyNames']
}

function schemaFault(schema, place) {
  if (schema === null || typeof schema !== 'object') return undefined
  const { type } = schema
  const name = (UNSUPPORTED[type] ?? []).find((key) => schema[key] !== undefined)
  if (name !== undefined) return `${place}: For '${type}' type, property '${name}' is not supported`
  if (type === 'object' && schema.additionalProperties !== false)
    return `${place}: For 'object' type, 'additionalProperties' must be explicitly set to false`
  const inner = [
    schema.items,
    schema.anyOf,
    schema.allOf,
    schema.properties,
    schema.$defs,
    schema.definitions
  ]
  for (const part of inner) {
    const parts =
      Array.isArray(part) || part?.type === undefined ? Object.values(part ?? {}) : [part]
    for (const one of parts) {
      const fault = schemaFault(one, place)
      if (fault) return fault
    }
  }
}

// In the order in which they are read.
function marksOf({ tools, system, messages }) {
  const marks = []
  const note = (holder, place) => {
    if (holder?.cache_control) marks.push({ place, ttl: holder.cache_control.ttl ?? '5m' })
  }
  for (const [at, tool] of (tools ?? []).entries()) note(tool, `tools.${at}`)
  if (Array.isArray(system)) for (const [at, block] of system.entries()) note(block, `system.${at}`)
  for (const { block, place } of blocksOf({ messages })) {
    if (Array.isArray(block?.content)) {
      for (const [at, inner] of block.content.entries()) note(inner, `${place}.content.${at}`)
    }
    note(block, place)
  }
  return marks
}

// Pydantic names the kind of a tagged block within its path.
function placeOf(path, body) {
  let value = body
  const steps = []
  for (const step of path) {
    steps.push(step)
    value = value?.[step]
    if (typeof step === 'number' && typeof value?.type === 'string') steps.push(value.type)
  }
  return steps.join('.')
}

function isThinking({ thinking }) {
  return Boolean(thinking) && thinking.type !== 'disabled'
}

function isForced(choice) {
  return choice?.type === 'any' || choice?.type === 'tool'
}

function isCustom({ type, input_schema: schema }) {
  return (
    type === 'custom' || (type === undefined && schema !== undefined) || (type === null && schema)
  )
}

module.exports = { CLAUDE_RULES: RULES }
