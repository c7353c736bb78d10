'use strict'

// The items of one stream, out of the core's batches. How a batch is read is the business of a decoder:
// `items(batch)` gives its elements, `item(element)` makes of one what the consumer gets.

const { aborted, atCaller, errorFromNative } = require('./error')
const eventLoop = require('./event-loop')
const { mailbox } = require('./mailbox')
const { onAbort } = require('./signal')

const DONE = { value: undefined, done: true }

// Fails where the reader waits: by then the reader's promise follows this one, and the error's stack leads on to it.
async function failed(error) {
  await undefined
  await undefined
  throw atCaller(error)
}

// Tidies up after sources that nobody holds any more. (Their connection is closed by the core.)
const finalizers = new FinalizationRegistry((release) => release())

class NativeSource {
  #native
  #id
  #release
  #decoder
  // Elements of the last batch, and how many of them have been handed out.
  #elements = []
  #at = 0
  // What settles the reads that wait, the oldest first.
  #reads = []
  #draining = false
  #ended = false
  // Why it ended, unless properly; one read is told.
  #failure
  #failureTold = false
  // Those who wait for the end: { resolve, reject }.
  #ends = []
  #trace
  #account
  #head

  // `native`: the core's stream. `inFlight`: what `close()` ends. `head`: `{ requestId, attempts }` of the answer,
  // for errors that are made here.
  constructor(native, id, decoder, { signal, inFlight, trace, account, head }) {
    this.#native = native
    this.#id = id
    this.#decoder = decoder
    this.#trace = trace
    this.#account = account
    this.#head = head
    const self = new WeakRef(this)
    inFlight.streams.add(self)
    let unsubscribe
    this.#release = () => {
      inFlight.streams.delete(self)
      unsubscribe?.()
    }
    finalizers.register(this, this.#release, this)
    unsubscribe = signal && onAbort(signal, (reason) => self.deref()?.abort(reason))
    if (this.#ended) this.#release()
  }

  next() {
    const isThere = this.#at < this.#elements.length && this.#reads.length === 0
    return isThere && !eventLoop.isSpent()
      ? Promise.resolve({ value: this.#take(), done: false })
      : this.#read()
  }

  // Passes over everything that is left, unread.
  async drain() {
    this.#draining = true
    this.#elements = []
    this.#at = 0
    await this.next()
  }

  // The answer so far.
  completion() {
    const json = this.#native.completion?.() ?? null
    if (json === null) return undefined
    const completion = JSON.parse(json)
    return this.#account?.price(completion) ?? completion
  }

  // Ends it early, silently: the reader wants no more.
  cancel() {
    if (this.#ended) return
    mailbox.cancel(this.#id)
    this.#trace?.ended(this.completion(), true)
    this.#failureTold = true
    this.fail(aborted(undefined, 'the stream was closed by its reader'))
  }

  // Settles at the end: properly, or with the reason why not.
  async over() {
    try {
      await new Promise((resolve, reject) => {
        this.#ends.push({ resolve, reject })
        if (this.#ended) this.#finish()
      })
    } catch (error) {
      throw atCaller(error)
    }
  }

  // Ends it early, with an error for whoever reads.
  abort(reason) {
    if (this.#ended) return
    const error = aborted(reason)
    const partial = this.#native.partial?.() ?? null
    const attempts = mailbox.cancel(this.#id)
    error.attempts = this.#head?.attempts ?? attempts
    if (this.#head?.requestId) error.requestId = this.#head.requestId
    if (partial !== null) {
      error.partial = JSON.parse(partial)
      const { requestId, attempts } = error.partial.aihubmix
      Object.assign(error, { requestId, attempts })
    }
    this.fail(error)
  }

  batch(batch) {
    this.#load(batch)
    this.#serve()
  }

  end() {
    this.#finish()
  }

  fail(error) {
    this.#failure = error
    this.#finish()
  }

  // Waits for an item.
  #read() {
    return new Promise((resolve) => {
      this.#reads.push(resolve)
      if (this.#reads.length === 1) this.#serve()
    })
  }

  // Hands out what there is, and takes more, as long as anybody waits.
  #serve() {
    while (this.#reads.length > 0) {
      if (this.#ended) return this.#finish()
      if (eventLoop.isSpent()) return eventLoop.run(() => this.#serve())
      if (this.#at < this.#elements.length) {
        this.#reads.shift()({ value: this.#take(), done: false })
        continue
      }
      const taken = this.#native.take()
      if (taken === true) this.end()
      else if (taken === null) return mailbox.register(this.#id, this)
      else if (Array.isArray(taken)) this.fail(errorFromNative(taken[0]))
      else this.#load(taken)
    }
  }

  #load(batch) {
    if (this.#draining) return
    this.#elements = this.#decoder.items(batch)
    this.#at = 0
  }

  #take() {
    const item = this.#decoder.item(this.#elements[this.#at++])
    return this.#account?.price(item) ?? item
  }

  // Everybody who waits learns that it is over; the first of them gets the error, if there is one.
  #finish() {
    if (!this.#ended) {
      this.#ended = true
      this.#account?.settle(this.completion())
      if (this.#trace !== undefined) this.#report()
      this.#elements = []
      this.#at = 0
      this.#release()
      finalizers.unregister(this)
    }
    for (const settle of this.#reads.splice(0)) {
      if (this.#failure === undefined || this.#failureTold) {
        settle(DONE)
      } else {
        this.#failureTold = true
        settle(failed(this.#failure))
      }
    }
    for (const end of this.#ends.splice(0)) {
      if (this.#failure === undefined) end.resolve()
      else end.reject(this.#failure)
    }
  }

  #report() {
    if (this.#failure === undefined) this.#trace.ended(this.completion())
    else this.#trace.failed(this.#failure)
  }
}

module.exports = { NativeSource }
