'use strict'

// `JSON.stringify`, whatever somebody has put on `Object.prototype`.

function stringify(value) {
  const foreign = Object.prototype.toJSON
  if (foreign === undefined) return JSON.stringify(value)
  // It has been called before a replacer sees its result; what it was called on is taken instead.
  return JSON.stringify(value, function original(key, converted) {
    const given = this[key]
    return typeof given === 'object' && given !== null && given.toJSON === foreign
      ? given
      : converted
  })
}

module.exports = { stringify }
