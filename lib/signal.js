'use strict'

// The signal of a request. However many calls share one signal, it has one listener of ours, and none
// when the last of them is over.

const { aborted, invalidRequest } = require('./error')

// What waits for each signal: { callbacks, listener }.
const watches = new WeakMap()

// The signal of a request, checked. An aborted one throws at once.
function signalOf(request) {
  const signal = request?.signal
  if (signal === undefined || signal === null) return undefined
  if (!isSignal(signal)) throw invalidRequest('signal', '`signal` must be an AbortSignal')
  if (signal.aborted) throw aborted(signal.reason)
  return signal
}

function isSignal(value) {
  return (
    typeof value.addEventListener === 'function' &&
    typeof value.removeEventListener === 'function' &&
    typeof value.aborted === 'boolean'
  )
}

// Calls `callback(reason)` when the signal is aborted; what is returned takes it back.
function onAbort(signal, callback) {
  const watch = watches.get(signal) ?? startWatch(signal)
  watch.callbacks.add(callback)
  return () => {
    if (watch.callbacks.delete(callback) && watch.callbacks.size === 0) {
      watches.delete(signal)
      signal.removeEventListener('abort', watch.listener)
    }
  }
}

function startWatch(signal) {
  const callbacks = new Set()
  const listener = () => {
    for (const callback of [...callbacks]) callback(signal.reason)
  }
  const watch = { callbacks, listener }
  watches.set(signal, watch)
  signal.addEventListener('abort', listener, { once: true })
  return watch
}

module.exports = { isSignal, onAbort, signalOf }
