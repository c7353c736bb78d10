'use strict'

// How the core's batches are read.

// Chunks of a chat, most of them as bare texts (see src/chat/answer/batch.rs).
class ChunkDecoder {
  // Makes the last whole chunk again, with another text.
  #again

  items(batch) {
    return JSON.parse(batch)
  }

  item(element) {
    if (typeof element === 'string') return this.#again(element)
    if (Array.isArray(element)) {
      const chunk = this.#again(element[0])
      chunk.obfuscation = element[1]
      return chunk
    }
    this.#again = repeater(element)
    return element
  }
}

const TEXTS = ['content', 'reasoning_content', 'refusal']

// What makes a chunk again with another text in place of its only one. It holds copies: the caller may change his own.
function repeater(whole) {
  if (whole.choices.length !== 1) return undefined
  const chunk = { ...whole }
  const choice = { ...whole.choices[0] }
  const deltaWith = deltaRepeater(choice.delta)
  return deltaWith && ((text) => ({ ...chunk, choices: [{ ...choice, delta: deltaWith(text) }] }))
}

function deltaRepeater(whole) {
  const delta = { ...whole }
  const key = TEXTS.find((name) => delta[name])
  if (key !== undefined) {
    return (text) => {
      const copy = { ...delta }
      copy[key] = text
      return copy
    }
  }
  if (delta.tool_calls?.length !== 1) return undefined
  const call = { ...delta.tool_calls[0] }
  const argumentsWith = call.custom
    ? (input) => ({ ...call, custom: { input } })
    : (text) => ({ ...call, function: { arguments: text } })
  return (text) => ({ ...delta, tool_calls: [argumentsWith(text)] })
}

// Events of a native stream, as they are.
const eventDecoder = {
  items: (batch) => JSON.parse(batch),
  item: (event) => event
}

// Bytes: every batch is one buffer.
const bytesDecoder = {
  items: (buffer) => [buffer],
  item: (buffer) => buffer
}

module.exports = { ChunkDecoder, bytesDecoder, eventDecoder }
