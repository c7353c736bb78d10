'use strict'

// The AI SDK's prompt as OpenAI's messages.
//
// | prompt | message |
// |---|---|
// | `system` | `system` |
// | `user`: `text`, `file` | `user`: `text`, `image_url`, `input_audio`, `file` |
// | `assistant`: `text`, `reasoning`, `tool-call` | `assistant`: `content`, `reasoning_content`, `tool_calls` |
// | `assistant`: `file` | `images` |
// | `assistant`: provider-executed calls and results | the vendor's own blocks, where this provider kept them |
// | `tool`: `tool-result` | `tool`, one for each |
//
// A vendor's state (`providerOptions.aihubmix`) goes back into `reasoning_details`, see state.js. Cache marks are read
// of `providerOptions.aihubmix` and `.anthropic`.

const { filePart } = require('./files')
const { gathered, keptOf } = require('./state')
const { stringify } = require('../stringify')

// `warn(feature, details)` for what has no place.
function messagesOf(prompt, warn) {
  return prompt.flatMap((message) => {
    if (message.role === 'system') return [systemMessage(message)]
    if (message.role === 'user') return [userMessage(message)]
    if (message.role === 'assistant') return assistantMessage(message, warn)
    return message.content.flatMap((part) => toolMessage(part, message, warn))
  })
}

function systemMessage(message) {
  const cached = cacheControlOf(message)
  if (cached === undefined) return { role: 'system', content: message.content }
  return {
    role: 'system',
    content: [{ type: 'text', text: message.content, cache_control: cached }]
  }
}

function userMessage(message) {
  const last = message.content.length - 1
  const content = message.content.map((part, at) => {
    // A mark on the message stands at its end.
    const cached = cacheControlOf(part) ?? (at === last ? cacheControlOf(message) : undefined)
    const made = part.type === 'text' ? { type: 'text', text: part.text } : filePart(part)
    return cached === undefined ? made : { ...made, cache_control: cached }
  })
  const [only] = content
  const isPlain = content.length === 1 && only.type === 'text' && only.cache_control === undefined
  return { role: 'user', content: isPlain ? only.text : content }
}

function assistantMessage(message, warn) {
  const parts = message.content
  const of = (type) => parts.filter((part) => part.type === type)
  const details = gathered(parts)
  const calls = of('tool-call').filter((part) => !part.providerExecuted)
  const reasoning = of('reasoning')
    .map(({ text }) => text)
    .join('')
  const executed = parts.some((part) => part.providerExecuted || part.type === 'tool-result')
  if (executed && details.length === 0)
    warn('provider-executed tools', 'calls that another provider made were left out')
  for (const part of parts) if (!hasPlace(part)) warn(part.type, LEFT_OUT)
  const made = { role: 'assistant', ...contentOf(of('text'), message) }
  if (reasoning !== '') made.reasoning_content = reasoning
  if (details.length > 0) made.reasoning_details = details
  const images = of('file').filter((part) => part.mediaType.startsWith('image'))
  if (images.length > 0) made.images = images.map((part) => filePart(part))
  if (calls.length > 0) made.tool_calls = calls.map(toolCall)
  const isEmpty = made.content === null && Object.keys(made).length === 2
  return isEmpty ? [] : [made]
}

const LEFT_OUT = 'a part of this kind has no place in a later request, and was left out'
const PLACED = ['text', 'reasoning', 'tool-call', 'tool-result']

// Whether a part of an earlier answer is said again: in words, or by the state that it keeps.
function hasPlace(part) {
  if (PLACED.includes(part.type) || keptOf(part).details !== undefined) return true
  return part.type === 'file' && part.mediaType.startsWith('image')
}

function contentOf(texts, message) {
  const cached = cacheControlOf(message) ?? cacheControlOf(texts.at(-1))
  const refused = texts.length > 0 && texts.every((part) => keptOf(part).refusal)
  const text = texts.map((part) => part.text).join('')
  if (refused) return { content: null, refusal: text }
  if (text === '') return { content: null }
  if (cached === undefined) return { content: text }
  return { content: [{ type: 'text', text, cache_control: cached }] }
}

function toolCall(part) {
  const kept = keptOf(part)
  const { toolCallId: id, toolName: name } = part
  const extra = kept.extraContent === undefined ? {} : { extra_content: kept.extraContent }
  if (kept.custom) {
    return { id, type: 'custom', custom: { name, input: textOf(part.input) }, ...extra }
  }
  return { id, type: 'function', function: { name, arguments: argumentsOf(part, kept) }, ...extra }
}

// The vendor's own text as long as it still says the same: what it signed must not be written in another way.
function argumentsOf({ input }, kept) {
  const text = typeof input === 'string' && isJson(input) ? input : stringify(input ?? {})
  if (typeof kept.arguments !== 'string') return text
  return isJson(kept.arguments) && stringify(JSON.parse(kept.arguments)) === text
    ? kept.arguments
    : text
}

function isJson(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function textOf(input) {
  return typeof input === 'string' ? input : stringify(input)
}

function toolMessage(part, message, warn) {
  if (part.type !== 'tool-result') {
    warn(part.type, 'a decision about a tool of the vendor has no place in a chat')
    return []
  }
  const cached = cacheControlOf(part) ?? cacheControlOf(message)
  const content = resultContent(part.output, warn)
  const made = { role: 'tool', tool_call_id: part.toolCallId, content }
  if (cached === undefined) return [made]
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const marked = parts.map((piece, at) =>
    at === parts.length - 1 ? { ...piece, cache_control: cached } : piece
  )
  return [{ ...made, content: marked }]
}

function resultContent(output, warn) {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'execution-denied':
      return output.reason ?? 'The execution of the tool was denied.'
    case 'content':
      return output.value
        .filter((piece) => {
          if (piece.type === 'custom') warn('custom', LEFT_OUT)
          return piece.type !== 'custom'
        })
        .map((piece) =>
          piece.type === 'text' ? { type: 'text', text: piece.text } : filePart(piece)
        )
    default:
      return stringify(output.value)
  }
}

function cacheControlOf(part) {
  const options = part?.providerOptions ?? {}
  for (const vendor of [options.aihubmix, options.anthropic]) {
    const mark = vendor?.cacheControl ?? vendor?.cache_control
    if (mark !== undefined) return mark
  }
  return undefined
}

module.exports = { messagesOf }
