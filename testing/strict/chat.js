'use strict'

// What the servers behind chat completions refuse: OpenAI's here, those of other vendors in chat-vendors.js.
// https://platform.openai.com/docs/api-reference/chat/create

const { VENDOR_RULES } = require('./chat-vendors')
const { OPENAI } = require('./members-chat')
const openai = require('./openai')

const API = 'https://platform.openai.com/docs/api-reference/chat/create'
const FUNCTIONS = 'https://platform.openai.com/docs/guides/function-calling'
const REASONING = 'https://platform.openai.com/docs/guides/reasoning'
const SCHEMAS = 'https://platform.openai.com/docs/guides/structured-outputs'

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer']
const TEXT_ONLY = ['system', 'developer', 'assistant', 'tool']
const SAMPLING = [
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias'
]
const NEUTRAL = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false
}
const MOST_STOPS = 4

const RULES = [
  {
    id: 'chat.required',
    page: API,
    always: true,
    check: ({ body }) => {
      if (!body?.model) return { message: 'you must provide a model parameter' }
      if (!Array.isArray(body.messages)) return openai.required('messages')
      return body.messages.length === 0
        ? {
            message:
              "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            param: 'messages',
            code: 'empty_array'
          }
        : undefined
    }
  },
  {
    id: 'chat.form',
    page: API,
    always: true,
    check: ({ body }) => openai.wrongKind(body, OPENAI)
  },
  {
    id: 'chat.role',
    page: API,
    always: true,
    check: ({ body }) => {
      const at = body.messages.findIndex((message) => !ROLES.includes(message?.role))
      return at < 0
        ? undefined
        : openai.invalidValue(`messages[${at}].role`, body.messages[at]?.role, ROLES)
    }
  },
  {
    id: 'chat.tool-without-call',
    page: FUNCTIONS,
    always: true,
    check: ({ body: { messages } }) => {
      const asked = new Set()
      for (const [at, message] of messages.entries()) {
        for (const { id } of message.tool_calls ?? []) asked.add(id)
        if (message.role !== 'tool' || asked.has(message.tool_call_id)) continue
        return {
          message:
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          param: `messages.[${at}].role`
        }
      }
    }
  },
  {
    id: 'chat.tool-choice',
    page: API,
    always: true,
    check: ({ body }) =>
      body.tool_choice && !(body.tools?.length > 0)
        ? {
            message:
              "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
            param: 'tool_choice'
          }
        : undefined
  },
  {
    id: 'chat.call-unanswered',
    page: FUNCTIONS,
    check: ({ body: { messages } }) => {
      for (const [at, message] of messages.entries()) {
        if (!(message.tool_calls?.length > 0)) continue
        const end = messages.findIndex(({ role }, i) => i > at && role !== 'tool')
        const answers = messages.slice(at + 1, end < 0 ? messages.length : end)
        const open = message.tool_calls
          .map(({ id }) => id)
          .filter((id) => !answers.some((answer) => answer.tool_call_id === id))
        if (open.length === 0) continue
        return {
          message: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`,
          param: `messages.[${at}].role`
        }
      }
    }
  },
  {
    id: 'chat.responses-only',
    page: 'https://platform.openai.com/docs/models',
    always: true,
    check: ({ facts }) =>
      facts.chat === false
        ? {
            gateway: true,
            message: 'This model is only supported in v1/responses and not in v1/chat/completions.'
          }
        : undefined
  },
  openaiRule('chat.unknown-member', API, ({ body }) => {
    const unknown = openai.unknownMember(body, OPENAI)
    if (unknown?.code !== 'unknown_parameter' || /[.[]/.test(unknown.param)) return unknown
    return {
      ...unknown,
      message: `Unrecognized request argument supplied: ${unknown.param}`,
      param: null,
      code: null
    }
  }),
  openaiRule('chat.call-id', API, ({ body: { messages } }) => {
    for (const [at, message] of messages.entries()) {
      for (const [place, { id }] of (message.tool_calls ?? []).entries()) {
        const fault = openai.badCallId(`messages[${at}].tool_calls[${place}].id`, id)
        if (fault) return fault
      }
    }
  }),
  openaiRule('chat.content', API, ({ body: { messages } }) => {
    for (const [
      at,
      { role, content, tool_calls: calls, refusal, function_call: call, audio }
    ] of messages.entries()) {
      const empty = content === null || content === undefined
      if (empty && role === 'assistant' && (calls ?? refusal ?? call ?? audio)) continue
      if (empty) {
        return {
          message: `Invalid value for 'content': expected a string, got null.`,
          param: `messages.[${at}].content`
        }
      }
      if (!Array.isArray(content) || !TEXT_ONLY.includes(role)) continue
      const image = content.find(({ type }) => type !== 'text' && type !== 'refusal')
      if (image) {
        return {
          message: `Invalid 'messages[${at}]'. Image URLs are only allowed for messages with role 'user', but this message with role '${role}' contains an image URL.`,
          param: `messages[${at}]`,
          code: 'invalid_value'
        }
      }
    }
  }),
  openaiRule('chat.function', FUNCTIONS, ({ body }) => {
    for (const [at, tool] of (body.tools ?? []).entries()) {
      const { name, parameters, strict } = tool.function ?? tool.custom ?? {}
      const place = `tools[${at}].${tool.custom ? 'custom' : 'function'}`
      const fault = openai.badName(`${place}.name`, name)
      if (fault) return fault
      if (strict !== true) continue
      const wrong = openai.strictSchemaFault(
        parameters,
        `function '${name}'`,
        `${place}.parameters`
      )
      if (wrong) return { ...wrong, code: 'invalid_function_parameters' }
    }
  }),
  openaiRule('chat.output-limit', REASONING, ({ body, facts }) => {
    if (facts.efforts && openai.isSet(body.max_tokens))
      return openai.unsupportedParameter('max_tokens', 'max_completion_tokens')
    if (openai.isSet(body.max_tokens) && openai.isSet(body.max_completion_tokens)) {
      return {
        message:
          "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        code: 'invalid_parameter_combination'
      }
    }
    const name = openai.isSet(body.max_tokens) ? 'max_tokens' : 'max_completion_tokens'
    if (body[name] < 1) return openai.belowMinimum(name, 1, body[name])
    return body[name] > facts.output
      ? {
          message: `${name} is too large: ${body[name]}. This model supports at most ${facts.output} completion tokens, whereas you provided ${body[name]}.`,
          param: name,
          code: 'invalid_value'
        }
      : undefined
  }),
  openaiRule('chat.effort', REASONING, ({ body, facts }) => {
    const { reasoning_effort: effort } = body
    if (!openai.isSet(effort)) return undefined
    if (facts.efforts === undefined)
      return { message: 'Unrecognized request argument supplied: reasoning_effort' }
    return facts.efforts.includes(effort)
      ? undefined
      : openai.unsupportedValue('reasoning_effort', effort, facts.efforts)
  }),
  openaiRule(
    'chat.tools-with-reasoning',
    'https://platform.openai.com/docs/guides/latest-model',
    ({ body, facts }) => {
      const effort = body.reasoning_effort ?? body.reasoning?.effort ?? facts.unasked
      const functions = (body.tools ?? []).some(({ type }) => type === 'function')
      if (facts.tools !== 'no reasoning' || !functions || effort === 'none') return undefined
      return {
        message: `Function tools with reasoning_effort are not supported for ${body.model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
        param: 'reasoning_effort'
      }
    }
  ),
  openaiRule('chat.sampling', REASONING, ({ body, facts }) => {
    const thinks = facts.efforts && (body.reasoning_effort ?? facts.unasked) !== 'none'
    const name =
      thinks && SAMPLING.find((key) => openai.isSet(body[key]) && body[key] !== NEUTRAL[key])
    if (name === 'temperature' || name === 'top_p') {
      return {
        message: `Unsupported value: '${name}' does not support ${body[name]} with this model. Only the default (1) value is supported.`,
        param: name,
        code: 'unsupported_value'
      }
    }
    if (name) return openai.unsupportedParameter(name)
    return openai.outOfRange('temperature', [0, 2], body.temperature)
  }),
  openaiRule('chat.stop', API, ({ body, facts }) => {
    if (!openai.isSet(body.stop)) return undefined
    if (facts.efforts) return openai.unsupportedParameter('stop')
    return Array.isArray(body.stop) && body.stop.length > MOST_STOPS
      ? {
          message: `Invalid 'stop': array too long. Expected an array with maximum length ${MOST_STOPS}, but got an array with length ${body.stop.length} instead.`,
          param: 'stop',
          code: 'array_above_max_length'
        }
      : undefined
  }),
  openaiRule('chat.stream-options', API, ({ body }) =>
    openai.isSet(body.stream_options) && body.stream !== true
      ? {
          message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          param: 'stream_options'
        }
      : undefined
  ),
  openaiRule('chat.logprobs', API, ({ body }) =>
    openai.isSet(body.top_logprobs) && body.logprobs !== true
      ? {
          message:
            "Invalid value for 'top_logprobs': 'top_logprobs' is only allowed when 'logprobs' is enabled.",
          param: 'top_logprobs'
        }
      : undefined
  ),
  openaiRule('chat.parallel-tool-calls', API, ({ body }) =>
    openai.isSet(body.parallel_tool_calls) && !(body.tools?.length > 0)
      ? {
          message:
            "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
          param: 'parallel_tool_calls'
        }
      : undefined
  ),
  openaiRule('chat.response-format', SCHEMAS, ({ body: { response_format: format, messages } }) => {
    if (format?.type === 'json_object' && openai.lacksTheWordJson(messages)) {
      return {
        message:
          "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        param: 'messages'
      }
    }
    if (format?.type !== 'json_schema') return undefined
    const { name, schema, strict } = format.json_schema ?? {}
    const fault = openai.badName('response_format.json_schema.name', name)
    if (fault || strict !== true) return fault
    return openai.strictSchemaFault(schema, `response_format '${name}'`, 'response_format')
  }),
  ...VENDOR_RULES
]

// Of OpenAI's own models, as far as their manners are known.
function openaiRule(id, page, check) {
  const isMeant = ({ vendor, facts }) => vendor.vendor === 'openai' && !facts.lenient
  return { id, page, check: (request) => (isMeant(request) ? check(request) : undefined) }
}

module.exports = { CHAT_RULES: RULES }
