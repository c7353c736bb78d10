'use strict'

// The state that the AI SDK's other providers keep on the parts of an answer, as entries of `reasoning_details`: a
// conversation that was stored with one of them goes on with its signatures.
//
// | part | `providerOptions` | entry |
// |---|---|---|
// | `reasoning` | `anthropic.signature`; `anthropic.redactedData` | `thinking`; `redacted_thinking` |
// | `reasoning` | `openai.itemId`, `.reasoningEncryptedContent` | the `reasoning` item, from all parts of its id |
// | `text`, `reasoning` | `google.thoughtSignature` (`vertex`, `googleVertex` too) | the layout of the turn |
// | `tool-call` | the same | none: the call has a place for it |
// | any | `openrouter.reasoning_details` | themselves |
//
// Lossy: what those keep of the vendors' own tools, and signatures of pictures.

const GOOGLE = ['google', 'vertex', 'googleVertex']

// Google's signature of a part.
function signatureOf({ providerOptions }) {
  const signatures = GOOGLE.map((name) => providerOptions?.[name]?.thoughtSignature)
  return signatures.find((signature) => typeof signature === 'string')
}

// The entries of the parts of one turn.
function adopted(parts) {
  const router = parts.map((part) => part.providerOptions?.openrouter?.reasoning_details)
  const theirs = router.find((details) => Array.isArray(details) && details.length > 0)
  if (theirs !== undefined) return theirs
  const reasoning = parts.filter(({ type }) => type === 'reasoning')
  return [...thinkingOf(reasoning), ...itemsOf(reasoning), ...layoutOf(parts)]
}

function thinkingOf(reasoning) {
  return reasoning.flatMap(({ text, providerOptions }) => {
    const { signature, redactedData } = providerOptions?.anthropic ?? {}
    const format = 'aihubmix.anthropic'
    if (typeof signature === 'string') {
      return [{ format, type: 'thinking', thinking: text, signature }]
    }
    if (typeof redactedData !== 'string') return []
    return [{ format, type: 'redacted_thinking', data: redactedData }]
  })
}

// One part for each summary of an item; the last says the encrypted content.
function itemsOf(reasoning) {
  const items = new Map()
  for (const { text, providerOptions } of reasoning) {
    const { itemId: id, reasoningEncryptedContent: encrypted } = providerOptions?.openai ?? {}
    if (typeof id !== 'string') continue
    const item = items.get(id) ?? {
      format: 'aihubmix.responses',
      type: 'reasoning',
      id,
      summary: []
    }
    if (text !== '') item.summary.push({ type: 'summary_text', text })
    if (typeof encrypted === 'string') item.encrypted_content = encrypted
    items.set(id, item)
  }
  return [...items.values()].filter((item) => item.encrypted_content !== undefined)
}

// Texts and thoughts are known by their length. Where a picture stands among them, they go without.
function layoutOf(parts) {
  const spoken = (part) => part.type === 'text' || part.type === 'reasoning'
  const isSigned = parts.some((part) => spoken(part) && signatureOf(part) !== undefined)
  if (!isSigned || parts.some(({ type }) => type === 'file')) return []
  const format = 'aihubmix.gemini'
  let calls = 0
  return parts.flatMap((part) => {
    if (part.type === 'tool-call') {
      calls += 1
      return [{ format, type: 'function_call', index: calls - 1, id: part.toolCallId }]
    }
    if (!spoken(part)) return []
    const thoughtSignature = signatureOf(part)
    const type = part.type === 'text' ? 'text' : 'thought'
    const signed = thoughtSignature === undefined ? {} : { part: { thoughtSignature } }
    return [{ format, type, length: part.text.length, ...signed }]
  })
}

module.exports = { adopted, signatureOf }
