'use strict'

// Work of the facade's own that belongs to a call (looking at a file, pausing between two polls): it is ended like
// the call, by the signal, by `close()`, by a deadline.

const { setMaxListeners } = require('node:events')
const { CallContext } = require('./call-context')
const { aborted, closed } = require('./error')
const { onAbort } = require('./signal')

// Without what somebody may have added to `Object.prototype`, such as `signal`.
const ONCE = { __proto__: null, once: true }

// What timers of Node.js can wait; more would be no wait at all.
const LONGEST_TIMER = 2 ** 31 - 1

// `work(signal)` learns by its signal that nobody waits any more. `deadline`: `{ ms, error() }`.
async function interruptible(inFlight, signal, work, deadline) {
  if (inFlight.closed) throw closed()
  const context = new CallContext()
  const over = new AbortController()
  // One for each file.
  setMaxListeners(0, over.signal)
  const ended = new Promise((_resolve, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason), ONCE)
  })
  // It may end when nobody waits for it.
  ended.catch(() => {})
  const entry = { abort: (reason) => context.run(() => over.abort(aborted(reason))) }
  inFlight.calls.add(entry)
  const unwatch = signal && onAbort(signal, entry.abort)
  const timer =
    deadline && setTimeout(() => over.abort(deadline.error()), Math.min(deadline.ms, LONGEST_TIMER))
  const working = work(over.signal)
  working.catch(() => {})
  try {
    return await Promise.race([working, ended])
  } finally {
    clearTimeout(timer)
    unwatch?.()
    inFlight.calls.delete(entry)
  }
}

function pausing(ms) {
  return (signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER))
      signal.addEventListener('abort', () => clearTimeout(timer), ONCE)
    })
}

module.exports = { interruptible, pausing }
