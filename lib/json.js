'use strict'

// What the caller hands over becomes JSON text, or an error that names what cannot.

const { invalidRequest } = require('./error')

// `refuse` makes the error: (param, message) => Error.
function toJson(value, refuse = invalidRequest) {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    const found = findUnwritable(value, '', [])
    const error = refuse(found?.path ?? 'body', found?.reason ?? `this cannot be written as JSON: ${cause.message}`)
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
    throw error
  }
}

// The path of the first BigInt or cycle: `messages[0].content`.
function findUnwritable(value, path, parents) {
  if (typeof value === 'bigint') {
    return { path, reason: `\`${path}\` is a BigInt, which JSON cannot hold: use a number or a string` }
  }
  if (typeof value !== 'object' || value === null) return undefined
  if (parents.includes(value)) {
    return { path, reason: `\`${path}\` refers back to what it is part of, which JSON cannot hold` }
  }
  for (const key of Object.keys(value)) {
    const below = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const found = findUnwritable(value[key], below, [...parents, value])
    if (found !== undefined) return found
  }
  return undefined
}

// Plain data for the core: what JSON cannot hold becomes a sign that the core knows.
function toPlain(value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'function') return { callback: true }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (typeof value.forEach === 'function' && typeof value.entries === 'function') return Object.fromEntries(value.entries())
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member)]))
}

module.exports = { toJson, toPlain }
