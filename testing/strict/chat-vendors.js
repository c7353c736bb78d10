'use strict'

// The manners of other vendors' servers on chat completions. What the gateway itself takes for its own models
// of other makers (Claude, Gemini) is not held against anybody.

const { MISTRAL } = require('./members-chat')
const { firstUnknown } = require('../shape')

const MISTRAL_PAGE = 'https://docs.mistral.ai/api/endpoint/chat'
const KIMI_PAGE = 'https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model'
const DEEPSEEK_PAGE = 'https://api-docs.deepseek.com/guides/thinking_mode'
const QWEN_PAGE = 'https://www.alibabacloud.com/help/en/model-studio/deep-thinking'
const GLM_PAGE = 'https://docs.bigmodel.cn/api-reference'
const GROK_PAGE = 'https://docs.x.ai/docs/guides/reasoning'

const KIMI_EFFORTS = ['low', 'high', 'max']
const MISTRAL_EFFORTS = ['none', 'high']

const VENDOR_RULES = [
  of('mistral', 'mistral.unknown-member', MISTRAL_PAGE, ({ body }) => {
    const unknown = firstUnknown(body, MISTRAL)
    if (unknown === undefined || unknown.tag !== undefined) return undefined
    const detail = [
      {
        type: 'extra_forbidden',
        loc: ['body', ...unknown.path],
        msg: 'Extra inputs are not permitted'
      }
    ]
    return { bare: true, status: 422, message: { detail } }
  }),
  of('mistral', 'mistral.call-id', MISTRAL_PAGE, ({ body }) => {
    const ids = body.messages.flatMap(({ tool_calls: calls, tool_call_id: id }) => [
      ...(calls ?? []).map((call) => call.id),
      ...(id === undefined ? [] : [id])
    ])
    const bad = ids.find((id) => !/^[a-zA-Z0-9]{9}$/.test(id))
    return bad === undefined
      ? undefined
      : mistral(`Tool call id was ${bad} but must be a-z, A-Z, 0-9, with a length of 9.`, '3280')
  }),
  of('mistral', 'mistral.call-count', MISTRAL_PAGE, ({ body: { messages } }) => {
    for (const [at, { tool_calls: calls }] of messages.entries()) {
      if (!(calls?.length > 0)) continue
      const end = messages.findIndex(({ role }, i) => i > at && role !== 'tool')
      const answers = messages.slice(at + 1, end < 0 ? messages.length : end).length
      if (answers !== calls.length)
        return mistral('Not the same number of function calls and responses', '3230')
    }
  }),
  of('mistral', 'mistral.last-role', MISTRAL_PAGE, ({ body: { messages } }) => {
    const last = messages.at(-1)
    return last.role === 'assistant' && !last.prefix
      ? mistral(
          'Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant',
          '3230'
        )
      : undefined
  }),
  of('mistral', 'mistral.empty-answer', MISTRAL_PAGE, ({ body: { messages } }) => {
    const empty = messages.some(
      ({ role, content, tool_calls: calls }) =>
        role === 'assistant' && !(content?.length > 0) && !(calls?.length > 0)
    )
    return empty
      ? mistral('Assistant message must have either content or tool_calls, but not none.', '3240')
      : undefined
  }),
  of('mistral', 'mistral.effort', MISTRAL_PAGE, ({ body: { reasoning_effort: effort } }) =>
    effort !== undefined && !MISTRAL_EFFORTS.includes(effort)
      ? mistral(`reasoning_effort '${effort}' is not supported for this model`, '3051')
      : undefined
  ),

  of('kimi', 'kimi.reasoning-missing', KIMI_PAGE, ({ body, vendor }) => {
    const at = vendor.thinks(body) ? callWithoutReasoning(body) : -1
    return at < 0
      ? undefined
      : openaiShaped(
          `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`
        )
  }),
  of('kimi', 'kimi.effort', KIMI_PAGE, ({ body: { reasoning_effort: effort, model } }) =>
    /kimi-k[3-9]/.test(model) &&
    effort !== undefined &&
    effort !== 'none' &&
    !KIMI_EFFORTS.includes(effort)
      ? openaiShaped(
          `invalid reasoning_effort: ${effort}, only ${KIMI_EFFORTS.join(', ')} are allowed for this model`
        )
      : undefined
  ),
  of('kimi', 'kimi.empty-answer', KIMI_PAGE, ({ body: { messages } }) => {
    const at = messages.findIndex(
      ({ role, content, tool_calls: calls }) =>
        role === 'assistant' && !content && !(calls?.length > 0)
    )
    return at < 0
      ? undefined
      : openaiShaped(
          `Invalid request: the message at position ${at} with role 'assistant' must not be empty`
        )
  }),

  of('deepseek', 'deepseek.reasoning-missing', DEEPSEEK_PAGE, ({ body, vendor }) =>
    vendor.thinks(body) && callWithoutReasoning(body) >= 0
      ? openaiShaped('The `reasoning_content` in the thinking mode must be passed back to the API.')
      : undefined
  ),
  of('deepseek', 'deepseek.tool-choice', DEEPSEEK_PAGE, ({ body, vendor }) =>
    vendor.thinks(body) && isForced(body.tool_choice)
      ? openaiShaped('Thinking mode does not support this tool_choice')
      : undefined
  ),
  of('deepseek', 'deepseek.content-part', DEEPSEEK_PAGE, ({ body: { messages } }) => {
    for (const [at, { content }] of messages.entries()) {
      const part = (Array.isArray(content) ? content : []).find(({ type }) => type !== 'text')
      if (part)
        return openaiShaped(
          `Failed to deserialize the JSON body into the target type: messages[${at}]: unknown variant \`${part.type}\`, expected \`text\``
        )
    }
  }),

  of('qwen', 'qwen.tool-choice', QWEN_PAGE, ({ body, vendor }) =>
    vendor.thinks(body) && isForced(body.tool_choice)
      ? openaiShaped(
          'InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode'
        )
      : undefined
  ),
  of('glm', 'glm.tool-choice', GLM_PAGE, ({ body }) =>
    isForced(body.tool_choice) ? openaiShaped('tool_choice only supports auto', '1210') : undefined
  ),
  of('grok', 'grok.reasoning-parameter', GROK_PAGE, ({ body }) => {
    const reasons = /grok-(4|3-mini|code)/.test(body.model) && !/non-reasoning/.test(body.model)
    const name =
      reasons && ['presence_penalty', 'frequency_penalty', 'stop'].find((key) => body[key])
    return name
      ? openaiShaped(`Argument not supported on this model: ${camel(name)}`, 'invalid-argument')
      : undefined
  }),
  of('grok', 'grok.responses-only', GROK_PAGE, ({ body }) =>
    /grok-4\.20-multi-agent/.test(body.model)
      ? openaiShaped(
          'Multi Agent requests are not allowed on chat completions. Use the Responses API.'
        )
      : undefined
  )
]

// An assistant's call of tools without a word of reasoning; an empty one does not count.
function callWithoutReasoning({ messages }) {
  return messages.findIndex(
    ({ tool_calls: calls, reasoning_content: reasoning }) => calls?.length > 0 && !reasoning
  )
}

function isForced(choice) {
  return choice === 'required' || (typeof choice === 'object' && choice !== null)
}

function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
}

function of(vendor, id, page, check) {
  return {
    id,
    page,
    check: (request) => (request.vendor.vendor === vendor ? check(request) : undefined)
  }
}

function openaiShaped(message, code = null) {
  return { message, code }
}

// https://docs.mistral.ai: an error stands at the top.
function mistral(message, code) {
  return { bare: true, message, type: 'invalid_request_message_order', code }
}

module.exports = { VENDOR_RULES }
