'use strict'

// One call on its way: a promise, and what may end it early.

const { aborted, invalidRequest, setCause } = require('./error')
const { post } = require('./post')

class Call {
  #client
  #signal
  #onAbort
  #resolve
  #reject
  #read
  #keyFailure
  #upload

  // `upload`: what is sent along, if anything is, see upload-call.js.
  constructor(client, signal, upload) {
    this.id = post.nextId()
    this.#client = client
    this.#signal = signal
    this.#upload = upload
  }

  // Sends it off: `start(id)` hands it to the core, `read(text)` makes the result of the answer.
  promise(start, read) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#read = read
      post.await(this.id, this)
      this.#client.calls.add(this)
      if (this.#signal !== undefined) {
        this.#onAbort = () => this.abort(this.#signal.reason)
        this.#signal.addEventListener('abort', this.#onAbort, { once: true })
      }
      try {
        start(this.id)
      } catch (error) {
        post.forget(this.id)
        this.fail(error)
      }
    })
  }

  answer(text) {
    this.#settled()
    try {
      this.#resolve(this.#read(text))
    } catch (error) {
      this.#reject(error)
    }
  }

  fail(error) {
    this.#settled()
    if (this.#upload?.failure !== undefined) setCause(error, this.#upload.failure)
    if (this.#keyFailure !== undefined) setCause(error, this.#keyFailure)
    this.#reject(error)
  }

  // Asks for the key of the next attempt; why there is none becomes the cause of the failure.
  async keyWanted() {
    this.#keyFailure = await this.#client.provideKey(this.id)
  }

  contentWanted(source, restart) {
    this.#upload.provide(this.id, source, restart)
  }

  progress(sent, total) {
    this.#upload.progress(sent, total)
  }

  abort(reason) {
    post.cancel(this.id)
    this.#settled()
    this.#reject(aborted(reason))
  }

  #settled() {
    this.#upload?.close()
    this.#client.calls.delete(this)
    if (this.#onAbort !== undefined) this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

// The signal of a request, checked. An aborted one throws at once.
function signalOf(request) {
  const signal = request?.signal
  if (signal === undefined || signal === null) return undefined
  if (typeof signal.addEventListener !== 'function' || typeof signal.aborted !== 'boolean') {
    throw invalidRequest('signal', '`signal` must be an AbortSignal')
  }
  if (signal.aborted) throw aborted(signal.reason)
  return signal
}

module.exports = { Call, signalOf }
