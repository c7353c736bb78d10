'use strict'

// What the caller hands over becomes JSON text, or an error that names what cannot.

const { setCause } = require('./aihubmix-error')
const { invalidRequest } = require('./error')
const { messageOf } = require('./thrown')
const { stringify } = require('./stringify')

// How far down the place of a mistake is looked for.
const DEEPEST = 50

// `refuse` makes the error: (param, message) => Error.
function toJson(value, refuse = invalidRequest) {
  let cause
  try {
    const text = stringify(value)
    if (text !== undefined) return text
  } catch (error) {
    cause = error
  }
  // What is nested too deeply has no place at fault but the whole of it.
  const { path, reason } = findUnwritable(value, cause instanceof RangeError ? 1 : DEEPEST)
  const error = refuse(
    path || 'body',
    reason ??
      `this cannot be written as JSON: ${cause === undefined ? 'it has no JSON form' : messageOf(cause)}`
  )
  if (cause !== undefined) setCause(error, cause)
  throw error
}

// The same for what the core reads as Unicode: halves of surrogate pairs become U+FFFD, values and names alike.
function toUnicodeJson(value, refuse = invalidRequest) {
  const text = toJson(value, refuse)
  // Only they are escaped so.
  return text.includes('\\ud') ? stringify(unicode(JSON.parse(text))) : text
}

function unicode(value) {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(unicode)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), unicode(member)])
  )
}

// Plain data for the core: what JSON cannot hold becomes a sign that the core knows.
function toPlain(value, refuse = invalidRequest, path = '', parents = []) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'function') return { callback: true }
  if (typeof value === 'bigint' || typeof value === 'symbol')
    throw refuse(path, `\`${path}\` is a ${typeof value}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (parents.includes(value)) throw refuse(path, refersBack(path))
  // Headers and Map.
  const isMap = typeof value.forEach === 'function' && typeof value.entries === 'function'
  const members = isMap ? [...value.entries()] : Object.entries(value)
  const above = [...parents, value]
  return Object.fromEntries(
    members.map(([key, member]) => [key, toPlain(member, refuse, below(path, key), above)])
  )
}

// Where writing fails, `messages[0].content`, and why if that is known: down from the root, always into
// the first member that cannot be written by itself.
function findUnwritable(value, levels, path = '', parents = []) {
  if (typeof value === 'bigint') {
    return {
      path,
      reason: `\`${path}\` is a BigInt, which JSON cannot hold: use a number or a string`
    }
  }
  if (parents.includes(value)) return { path, reason: refersBack(path) }
  if (typeof value !== 'object' || value === null || levels === 0) return { path }
  for (const key of Object.keys(value)) {
    let member
    try {
      member = value[key]
      stringify(member)
    } catch {
      return findUnwritable(member, levels - 1, below(path, key, value), [...parents, value])
    }
  }
  return { path }
}

function below(path, key, parent) {
  if (Array.isArray(parent)) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function refersBack(path) {
  return `\`${path}\` refers back to what it is part of, which JSON cannot hold`
}

module.exports = { toJson, toPlain, toUnicodeJson }
