'use strict'

// Anthropic Messages: POST /v1/messages
// https://docs.anthropic.com/en/api/messages

const { argumentsOf, textOf } = require('../content')
const { anthropicError } = require('../errors')
const { words, fragments } = require('../pieces')
const { signatureOf } = require('../signature')
const { CLAUDE_RULES } = require('../strict/claude')
const { originsOf } = require('../strict/claude-history')
const models = require('../strict/models')

const STOP_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal'
}

function view({ headers, body }) {
  return { headers, body, model: body?.model, facts: models.claude(body?.model) }
}

function refusal({ message }, { requestId }) {
  return anthropicError(message, requestId)
}

// Thinking is bound to the model, and to what stands before it.
function issue(issued, payload, { request: { body } }) {
  const origins =
    Array.isArray(payload?.content) && Array.isArray(body?.messages)
      ? originsOf(body, payload.content)
      : new Map()
  issued.issue(payload, (state) => ({ model: body?.model, ...origins.get(state) }))
}

function readTurn({ body }) {
  const messages = body?.messages ?? []
  const last = blocksOf(messages.at(-1))
  const lastUser = messages.findLast(
    (message) => message.role === 'user' && textOf(message.content) !== ''
  )
  const results = last.filter(({ type }) => type === 'tool_result')
  return {
    model: body?.model,
    stream: body?.stream === true,
    cachesMarksOnly: true,
    promptText: JSON.stringify([body?.system, messages]),
    userText: textOf(lastUser?.content),
    toolResult:
      last.at(-1)?.type === 'tool_result'
        ? results.map(({ content }) => textOf(content)).join('; ')
        : undefined,
    tools: (body?.tools ?? [])
      .filter((tool) => tool.input_schema)
      .map((tool) => ({ name: tool.name, schema: tool.input_schema })),
    toolChoice: toolChoice(body?.tool_choice),
    outputSchema: body?.output_config?.format?.schema ?? body?.output_format?.schema,
    wantsReasoning: Boolean(body?.thinking) && body.thinking.type !== 'disabled'
  }
}

function toolChoice(choice) {
  if (choice?.type === 'tool') return { name: choice.name }
  return choice?.type === 'any' ? 'required' : choice?.type
}

function blocksOf(message) {
  return Array.isArray(message?.content) ? message.content : []
}

function renderWhole(answer, _turn, context) {
  const choice = answer.choices[0]
  return {
    ...envelope(answer, context),
    content: contentBlocks(choice.message),
    stop_reason: stopReason(choice),
    stop_sequence: null,
    usage: { ...inputUsage(answer.usage), ...outputUsage(answer.usage), service_tier: 'standard' }
  }
}

function envelope(answer, { number }) {
  return {
    id: answer.id ?? `msg_mock${number}`,
    type: 'message',
    role: 'assistant',
    model: answer.model
  }
}

function contentBlocks(message) {
  const blocks = thinkingBlocks(message)
  const text = message.content ?? message.refusal
  if (text) blocks.push({ type: 'text', text, ...citations(message) })
  for (const { id, serial, function: called } of message.tool_calls ?? []) {
    blocks.push({
      type: 'tool_use',
      id: id ?? `toolu_mock_${serial}`,
      name: called.name,
      input: argumentsOf(called.arguments)
    })
  }
  return blocks
}

// A script may hand over Anthropic's own blocks, redacted ones among them, as `reasoning_details`.
function thinkingBlocks({ reasoning_content: thinking, reasoning_details: details }) {
  if (Array.isArray(details))
    return details.filter(({ type }) => type === 'thinking' || type === 'redacted_thinking')
  return thinking ? [{ type: 'thinking', thinking, signature: signatureOf(thinking) }] : []
}

function citations({ annotations }) {
  const links = (annotations ?? [])
    .filter(({ type }) => type === 'url_citation')
    .map((annotation) => annotation.url_citation)
  if (links.length === 0) return {}
  return {
    citations: links.map(({ url, title }) => ({
      type: 'web_search_result_location',
      url,
      title,
      cited_text: title,
      encrypted_index: signatureOf(url)
    }))
  }
}

function stopReason({ finish_reason: reason, native_finish_reason: native }) {
  return native ?? STOP_REASONS[reason] ?? 'end_turn'
}

// OpenAI counts everything that was read; Anthropic counts what the cache read and wrote apart, by its lifetime.
function inputUsage({ prompt_tokens: prompt, prompt_tokens_details: details }) {
  const read = details.cached_tokens ?? 0
  const written = details.cache_creation_tokens ?? 0
  const written1h = details.cache_creation_1h_tokens ?? 0
  return {
    input_tokens: prompt - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    ...(written > 0 && {
      cache_creation: {
        ephemeral_5m_input_tokens: written - written1h,
        ephemeral_1h_input_tokens: written1h
      }
    })
  }
}

function outputUsage({
  completion_tokens: completion,
  completion_tokens_details: { reasoning_tokens: thinking }
}) {
  const details = thinking ? { output_tokens_details: { thinking_tokens: thinking } } : {}
  return { output_tokens: completion, ...details }
}

function renderEvents(answer, _turn, context) {
  const choice = answer.choices[0]
  const start = {
    ...envelope(answer, context),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...inputUsage(answer.usage), output_tokens: 1, service_tier: 'standard' }
  }
  return [
    { type: 'message_start', message: start },
    { type: 'ping' },
    ...contentBlocks(choice.message).flatMap((block, index) =>
      blockEvents(block, index, choice.message)
    ),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(choice), stop_sequence: null },
      usage: { ...inputUsage(answer.usage), ...outputUsage(answer.usage) }
    },
    { type: 'message_stop' }
  ]
}

function blockEvents(block, index, message) {
  const { opening, deltas } = streamed(block, message)
  return [
    { type: 'content_block_start', index, content_block: opening },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index }
  ]
}

// How each kind of block begins, and what then fills it.
function streamed(block, message) {
  switch (block.type) {
    case 'thinking':
      return {
        opening: { type: 'thinking', thinking: '', signature: '' },
        deltas: [
          ...words(block.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature }
        ]
      }
    case 'text':
      return {
        opening: { type: 'text', text: '' },
        deltas: [
          ...(block.citations ?? []).map((citation) => ({ type: 'citations_delta', citation })),
          ...words(block.text).map((text) => ({ type: 'text_delta', text }))
        ]
      }
    case 'tool_use':
      return {
        opening: { ...block, input: {} },
        deltas: ['', ...argumentPieces(block, message)].map((piece) => ({
          type: 'input_json_delta',
          partial_json: piece
        }))
      }
    default:
      return { opening: block, deltas: [] }
  }
}

// The script's own text, so that a truncated one arrives truncated; no arguments, no deltas.
function argumentPieces({ id }, message) {
  const call = message.tool_calls.find(
    (candidate) => id === (candidate.id ?? `toolu_mock_${candidate.serial}`)
  )
  return call.function.arguments === '{}' ? [] : fragments(call.function.arguments)
}

module.exports = {
  rules: CLAUDE_RULES,
  view,
  refusal,
  issue,
  readTurn,
  renderWhole,
  renderEvents,
  namesEvents: true,
  native: true
}
