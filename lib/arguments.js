'use strict'

// What callers hand over, and easily hand over wrong: each mistake is named by its parameter.

const native = require('./native')
const { invalidRequest } = require('./error')

// Members of `RequestOptions`, which stand in an argument of their own.
const REQUEST_OPTIONS = [
  'signal',
  'timeout',
  'maxRetries',
  'headers',
  'route',
  'fallback',
  'fit',
  'meter'
]
// Of `ClientOptions` alone.
const CLIENT_OPTIONS = [
  'apiKey',
  'baseURL',
  'fallbackBaseURLs',
  'appCode',
  'proxy',
  'ca',
  'openaiApi',
  'throttle',
  'pricing',
  'cacheTags',
  'inlineImageUrls',
  'limits',
  'logger',
  'logLevel'
]
const PLACES = new Map([
  ...REQUEST_OPTIONS.map((name) => [name, 'of the request: it belongs into the argument after']),
  ...CLIENT_OPTIONS.map((name) => [name, 'of the client: it belongs to its constructor, not into'])
])

function bodyOf(body) {
  const given = objectOf(body, 'body')
  checkPlaces(given, 'the body')
  checkAwaited(given)
  return given
}

// Of a promise JSON makes `{}`.
function checkAwaited(given) {
  for (const name of Object.keys(given)) {
    const value = given[name]
    if (isPromise(value) && value.toJSON === undefined)
      throw invalidRequest(name, notAwaited(value, `\`${name}\` cannot be sent`))
  }
}

// Options of the request and of the client among those of a model. `what`: where they were found.
function checkPlaces(given, what) {
  for (const name of Object.keys(given)) {
    const place = PLACES.get(name)
    if (place !== undefined && given[name] !== undefined)
      throw invalidRequest(name, `\`${name}\` is an option ${place} ${what}`)
  }
}

function objectOf(value, param) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value))
    return value
  throw invalidRequest(param, notAwaited(value, `\`${param}\` must be an object`))
}

// An object of ours, none of whose members is unknown. `param`: what stands before their names in an error.
function membersOf(value, known, param) {
  const given = objectOf(value, param)
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue
    const meant = native.meant(name, known)
    throw invalidRequest(
      name,
      `unknown member of \`${param}\`: ${name}${meant === null ? '' : ` (did you mean ${meant}?)`}`
    )
  }
  return { __proto__: null, ...given }
}

function textOf(value, param) {
  if (typeof value === 'string' && value !== '') return value
  throw invalidRequest(param, notAwaited(value, `\`${param}\` must be a string`))
}

function isPromise(value) {
  return typeof value?.then === 'function'
}

// What is wrong with a value, and why that may be.
function notAwaited(value, message) {
  return isPromise(value) ? `${message}: it is a promise, which wants an \`await\`` : message
}

module.exports = {
  bodyOf,
  checkAwaited,
  checkPlaces,
  isPromise,
  membersOf,
  notAwaited,
  objectOf,
  textOf
}
