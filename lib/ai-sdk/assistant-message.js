'use strict'

// A turn of the model as OpenAI's message.
//
// | part | member |
// |---|---|
// | `text` | `content` |
// | `reasoning` | `reasoning_content` |
// | `file` | `images` |
// | `tool-call` | `tool_calls` |
// | provider-executed calls and results, `custom`, `reasoning-file` | none: the vendor's own blocks, where they were kept |
// | a vendor's state | `reasoning_details`: this provider's (state.js), else that of another (foreign-state.js) |

const { filePart } = require('./files')
const { adopted, signatureOf } = require('./foreign-state')
const { markOf } = require('./marks')
const { gathered, keptOf } = require('./state')
const { stringify } = require('../stringify')

function assistantMessage(message, { route, sendsReasoning, warn }) {
  const parts = sendsReasoning ? message.content : withoutReasoning(message.content)
  const of = (type) => parts.filter((part) => part.type === type)
  const details = stateOf(parts)
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
  if (images.length > 0) made.images = images.map((part) => filePart(part, route))
  if (calls.length > 0) made.tool_calls = calls.map(toolCall)
  const isEmpty = made.content === null && Object.keys(made).length === 2
  return isEmpty ? [] : [made]
}

// `sendReasoning: false` of Anthropic's provider.
function withoutReasoning(parts) {
  return parts.filter(({ type }) => type !== 'reasoning')
}

function stateOf(parts) {
  const own = gathered(parts)
  return own.length > 0 ? own : adopted(parts)
}

const LEFT_OUT = 'a part of this kind has no place in a later request, and was left out'
const PLACED = ['text', 'reasoning', 'tool-call', 'tool-result']

// Whether a part of an earlier answer is said again: in words, or by the state that it keeps.
function hasPlace(part) {
  const { details, shown } = keptOf(part)
  if (PLACED.includes(part.type) || details !== undefined || shown) return true
  return part.type === 'file' && part.mediaType.startsWith('image')
}

function contentOf(texts, message) {
  const cached = markOf(message) ?? markOf(texts.at(-1))
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
  const signature = signatureOf(part)
  const theirs = signature && { google: { thought_signature: signature } }
  const said = kept.extraContent ?? theirs
  const extra = said === undefined ? {} : { extra_content: said }
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

module.exports = { assistantMessage }
