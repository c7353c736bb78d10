'use strict'

// The mailbox of this realm: calls wait here under their id until a letter comes for them.

const native = require('./native')
const { errorFromNative } = require('./error')

// The kinds of letters, see src/node/mailbox.rs.
const ANSWER = 0
const BATCH = 2
const END = 3
const KEY_WANTED = 5
const STEP = 6
const CONTENT_WANTED = 7
const PROGRESS = 8

class Post {
  #mailbox
  #waiting = new Map()
  #lastId = 0

  // Import starts nothing: the mailbox opens with the first client. The bell holds this object
  // weakly, so that a realm that has ended (a Jest file) can be collected.
  get mailbox() {
    if (this.#mailbox === undefined) {
      const post = new WeakRef(this)
      this.#mailbox = new native.Mailbox(() => post.deref()?.deliver())
    }
    return this.#mailbox
  }

  nextId() {
    this.#lastId = (this.#lastId + 1) >>> 0
    return this.#lastId
  }

  // `reader` gets the letters: answer(text), fail(error), batch(text or buffer), end(), keyWanted(), step(text),
  // contentWanted(source, restart), progress(sent, total); and abort(reason) if it throws on the way. The event
  // loop stays as long as anybody waits.
  await(id, reader) {
    this.#waiting.set(id, reader)
    if (this.#waiting.size === 1) this.mailbox.keepAlive(true)
  }

  forget(id) {
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.mailbox.keepAlive(false)
  }

  // Asks for the steps of a call that is about to begin.
  watch(id) {
    this.mailbox.watch(id)
  }

  // Cancels a call or stream: its connection closes and no letter comes any more. How many requests
  // it had sent.
  cancel(id) {
    this.forget(id)
    return this.mailbox.cancel(id)
  }

  deliver() {
    const letters = this.mailbox.take()
    for (let at = 0; at < letters.length; at += 3) {
      const id = letters[at]
      const reader = this.#waiting.get(id)
      // Cancelled meanwhile.
      if (reader === undefined) continue
      // Whatever one reader makes of its letter, the others get theirs.
      try {
        this.#hand(id, reader, letters[at + 1], letters[at + 2])
      } catch (error) {
        // A letter on the way: a function of the caller's has thrown. A last one: it could not be read.
        if (this.#waiting.has(id)) reader.abort(error)
        else reader.fail(error)
      }
    }
  }

  #hand(id, reader, kind, text) {
    if (kind === KEY_WANTED) return reader.keyWanted()
    if (kind === CONTENT_WANTED) return reader.contentWanted?.(...JSON.parse(text))
    if (kind === PROGRESS) return reader.progress?.(...JSON.parse(text))
    if (kind === STEP) return reader.step?.(text)
    this.forget(id)
    if (kind === ANSWER) reader.answer(text)
    else if (kind === BATCH) reader.batch(text)
    else if (kind === END) reader.end()
    else reader.fail(errorFromNative(text))
  }
}

module.exports = { post: new Post() }
