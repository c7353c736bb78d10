'use strict'

// The mailbox of this realm: calls wait here under their id until a message comes for them.

const native = require('./native')
const { withoutContext } = require('./call-context')
const { errorFromNative } = require('./error')
const eventLoop = require('./event-loop')
const { onceInRealm } = require('./realm')

// The kinds of messages, see src/node/mailbox.rs.
const ANSWER = 0
const BATCH = 2
const END = 3
const KEY_REQUESTED = 5
const STEP = 6
const CONTENT_REQUESTED = 7
const PROGRESS = 8

// As many messages are taken at once: what waits in the core costs nothing.
const MOST_TAKEN = 64
// Id, kind and content.
const PARTS = 3

class Mailbox {
  #native
  #waiting = new Map()
  #lastId = 0

  // Import starts nothing: the mailbox opens with the first client. The bell holds this object
  // weakly, so that a realm that has ended (a Jest file) can be collected.
  get native() {
    this.#native ??= withoutContext(() => {
      const mailbox = new WeakRef(this)
      // What tools that look for open handles ask: whether this keeps the process alive.
      const resource = { hasRef: () => mailbox.deref()?.isAwaited ?? false }
      return new native.NativeMailbox(() => mailbox.deref()?.ring(), resource)
    })
    return this.#native
  }

  get isAwaited() {
    return this.#waiting.size > 0
  }

  nextId() {
    this.#lastId = (this.#lastId + 1) >>> 0
    return this.#lastId
  }

  // `recipient` gets the messages: answer(text), fail(error), batch(text or buffer), end(), keyRequested(),
  // step(text), contentRequested(source, restart), progress(sent, total); and abort(reason) if it throws on
  // the way. The event loop stays as long as anybody waits.
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

  // The bell: something has come, in a turn of its own.
  ring() {
    eventLoop.begin()
    this.deliver()
  }

  deliver() {
    const parts = this.native.take(MOST_TAKEN)
    let at = 0
    eventLoop.run(() => {
      if (at < parts.length) this.#dispatch(parts[at], parts[at + 1], parts[at + 2])
      at += PARTS
      if (at < parts.length) return true
      // There may be more, for which the bell does not ring again.
      if (at === MOST_TAKEN * PARTS) this.deliver()
      return false
    })
  }

  // Whatever a recipient makes of its message, the others get theirs.
  #dispatch(id, kind, content) {
    const recipient = this.#waiting.get(id)
    // Cancelled meanwhile.
    if (recipient === undefined) return
    try {
      this.#handOver(id, recipient, kind, content)
    } catch (error) {
      // A message on the way: a function of the caller's has thrown. A last one: it could not be read.
      if (this.#waiting.has(id)) recipient.abort(error)
      else recipient.fail(error)
    }
  }

  #handOver(id, recipient, kind, content) {
    if (kind === KEY_REQUESTED) return recipient.keyRequested()
    if (kind === CONTENT_REQUESTED) return recipient.contentRequested?.(...JSON.parse(content))
    if (kind === PROGRESS) return recipient.progress?.(...JSON.parse(content))
    if (kind === STEP) return recipient.step?.(content)
    this.unregister(id)
    if (kind === ANSWER) recipient.answer(content)
    else if (kind === BATCH) recipient.batch(content)
    else if (kind === END) recipient.end()
    else recipient.fail(errorFromNative(content))
  }
}

module.exports = { mailbox: onceInRealm('mailbox', () => new Mailbox()) }
