'use strict'

// One source of chunks for two readers. Each chunk waits for the slower one.

const { aborted, atCaller } = require('./error')
const eventLoop = require('./event-loop')

function tee(source) {
  const left = new Branch(source)
  const right = new Branch(source)
  left.other = right
  right.other = left
  return [left, right]
}

class Branch {
  #source
  // What the other branch has read ahead: promises of results.
  #ahead = []
  #closed = false
  // Those who wait for the end: `reject` of each.
  #waiting = new Set()

  constructor(source) {
    this.#source = source
  }

  next() {
    if (this.#closed) return Promise.resolve({ value: undefined, done: true })
    if (this.#ahead.length > 0) {
      const next = this.#ahead.shift()
      return eventLoop.isSpent() ? inTurn(next) : next
    }
    const next = this.#source.next()
    this.other.#offer(next)
    return shared(next)
  }

  async drain() {
    for (;;) {
      const { done } = await this.next()
      if (done) return
    }
  }

  completion() {
    return this.#source.completion()
  }

  over() {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#source
        .over()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(reject))
      // Later than an end that has come already.
      if (this.#closed) setImmediate(() => reject(closedByReader()))
    })
  }

  abort(reason) {
    this.#source.abort(reason)
  }

  // The connection closes when neither branch wants more.
  cancel() {
    this.#closed = true
    this.#ahead = []
    // The other branch may never be read, and then there is no end.
    for (const reject of this.#waiting) reject(closedByReader())
    if (this.other.#closed) this.#source.cancel()
  }

  #offer(next) {
    if (this.#closed) return
    // A failure is for whoever reads it; unread it must not count as unhandled.
    next.catch(() => {})
    this.#ahead.push(next)
  }
}

async function shared(next) {
  try {
    return await next
  } catch (error) {
    throw atCaller(error)
  }
}

// What is there already, when the event loop has had its turn.
function inTurn(next) {
  return new Promise((resolve) => eventLoop.run(() => resolve(next)))
}

function closedByReader() {
  return aborted(undefined, 'the stream was closed by its reader')
}

module.exports = { tee }
