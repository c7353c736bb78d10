'use strict'

// A streamed chat: an async iterable of chunks for one consumer, with the answer that they add up to.

const { IS_CHAT, Stream, TAKE } = require('./stream')

class ChatCompletionStream extends Stream {
  // `warnings`: what is known of them at the beginning.
  constructor(source, requestId, warnings = []) {
    super(source, requestId)
    this.warnings = warnings
  }

  // The text of the first choice, piece by piece.
  textStream() {
    return require('./stream-output').textsOf(this[Symbol.asyncIterator]())
  }

  // The same where it is JSON: the value so far, which grows.
  partialObjectStream() {
    return require('./stream-output').partialObjectsOf(this[Symbol.asyncIterator]())
  }

  get [IS_CHAT]() {
    return true
  }

  // The folded answer. Reads what is left if nobody else does; waits for the end otherwise.
  async finalChatCompletion() {
    const { source, free } = this[TAKE]()
    if (free) await source.drain()
    await source.over()
    return source.completion()
  }
}

module.exports = { ChatCompletionStream }
