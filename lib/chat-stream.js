'use strict'

// A streamed chat: an async iterable of chunks for one consumer, with the answer that they add up to.

const { Stream, TAKE } = require('./stream')

class ChatCompletionStream extends Stream {
  // `warnings`: what is known of them at the beginning.
  constructor(source, requestId, warnings = []) {
    super(source, requestId)
    this.warnings = warnings
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
