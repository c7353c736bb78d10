'use strict'

// A streamed chat: an async iterable of chunks for one consumer.

const { AihubmixError } = require('./error')
const { tee } = require('./tee')

class ChatCompletionStream {
  #source
  #consumed = false
  #controller

  constructor(source, requestId) {
    this.#source = source
    this.requestId = requestId
  }

  // Aborts the stream like `abort()`; for code written for other SDKs.
  get controller() {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      const { signal } = this.#controller
      signal.addEventListener('abort', () => this.abort(signal.reason), { once: true })
    }
    return this.#controller
  }

  [Symbol.asyncIterator]() {
    this.#consume()
    return {
      next: () => this.#source.next(),
      return: async (value) => {
        this.#source.cancel()
        return { value, done: true }
      },
      throw: async (error) => {
        this.#source.cancel()
        throw error
      },
      [Symbol.asyncIterator]() {
        return this
      }
    }
  }

  // Closes the connection; whoever iterates gets an `ABORTED` error.
  abort(reason) {
    this.#source.abort(reason)
  }

  // The folded answer. Reads what is left if nobody else does; waits for the end otherwise.
  async finalChatCompletion() {
    if (!this.#consumed) {
      this.#consume()
      await this.#source.drain()
    }
    await this.#source.over()
    return this.#source.completion()
  }

  // Two streams of the same chunks, each for a consumer of its own.
  tee() {
    this.#consume()
    return tee(this.#source).map((source) => new ChatCompletionStream(source, this.requestId))
  }

  // One chunk per line, as JSON.
  toReadableStream() {
    const iterator = this[Symbol.asyncIterator]()
    const encoder = new TextEncoder()
    return new ReadableStream({
      async pull(controller) {
        try {
          const { value, done } = await iterator.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`))
        } catch (error) {
          controller.error(error)
        }
      },
      async cancel() {
        await iterator.return()
      }
    })
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    this.#source.cancel()
  }

  #consume() {
    if (this.#consumed) {
      throw new AihubmixError('a stream can be read only once: use `tee()` for two readers', 'INVALID_REQUEST')
    }
    this.#consumed = true
  }
}

module.exports = { ChatCompletionStream }
