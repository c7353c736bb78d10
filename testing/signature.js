'use strict'

// Signatures and encrypted content stand for state that only the vendor can read.
// Here they are a digest, so that a test can see whether they came back unchanged.

const { createHash } = require('node:crypto')

function signatureOf(text) {
  return `mock${createHash('sha256').update(text).digest('base64')}`
}

module.exports = { signatureOf }
