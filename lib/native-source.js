'use strict'

// The items of one stream, out of the core's batches. How a batch is read is the business of a reader:
// `items(batch)` gives its elements, `item(element)` makes of one what the consumer gets.

const { aborted, errorFromNative } = require('./error')
const { mailbox } = require('./mailbox')
const { onAbort } = require('./signal')

const DONE = { value: undefined, done: true }

// Tidies up after sources that nobody holds any more. (Their connection is closed by the core.)
const dropped = new FinalizationRegistry((release) => release())

class NativeSource {
  #native
  #id
  #release
  // Elements of the last batch, and how many of them have been handed out.
  #elements = []
  #at = 0
  #reader
  // Readers that wait, oldest first: { resolve, reject }.
  #readers = []
  #draining = false
  #ended = false
  // Why it ended, unless properly; a reader is told once.
  #failure
  #told = false
  #watchers = []
  #trace
  #origin

  // `origin`: `{ requestId, attempts }` of the answer, for errors that are made here.
  constructor(native, id, reader, signal, streams, trace, origin) {
    this.#native = native
    this.#id = id
    this.#reader = reader
    this.#trace = trace
    this.#origin = origin
    const self = new WeakRef(this)
    streams.add(self)
    const unwatch = signal && onAbort(signal, (reason) => self.deref()?.abort(reason))
    this.#release = () => {
      streams.delete(self)
      unwatch?.()
    }
    dropped.register(this, this.#release, this)
  }

  next() {
    if (this.#at < this.#elements.length) {
      return Promise.resolve({ value: this.#reader.item(this.#elements[this.#at++]), done: false })
    }
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      if (this.#readers.length === 1) this.#pull()
    })
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
    return json === null ? undefined : JSON.parse(json)
  }

  // Ends it early, silently: the reader wants no more.
  cancel() {
    if (this.#ended) return
    mailbox.cancel(this.#id)
    this.#trace?.ended(this.completion(), true)
    this.#told = true
    this.fail(aborted(undefined, 'the stream was closed by its reader'))
  }

  // Settles at the end: properly, or with the reason why not.
  over() {
    return new Promise((resolve, reject) => {
      this.#watchers.push({ resolve, reject })
      if (this.#ended) this.#finish()
    })
  }

  // Ends it early, with an error for whoever reads.
  abort(reason) {
    if (this.#ended) return
    const error = aborted(reason)
    const partial = this.#native.partial?.() ?? null
    const attempts = mailbox.cancel(this.#id)
    error.attempts = this.#origin?.attempts ?? attempts
    if (this.#origin?.requestId) error.requestId = this.#origin.requestId
    if (partial !== null) {
      error.partial = JSON.parse(partial)
      const { requestId, attempts } = error.partial.aihubmix
      Object.assign(error, { requestId, attempts })
    }
    this.fail(error)
  }

  batch(batch) {
    this.#handOut(batch)
    this.#pull()
  }

  end() {
    this.#finish()
  }

  fail(error) {
    this.#failure = error
    this.#finish()
  }

  // Takes as long as anybody waits and there is something.
  #pull() {
    while (this.#readers.length > 0) {
      if (this.#ended) return this.#finish()
      const taken = this.#native.take()
      if (taken === true) this.end()
      else if (taken === null) return mailbox.register(this.#id, this)
      else if (Array.isArray(taken)) this.fail(errorFromNative(taken[0]))
      else this.#handOut(taken)
    }
  }

  #handOut(batch) {
    if (this.#draining) return
    this.#elements = this.#reader.items(batch)
    this.#at = 0
    while (this.#readers.length > 0 && this.#at < this.#elements.length) {
      const item = this.#reader.item(this.#elements[this.#at++])
      this.#readers.shift().resolve({ value: item, done: false })
    }
  }

  // Everybody who waits learns that it is over; the first of them gets the error, if there is one.
  #finish() {
    if (!this.#ended) {
      this.#ended = true
      if (this.#trace !== undefined) this.#report()
      this.#elements = []
      this.#at = 0
      this.#release()
      dropped.unregister(this)
    }
    for (const reader of this.#readers.splice(0)) {
      if (this.#failure === undefined || this.#told) {
        reader.resolve(DONE)
      } else {
        this.#told = true
        reader.reject(this.#failure)
      }
    }
    for (const watcher of this.#watchers.splice(0)) {
      if (this.#failure === undefined) watcher.resolve()
      else watcher.reject(this.#failure)
    }
  }

  #report() {
    if (this.#failure === undefined) this.#trace.ended(this.completion())
    else this.#trace.failed(this.#failure)
  }
}

module.exports = { NativeSource }
