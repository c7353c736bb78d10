'use strict'

// What one call sends along: the parts of its form for the core, and the pieces that it asks for.

// More than this is not handed over at once.
const PIECE = 256 * 1024

const { CallContext } = require('./call-context')
const { messageOf } = require('./thrown')

class UploadCall {
  #native
  // The sources that are read here, by their number; those on disk are the core's.
  #uploads = []
  #readers = new Map()
  // The caller's sources and his function are called in his own.
  #context = new CallContext()
  // Why a piece could not be had, `{ reason }`: the cause of the call's failure.
  failure
  onProgress

  // `form`: entries [name, text or upload]; `content`: one upload that is the whole body.
  constructor(native, form, content) {
    this.#native = native
    if (form === undefined) {
      if (content.text === undefined)
        this.description = { fromSource: true, sources: [this.#source(content)] }
      this.description = { ...this.description, contentType: content.type }
      return
    }
    const sources = []
    const parts = form.map(([name, value]) => {
      if (typeof value === 'string') return { name, value }
      sources.push(this.#source(value))
      return { name, fileName: value.name, mediaType: value.type, source: sources.length - 1 }
    })
    this.description = { form: parts, sources }
  }

  progress(sent, total) {
    this.#context.run(() => this.onProgress?.({ sent, total }))
  }

  // The next piece of a source, to the core.
  provide(id, source, restart) {
    this.#context.run(() => this.#provide(id, source, restart))
  }

  async #provide(id, source, restart) {
    let piece
    try {
      if (restart) await this.#restart(source)
      piece = await this.#next(source)
    } catch (reason) {
      this.failure = { reason }
      const message = `the file could not be read: ${messageOf(reason)}`
      this.#native.provideContent(id, { message })
      return
    }
    this.#native.provideContent(id, piece)
  }

  close() {
    const iterators = [...this.#readers.values()].map(({ iterator }) => iterator)
    this.#readers.clear()
    this.#context.run(() => iterators.forEach(closeIterator))
  }

  #source(upload) {
    this.#uploads.push(upload)
    const { path, length, replayable } = upload
    return { path, length, replayable }
  }

  async #restart(source) {
    await this.#readers.get(source)?.iterator.return?.()
    this.#readers.set(source, { iterator: this.#uploads[source].open(), rest: undefined })
  }

  async #next(source) {
    const reader = this.#readers.get(source)
    while (reader.rest === undefined || reader.rest.length === 0) {
      const { value, done } = await reader.iterator.next()
      if (done) return null
      reader.rest = bytesOf(value)
    }
    const piece = reader.rest.subarray(0, PIECE)
    reader.rest = reader.rest.subarray(PIECE)
    return piece
  }
}

// Whoever reads a file has it closed; that this fails is of no interest any more.
async function closeIterator(iterator) {
  try {
    await iterator?.return?.()
  } catch {}
}

function bytesOf(chunk) {
  if (typeof chunk === 'string') return Buffer.from(chunk)
  if (ArrayBuffer.isView(chunk))
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  if (Object.prototype.toString.call(chunk) === '[object ArrayBuffer]') return Buffer.from(chunk)
  throw new TypeError('the stream gave something that is neither bytes nor a string')
}

module.exports = { UploadCall, bytesOf, closeIterator }
