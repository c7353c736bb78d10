'use strict'

// OpenAI Chat Completions: POST /v1/chat/completions
// https://platform.openai.com/docs/api-reference/chat

const { textOf } = require('../content')
const { openaiError, gatewayError, mistralError } = require('../errors')
const { words, fragments } = require('../pieces')
const { signatureOf } = require('../signature')
const { CHAT_RULES } = require('../strict/chat')
const models = require('../strict/models')

function view({ headers, body }) {
  const model = body?.model
  return { headers, body, model, facts: models.openai(model), vendor: models.chatVendor(model) }
}

function refusal({ message, gateway, bare, status, type, param, code }, { requestId }) {
  if (gateway) return gatewayError(message, requestId)
  return bare
    ? mistralError(message, { status, type, code })
    : openaiError(message, { status, param, code })
}

function issue(issued, payload, { request: { body } }) {
  issued.issue(payload, () => ({ model: body?.model }))
}

function readTurn({ body }) {
  const messages = body?.messages ?? []
  const lastUser = messages.findLast(({ role }) => role === 'user')
  return {
    model: body?.model,
    stream: body?.stream === true,
    includeUsage: body?.stream_options?.include_usage === true,
    choiceCount: body?.n ?? 1,
    promptText: JSON.stringify(messages),
    userText: textOf(lastUser?.content),
    toolResult: toolResult(messages),
    tools: (body?.tools ?? [])
      .filter((tool) => tool.type === 'function' && tool.function)
      .map((tool) => ({ name: tool.function.name, schema: tool.function.parameters })),
    toolChoice:
      typeof body?.tool_choice === 'object' ? body.tool_choice?.function : body?.tool_choice,
    outputSchema: outputSchema(body?.response_format),
    wantsReasoning: wantsReasoning(body ?? {}),
    wantsImage: body?.modalities?.includes('image') ?? false
  }
}

// The results at the end of the conversation, if it ends with one.
function toolResult(messages) {
  const before = messages.findLastIndex(({ role }) => role !== 'tool')
  const results = messages.slice(before + 1)
  return results.length === 0 ? undefined : results.map(({ content }) => textOf(content)).join('; ')
}

function outputSchema(format) {
  if (format?.type === 'json_schema') return format.json_schema?.schema ?? {}
  return format?.type === 'json_object'
    ? { type: 'object', properties: { answer: { type: 'string' } } }
    : undefined
}

// The gateway's four ways to ask: https://docs.aihubmix.com/en/api/unified-inference
function wantsReasoning({ reasoning_effort: effort, reasoning, thinking, model }) {
  if (effort !== undefined && effort !== null) return effort !== 'none'
  if (reasoning) return reasoning.effort !== 'none' && reasoning.enabled !== false
  return (
    thinking?.type === 'enabled' || thinking?.type === 'adaptive' || /-think$/.test(model ?? '')
  )
}

function renderWhole(answer, _turn, context) {
  return {
    id: idOf(answer, context),
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: answer.choices.map(({ index, message, logprobs = null, ...choice }) => ({
      index,
      message: wholeMessage(message, answer.model),
      logprobs,
      ...choice
    })),
    usage: answer.usage,
    system_fingerprint: 'fp_mock'
  }
}

function wholeMessage({ tool_calls: calls, ...message }, model) {
  const details = message.reasoning_details ?? reasoningDetails(message, model)
  return {
    refusal: null,
    ...message,
    ...(details && { reasoning_details: details }),
    ...(calls && { tool_calls: calls.map(wireCall) })
  }
}

function wireCall({ serial, ...call }) {
  return { ...call, id: call.id ?? `call_mock_${serial}` }
}

// For Claude's models the gateway adds the thinking with its signature, to be sent back unchanged.
function reasoningDetails({ reasoning_content: thinking }, model) {
  if (!thinking || !/claude/i.test(model ?? '')) return undefined
  return { type: 'thinking', thinking, signature: signatureOf(thinking) }
}

function renderEvents(answer, turn, context) {
  const envelope = {
    id: idOf(answer, context),
    object: 'chat.completion.chunk',
    created: answer.created,
    model: answer.model,
    system_fingerprint: 'fp_mock'
  }
  const noUsage = turn.includeUsage ? { usage: null } : {}
  const events = []
  for (const { index, message, finish_reason, native_finish_reason } of answer.choices) {
    const chunk = (delta, finish = null) => {
      const native =
        finish !== null && native_finish_reason !== undefined ? { native_finish_reason } : {}
      const choice = { index, delta, logprobs: null, finish_reason: finish, ...native }
      events.push({ ...envelope, choices: [choice], ...noUsage })
    }
    for (const delta of deltas(message, answer.model)) chunk(delta)
    chunk({}, finish_reason)
  }
  if (turn.includeUsage) events.push({ ...envelope, choices: [], usage: answer.usage })
  return [...events, '[DONE]']
}

function* deltas(message, model) {
  yield {
    role: 'assistant',
    content: message.tool_calls || message.content === null ? null : '',
    refusal: null
  }
  yield* reasoningDeltas(message, model)
  for (const text of words(message.content ?? '')) yield { content: text }
  for (const text of words(message.refusal ?? '')) yield { refusal: text }
  for (const [index, call] of (message.tool_calls ?? []).entries()) {
    const { function: called, ...head } = wireCall(call)
    yield { tool_calls: [{ index, ...head, function: { name: called.name, arguments: '' } }] }
    for (const text of fragments(called.arguments))
      yield { tool_calls: [{ index, function: { arguments: text } }] }
  }
  for (const rest of ['images', 'audio', 'annotations']) {
    if (message[rest]) yield { [rest]: message[rest] }
  }
}

function* reasoningDeltas(message, model) {
  for (const text of words(message.reasoning_content ?? '')) yield { reasoning_content: text }
  if (message.reasoning_details) return yield { reasoning_details: message.reasoning_details }
  const details = reasoningDetails(message, model)
  if (details === undefined) return
  yield { reasoning_details: { type: details.type } }
  for (const thinking of words(details.thinking)) yield { reasoning_details: { thinking } }
  yield { reasoning_details: { signature: details.signature } }
}

function idOf(answer, { number }) {
  return answer.id ?? `chatcmpl-mock${number}`
}

module.exports = {
  rules: CHAT_RULES,
  view,
  refusal,
  issue,
  readTurn,
  renderWhole,
  renderEvents,
  namesEvents: false,
  native: false
}
