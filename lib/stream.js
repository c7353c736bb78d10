'use strict'

// A streamed answer: an async iterable of its items for one consumer. What hands it on is loaded when somebody does.

const { AihubmixError } = require('./aihubmix-error')

// Without what somebody may have added to `Object.prototype`, such as `signal`.
const ONCE = { __proto__: null, once: true }

// How a stream of its own kind gets at the source: for those who extend `Stream`.
const TAKE = Symbol('take')
// Whether the items are chunks of a chat.
const IS_CHAT = Symbol('isChat')

class Stream {
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
      signal.addEventListener('abort', () => this.abort(signal.reason), ONCE)
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

  // Two streams of the same items, each for a consumer of its own.
  tee() {
    this.#consume()
    return require('./tee')
      .tee(this.#source)
      .map((source) => new this.constructor(source, this.requestId, this.warnings))
  }

  // One item per line, as JSON.
  toReadableStream() {
    return require('./stream-output').linesOf(this[Symbol.asyncIterator]())
  }

  // Server-sent events, as the vendor writes them.
  toResponse(init) {
    return require('./stream-output').responseOf(this[Symbol.asyncIterator](), init, this[IS_CHAT])
  }

  // The same, written to Node's `ServerResponse` at its pace.
  async pipe(response) {
    const abort = (reason) => this.abort(reason)
    await require('./stream-output').pipeTo(
      response,
      this[Symbol.asyncIterator](),
      abort,
      this[IS_CHAT]
    )
  }

  async [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    this.#source.cancel()
  }

  // The source, and whether it is this call's to read: nobody else does.
  [TAKE]() {
    const free = !this.#consumed
    this.#consumed = true
    return { source: this.#source, free }
  }

  #consume() {
    if (this.#consumed) {
      throw new AihubmixError(
        'a stream can be read only once: use `tee()` for two readers',
        'INVALID_REQUEST'
      )
    }
    this.#consumed = true
  }
}

module.exports = { IS_CHAT, Stream, TAKE }
