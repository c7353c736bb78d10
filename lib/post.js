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
  // contentWanted(source, restart), progress(sent, total). The event loop stays as long as anybody waits.
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
      const kind = letters[at + 1]
      const text = letters[at + 2]
      if (kind === KEY_WANTED) {
        reader.keyWanted()
        continue
      }
      if (kind === CONTENT_WANTED) {
        reader.contentWanted?.(...JSON.parse(text))
        continue
      }
      if (kind === PROGRESS) {
        reader.progress?.(...JSON.parse(text))
        continue
      }
      if (kind === STEP) {
        reader.step(text)
        continue
      }
      this.forget(id)
      // Whatever one reader makes of its letter, the others get theirs.
      try {
        if (kind === ANSWER) reader.answer(text)
        else if (kind === BATCH) reader.batch(text)
        else if (kind === END) reader.end()
        else reader.fail(errorFromNative(text))
      } catch (error) {
        reader.fail(error)
      }
    }
  }
}

module.exports = { post: new Post() }
