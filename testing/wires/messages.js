'use strict'

// Anthropic Messages: POST /v1/messages
// https://docs.anthropic.com/en/api/messages

const { anthropicError } = require('../errors')
const { words, fragments } = require('../pieces')
const { signatureOf } = require('../signature')

const MOST_CACHE_MARKS = 4
const LEAST_THINKING_BUDGET = 1024
const STOP_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal'
}

function check({ headers, body }, { requestId }) {
  const refuse = (message) => {
    throw anthropicError(message, requestId)
  }
  if (!headers['anthropic-version']) refuse('anthropic-version: header is required')
  for (const name of ['model', 'max_tokens', 'messages']) {
    if (body?.[name] === undefined) refuse(`${name}: Field required`)
  }
  if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1)
    refuse('max_tokens: Input should be greater than or equal to 1')
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    refuse('messages: at least one message is required')
  body.messages.forEach((message, position) =>
    checkMessage(message, position, body.messages, refuse)
  )
  checkThinking(body, refuse)
  const marks =
    JSON.stringify([body.system, body.messages, body.tools]).split('"cache_control":{').length - 1
  if (marks > MOST_CACHE_MARKS)
    refuse(
      `A maximum of ${MOST_CACHE_MARKS} blocks with cache_control may be provided. Found ${marks}.`
    )
}

function checkMessage({ role, content }, position, messages, refuse) {
  const place = `messages.${position}`
  if (!['user', 'assistant', 'system'].includes(role))
    refuse(`${place}.role: Input should be 'user' or 'assistant'`)
  if (typeof content === 'string') {
    if (content === '')
      refuse(
        `${place}: all messages must have non-empty content except for the optional final assistant message`
      )
    if (role === 'assistant' && position === messages.length - 1 && /\s$/.test(content)) {
      refuse('messages: final assistant content cannot end with trailing whitespace')
    }
  }
  if (typeof content !== 'string' && !Array.isArray(content))
    refuse(`${place}.content: Field required`)
  const blocks = blocksOf({ content })
  const before = blocksOf(messages[position - 1])
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'text' && block.text === '')
      refuse(`${place}: text content blocks must be non-empty`)
    if (block.type === 'thinking' && !block.signature)
      refuse(`${place}.content.${index}.thinking.signature: Field required`)
    if (
      block.type === 'tool_result' &&
      !before.some(({ type, id }) => type === 'tool_use' && id === block.tool_use_id)
    ) {
      refuse(
        `${place}.content.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${block.tool_use_id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
      )
    }
  }
  if (role !== 'user') return
  for (const { type, id } of before) {
    const answered = blocks.some(
      (block) => block.type === 'tool_result' && block.tool_use_id === id
    )
    if (type === 'tool_use' && !answered) {
      refuse(
        `messages.${position - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${id}.`
      )
    }
  }
}

function checkThinking(
  { thinking, max_tokens: maxTokens, temperature = 1, tool_choice: choice },
  refuse
) {
  if (!thinking || thinking.type === 'disabled') return
  if (temperature !== 1) refuse('`temperature` may only be set to 1 when thinking is enabled.')
  if (choice?.type === 'any' || choice?.type === 'tool')
    refuse('Thinking may not be enabled when tool_choice forces tool use.')
  if (thinking.type !== 'enabled') return
  if (!(thinking.budget_tokens >= LEAST_THINKING_BUDGET)) {
    refuse(
      `thinking.enabled.budget_tokens: Input should be greater than or equal to ${LEAST_THINKING_BUDGET}`
    )
  }
  if (maxTokens <= thinking.budget_tokens)
    refuse('`max_tokens` must be greater than `thinking.budget_tokens`.')
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

function textOf(content) {
  if (typeof content === 'string') return content
  return (content ?? [])
    .filter(({ type }) => type === 'text')
    .map(({ text }) => text)
    .join('')
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
      input: parsed(called.arguments)
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

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function stopReason({ finish_reason: reason, native_finish_reason: native }) {
  return native ?? STOP_REASONS[reason] ?? 'end_turn'
}

// OpenAI counts everything that was read; Anthropic counts what the cache read and wrote apart.
function inputUsage({ prompt_tokens: prompt, prompt_tokens_details: details }) {
  const read = details.cached_tokens ?? 0
  const written = details.cache_creation_tokens ?? 0
  return {
    input_tokens: prompt - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read
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

module.exports = { check, readTurn, renderWhole, renderEvents, namesEvents: true, native: true }
