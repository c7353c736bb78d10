'use strict'

// The signal of a request. However many calls share one signal, it has one listener of ours, and none
// when the last of them is over. It may be anybody's: whatever it does, calls settle.

const { setCause } = require('./aihubmix-error')
const { aborted, invalidRequest } = require('./error')
const { messageOf } = require('./thrown')

// Without what somebody may have added to `Object.prototype`, such as `signal`.
const ONCE = { __proto__: null, once: true }

// Who listens to each signal: { callbacks, listener, hasFired }.
const subscriptions = new WeakMap()

// The signal of a request, checked. An aborted one throws at once.
function signalOf(request) {
  const signal = request?.signal
  // Nothing is taken from `Object.prototype`.
  if (signal === Object.prototype.signal && !Object.hasOwn(request ?? {}, 'signal'))
    return undefined
  if (signal === undefined || signal === null) return undefined
  if (!isSignal(signal)) throw invalidRequest('signal', '`signal` must be an AbortSignal')
  if (signal.aborted) throw aborted(reasonOf(signal))
  return signal
}

function isSignal(value) {
  return (
    typeof value.addEventListener === 'function' &&
    typeof value.removeEventListener === 'function' &&
    typeof value.aborted === 'boolean'
  )
}

// Calls `callback(reason)` when the signal is aborted, at once if it is already; what is returned takes it back.
function onAbort(signal, callback) {
  const subscription = subscriptions.get(signal) ?? subscribe(signal)
  const { callbacks, listener } = subscription
  callbacks.add(callback)
  if (subscription.hasFired || signal.aborted) callback(reasonOf(signal))
  return () => {
    if (!callbacks.delete(callback) || callbacks.size > 0) return
    subscriptions.delete(signal)
    try {
      signal.removeEventListener('abort', listener)
    } catch {
      // It calls nobody any more.
    }
  }
}

function subscribe(signal) {
  const callbacks = new Set()
  const listener = () => {
    // A signal may call while it is listened to, before anybody is entered.
    subscription.hasFired = true
    const reason = reasonOf(signal)
    // The last first: what waits in a queue is gone before others make room for it.
    for (const callback of [...callbacks].reverse()) callback(reason)
  }
  const subscription = { callbacks, listener, hasFired: false }
  try {
    signal.addEventListener('abort', listener, ONCE)
  } catch (error) {
    const message = `\`signal\` cannot be listened to: ${messageOf(error)}`
    throw setCause(invalidRequest('signal', message), error)
  }
  subscriptions.set(signal, subscription)
  return subscription
}

function reasonOf(signal) {
  try {
    return signal.reason
  } catch (error) {
    return error
  }
}

module.exports = { onAbort, signalOf }
