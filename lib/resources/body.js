'use strict'

// What a caller's body must be before anything is read from it.

const { invalidRequest } = require('../error')

function bodyOf(body) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('body', '`body` must be an object')
  }
  return body
}

function textOf(value, param) {
  if (typeof value !== 'string' || value === '')
    throw invalidRequest(param, `\`${param}\` must be a string`)
  return value
}

module.exports = { bodyOf, textOf }
