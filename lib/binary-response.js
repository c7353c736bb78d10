'use strict'

// An answer of bytes: whole, or as they arrive. For one consumer, like a `Response`.

const { headersOf } = require('./headers')
const { AihubmixError } = require('./aihubmix-error')

class BinaryResponse {
  #source
  #consumed = false
  #body

  constructor({ status, headers, requestId }, source) {
    this.#source = source
    this.status = status
    this.headers = headersOf(headers)
    this.requestId = requestId ?? undefined
  }

  // The bytes as they arrive, as a web stream.
  get body() {
    this.#body ??= webStreamOf(this[Symbol.asyncIterator]())
    return this.#body
  }

  async bytes() {
    const pieces = []
    let length = 0
    for await (const piece of this) {
      pieces.push(piece)
      length += piece.length
    }
    return Buffer.concat(pieces, length)
  }

  async arrayBuffer() {
    const bytes = await this.bytes()
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  }

  async blob() {
    return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' })
  }

  [Symbol.asyncIterator]() {
    if (this.#consumed)
      throw new AihubmixError('the bytes can be read only once', 'INVALID_REQUEST')
    this.#consumed = true
    const source = this.#source
    return {
      next: () => source.next(),
      return: async (value) => {
        source.cancel()
        return { value, done: true }
      },
      throw: async (error) => {
        source.cancel()
        throw error
      },
      [Symbol.asyncIterator]() {
        return this
      }
    }
  }
}

// Reads on only while somebody wants more, and closes the connection when nobody does.
function webStreamOf(iterator) {
  return new ReadableStream(
    {
      __proto__: null,
      type: 'bytes',
      async pull(controller) {
        try {
          const { value, done } = await iterator.next()
          if (!done)
            return controller.enqueue(
              new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
            )
          controller.close()
          controller.byobRequest?.respond(0)
        } catch (error) {
          controller.error(error)
        }
      },
      async cancel() {
        await iterator.return()
      }
    },
    { __proto__: null, highWaterMark: 0 }
  )
}

module.exports = { BinaryResponse, webStreamOf }
