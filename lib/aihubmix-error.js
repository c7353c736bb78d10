'use strict'

// The one error class, made here so that it belongs to the caller's realm: native errors belong to
// the outer one, where `instanceof Error` fails inside Jest.

const { hiddenHeadersOf } = require('./headers')
const { onceInRealm } = require('./realm')
const { causeOf } = require('./thrown')

const BRAND = Symbol.for('aihubmix-native.AihubmixError')

const AihubmixError = onceInRealm('AihubmixError', makeClass)

function makeClass() {
  class AihubmixError extends Error {
    // `details`: the other members, see types/errors.d.ts.
    constructor(message, code, status, details) {
      super(message)
      this.code = code
      this.status = status
      this.retryable = false
      this.attempts = 0
      if (details === undefined || details === null) return
      const { cause, headers, ...members } = details
      Object.assign(this, members, { message, code, status })
      if (headers !== undefined && headers !== null) setHeaders(this, headers)
      if (cause !== undefined) setCause(this, cause)
    }

    get [BRAND]() {
      return true
    }

    // For logs: everything but the stack, the message and the cause's too.
    toJSON() {
      const { name, message } = this
      const shown = { __proto__: null, name, message, ...this }
      const { headers } = shown
      const cause = Object.hasOwn(this, 'cause') ? this.cause : undefined
      if (headers !== undefined) shown.headers = Object.fromEntries(headers)
      if (cause instanceof Error) shown.cause = { name: cause.name, message: cause.message }
      else if (cause !== undefined) shown.cause = String(cause)
      return { ...shown }
    }

    // Also true for errors of another copy of this package.
    static isInstance(value) {
      return typeof value === 'object' && value !== null && value[BRAND] === true
    }
  }
  Object.defineProperty(AihubmixError.prototype, 'name', {
    __proto__: null,
    value: 'AihubmixError',
    configurable: true,
    writable: true
  })
  return AihubmixError
}

// Node.js cannot load its `Headers` where somebody has added `get` or `set` to `Object.prototype`: the error is told all
// the same.
function setHeaders(error, headers) {
  try {
    error.headers = hiddenHeadersOf(headers)
  } catch {}
}

// As Error's own `cause` option makes it: there, but not enumerable.
function setCause(error, thrown) {
  return Object.defineProperty(error, 'cause', {
    __proto__: null,
    value: causeOf(thrown),
    configurable: true,
    writable: true
  })
}

module.exports = { AihubmixError, setCause }
