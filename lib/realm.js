'use strict'

// What there is once in a realm (`globalThis`), however often these modules are loaded: a test runner resets them,
// and what is loaded late (see client.js) would have another mailbox and another error class.

const native = require('./native')

const KEY = Symbol.for('aihubmix-native.realm')

// What `make()` made when this `name` was first asked for here.
function onceInRealm(name, make) {
  if (globalThis[KEY] === undefined) {
    Object.defineProperty(globalThis, KEY, {
      __proto__: null,
      value: new WeakMap(),
      configurable: true
    })
  }
  // Another version of this package brings another binary.
  const binaries = globalThis[KEY]
  const things = binaries.get(native.NativeClient) ?? new Map()
  binaries.set(native.NativeClient, things)
  if (!things.has(name)) things.set(name, make())
  return things.get(name)
}

module.exports = { onceInRealm }
