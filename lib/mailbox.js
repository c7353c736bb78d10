'use strict'

// The mailbox of this realm: calls wait here under their id until a message comes for them.

const native = require('./native')
const { errorFromNative } = require('./error')

// The kinds of messages, see src/node/mailbox.rs.
const ANSWER = 0
const BATCH = 2
const END = 3
const KEY_REQUESTED = 5
const STEP = 6
const CONTENT_REQUESTED = 7
const PROGRESS = 8

class Mailbox {
  #native
  #waiting = new Map()
  #lastId = 0

  // Import starts nothing: the mailbox opens with the first client. The bell holds this object
  // weakly, so that a realm that has ended (a Jest file) can be collected.
  get native() {
    if (this.#native === undefined) {
      const mailbox = new WeakRef(this)
      this.#native = new native.NativeMailbox(() => mailbox.deref()?.deliver())
    }
    return this.#native
  }

  nextId() {
    this.#lastId = (this.#lastId + 1) >>> 0
    return this.#lastId
  }

  // `recipient` gets the messages: answer(text), fail(error), batch(text or buffer), end(), keyRequested(), step(text),
  // contentRequested(source, restart), progress(sent, total); and abort(reason) if it throws on the way. The event
  // loop stays as long as anybody waits.
  register(id, recipient) {
    this.#waiting.set(id, recipient)
    if (this.#waiting.size === 1) this.native.keepAlive(true)
  }

  unregister(id) {
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.native.keepAlive(false)
  }

  // Asks for the steps of a call that is about to begin.
  watch(id) {
    this.native.watch(id)
  }

  // Cancels a call or stream: its connection closes and no message comes any more. How many requests
  // it had sent.
  cancel(id) {
    this.unregister(id)
    return this.native.cancel(id)
  }

  deliver() {
    const messages = this.native.take()
    for (let at = 0; at < messages.length; at += 3) {
      const id = messages[at]
      const recipient = this.#waiting.get(id)
      // Cancelled meanwhile.
      if (recipient === undefined) continue
      // Whatever one recipient makes of its message, the others get theirs.
      try {
        this.#dispatch(id, recipient, messages[at + 1], messages[at + 2])
      } catch (error) {
        // A message on the way: a function of the caller's has thrown. A last one: it could not be read.
        if (this.#waiting.has(id)) recipient.abort(error)
        else recipient.fail(error)
      }
    }
  }

  #dispatch(id, recipient, kind, text) {
    if (kind === KEY_REQUESTED) return recipient.keyRequested()
    if (kind === CONTENT_REQUESTED) return recipient.contentRequested?.(...JSON.parse(text))
    if (kind === PROGRESS) return recipient.progress?.(...JSON.parse(text))
    if (kind === STEP) return recipient.step?.(text)
    this.unregister(id)
    if (kind === ANSWER) recipient.answer(text)
    else if (kind === BATCH) recipient.batch(text)
    else if (kind === END) recipient.end()
    else recipient.fail(errorFromNative(text))
  }
}

module.exports = { mailbox: new Mailbox() }
