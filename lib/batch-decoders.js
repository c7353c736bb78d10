'use strict'

// How the core's batches are read.

// Chunks of a chat, most of them as bare texts (see src/chat/answer/batch.rs).
class ChunkDecoder {
  #template

  items(batch) {
    return JSON.parse(batch)
  }

  item(element) {
    if (typeof element === 'string') return this.#repeat(element)
    if (Array.isArray(element)) {
      const chunk = this.#repeat(element[0])
      chunk.obfuscation = element[1]
      return chunk
    }
    this.#template = templateOf(element)
    return element
  }

  // The last whole chunk again, with another text.
  #repeat(text) {
    const { chunk, choice, delta, key } = this.#template
    const copy = { ...delta }
    copy[key] = text
    return { ...chunk, choices: [{ ...choice, delta: copy }] }
  }
}

// Copies of the parts of a chunk that may come again with another text: the caller may change his own.
function templateOf(chunk) {
  if (chunk.choices.length !== 1) return undefined
  const [choice] = chunk.choices
  const { delta } = choice
  const key = typeof delta.content === 'string' ? 'content' : 'reasoning_content'
  if (typeof delta[key] !== 'string') return undefined
  return { chunk: { ...chunk }, choice: { ...choice }, delta: { ...delta }, key }
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
