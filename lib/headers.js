'use strict'

// Headers of answers.

// Pairs or members, as `Headers`. A character of theirs is a byte; what no header can hold is left out.
function headersOf(given) {
  return filled(new Headers(), given)
}

// For errors. Web frameworks copy the members of `error.headers` into their own answer: here they find none, not
// even the methods, which a `for in` sees of an ordinary one.
function hiddenHeadersOf(given) {
  return filled(new (hiddenHeaders())(), given)
}

// Made when it is first needed: Node.js loads `Headers` then.
let Hidden
function hiddenHeaders() {
  if (Hidden !== undefined) return Hidden
  Hidden = class extends Headers {}
  Object.defineProperty(Hidden, 'name', { __proto__: null, value: 'Headers' })
  for (const name of Object.keys(Headers.prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(Headers.prototype, name)
    Object.defineProperty(Hidden.prototype, name, {
      __proto__: null,
      ...descriptor,
      enumerable: false
    })
  }
  return Hidden
}

function filled(headers, given) {
  const entries = typeof given[Symbol.iterator] === 'function' ? given : Object.entries(given)
  for (const [name, value] of entries) {
    try {
      headers.append(name, value)
    } catch {}
  }
  return headers
}

module.exports = { headersOf, hiddenHeadersOf }
