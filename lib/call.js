'use strict'

// One call on its way: a promise, and what may end it early.

const { aborted, setCause } = require('./error')
const { mailbox } = require('./mailbox')
const { onAbort } = require('./signal')

class Call {
  #client
  #signal
  #unwatch
  #resolve
  #reject
  #read
  #keyFailure
  #trace
  #upload

  // `trace`: somebody wants to know what becomes of it. `upload`: what is sent along, see upload-call.js.
  constructor(client, signal, trace, upload) {
    this.id = mailbox.nextId()
    this.#client = client
    this.#signal = signal
    this.#trace = trace
    this.#upload = upload
  }

  // Sends it off: `start(id)` hands it to the core, `read(text)` makes the result of the answer.
  promise(start, read) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#read = read
      mailbox.register(this.id, this)
      this.#client.calls.add(this)
      if (this.#signal !== undefined) {
        this.#unwatch = onAbort(this.#signal, (reason) => this.abort(reason))
      }
      if (this.#trace !== undefined) mailbox.watch(this.id)
      try {
        start(this.id)
      } catch (error) {
        mailbox.unregister(this.id)
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
    this.#trace?.failed(error)
    this.#reject(error)
  }

  // Asks for the key of the next attempt; why there is none becomes the cause of the failure.
  async keyRequested() {
    this.#keyFailure = await this.#client.provideKey(this.id)
  }

  contentRequested(source, restart) {
    this.#upload.provide(this.id, source, restart)
  }

  progress(sent, total) {
    this.#upload.progress(sent, total)
  }

  abort(reason) {
    const error = aborted(reason)
    error.attempts = mailbox.cancel(this.id)
    this.#settled()
    this.#trace?.failed(error)
    this.#reject(error)
  }

  step(text) {
    this.#trace?.step(JSON.parse(text))
  }

  #settled() {
    this.#upload?.close()
    this.#client.calls.delete(this)
    this.#unwatch?.()
  }
}

module.exports = { Call }
