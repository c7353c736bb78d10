'use strict'

// One call on its way: a promise, and what may end it early.

const { CallContext } = require('./call-context')
const { setCause } = require('./aihubmix-error')
const { aborted, atCaller, closed } = require('./error')
const { mailbox } = require('./mailbox')
const { onAbort } = require('./signal')

class Call {
  #client
  #signal
  #unsubscribe
  #resolve
  #reject
  #isSettled = false
  #read
  #keyFailure
  #context
  #trace
  #upload

  // `client`: what is in flight there. `trace`: somebody wants to know what becomes of it. `upload`: what is sent
  // along, see upload-call.js.
  constructor(client, signal, trace, upload) {
    this.id = mailbox.nextId()
    this.#client = client
    this.#signal = signal
    this.#trace = trace
    this.#upload = upload
    if (client.asksForKey) this.#context = new CallContext()
  }

  // Sends it off: `start(id)` hands it to the core, `read(text)` makes the result of the answer.
  async send(start, read) {
    try {
      return await this.#sent(start, read)
    } catch (error) {
      throw atCaller(error)
    }
  }

  #sent(start, read) {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#read = read
      try {
        this.#begin(start)
      } catch (error) {
        mailbox.unregister(this.id)
        this.fail(error)
      }
    })
  }

  // A function of the caller's may have ended it before it has begun.
  #begin(start) {
    if (this.#client.closed) throw closed()
    this.#client.calls.add(this)
    mailbox.register(this.id, this)
    if (this.#signal !== undefined) {
      const unsubscribe = onAbort(this.#signal, (reason) => this.abort(reason))
      if (this.#isSettled) return unsubscribe()
      this.#unsubscribe = unsubscribe
    }
    if (this.#trace !== undefined) mailbox.watch(this.id)
    start(this.id)
  }

  answer(text) {
    this.#settle()
    try {
      this.#resolve(this.#read(text))
    } catch (error) {
      this.#reject(error)
    }
  }

  fail(error) {
    this.#settle()
    if (this.#upload?.failure !== undefined) setCause(error, this.#upload.failure.reason)
    if (this.#keyFailure !== undefined) setCause(error, this.#keyFailure.reason)
    this.#trace?.failed(error)
    this.#reject(error)
  }

  // Asks for the key of the next attempt; why there is none becomes the cause of the failure.
  keyRequested() {
    this.#context.run(async () => {
      this.#keyFailure = await this.#client.provideKey(this.id)
    })
  }

  contentRequested(source, restart) {
    this.#upload.provide(this.id, source, restart)
  }

  progress(sent, total) {
    this.#upload.progress(sent, total)
  }

  abort(reason) {
    if (this.#isSettled) return
    const error = aborted(reason)
    error.attempts = mailbox.cancel(this.id)
    this.#settle()
    this.#trace?.failed(error)
    this.#reject(error)
  }

  step(text) {
    this.#trace?.step(JSON.parse(text))
  }

  #settle() {
    this.#isSettled = true
    this.#upload?.close()
    this.#client.calls.delete(this)
    this.#unsubscribe?.()
  }
}

module.exports = { Call }
