'use strict'

// A vendor's own state of an answer (`reasoning_details`), split over the parts that it belongs to and put
// together again. Each entry travels in `providerMetadata.aihubmix.details` of its part, with its place in the list:
// an application may store parts, and leave some out, but never sees two of them joined.

const NAMESPACE = 'aihubmix'

// The kinds of entries that are reasoning themselves, of this client's formats and of chat servers' own.
const REASONING_KINDS = new Set([
  'thinking',
  'redacted_thinking',
  'reasoning',
  'reasoning.text',
  'reasoning.summary',
  'reasoning.encrypted'
])

function isReasoning(entry) {
  return REASONING_KINDS.has(entry?.type)
}

// What an entry shows of its reasoning; undefined where it has no words of its own.
function readable(entry) {
  if (typeof entry.thinking === 'string') return entry.thinking
  if (typeof entry.text === 'string') return entry.text
  const list = (value) => (Array.isArray(value) ? value.map((piece) => piece?.text ?? '') : [])
  const words = [...list(entry.summary), ...list(entry.content)].filter((text) => text !== '')
  if (words.length > 0) return words.join('\n\n')
  return typeof entry.summary === 'string' ? entry.summary : undefined
}

// The id of the tool call that an entry is about, if it is about one.
function callIdOf(entry) {
  return entry?.id ?? entry?.call_id
}

// `providerMetadata` of a part: undefined where there is nothing to keep.
function metadataOf(details, members = {}) {
  const kept = { ...members, ...(details.length > 0 && { details }) }
  return Object.keys(kept).length > 0 ? { [NAMESPACE]: kept } : undefined
}

// What a part of a prompt keeps of an earlier answer.
function keptOf(part) {
  const kept = part?.providerOptions?.[NAMESPACE]
  return typeof kept === 'object' && kept !== null ? kept : {}
}

// The list that the parts of one message hold together, in the vendor's order.
function gathered(parts) {
  const placed = []
  for (const part of parts) {
    const { details } = keptOf(part)
    if (Array.isArray(details)) placed.push(...details)
  }
  return placed.sort((one, other) => one.at - other.at).map(({ entry }) => entry)
}

module.exports = { NAMESPACE, callIdOf, gathered, isReasoning, keptOf, metadataOf, readable }
