'use strict'

// What the caller hands over becomes JSON text, or an error that names what cannot.

const { invalidRequest, setCause } = require('./error')

// `refuse` makes the error: (param, message) => Error.
function toJson(value, refuse = invalidRequest) {
  let cause
  try {
    const text = JSON.stringify(value)
    if (text !== undefined) return text
  } catch (error) {
    cause = error
  }
  const { path, reason } = findUnwritable(value)
  const error = refuse(path || 'body', reason ?? `this cannot be written as JSON: ${cause?.message ?? 'it has no JSON form'}`)
  if (cause !== undefined) setCause(error, cause)
  throw error
}

// Plain data for the core: what JSON cannot hold becomes a sign that the core knows.
function toPlain(value, refuse = invalidRequest, path = '', parents = []) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'function') return { callback: true }
  if (typeof value === 'bigint' || typeof value === 'symbol') throw refuse(path, `\`${path}\` is a ${typeof value}`)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (parents.includes(value)) throw refuse(path, refersBack(path))
  // Headers and Map.
  const isMap = typeof value.forEach === 'function' && typeof value.entries === 'function'
  const members = isMap ? [...value.entries()] : Object.entries(value)
  const above = [...parents, value]
  return Object.fromEntries(members.map(([key, member]) => [key, toPlain(member, refuse, below(path, key), above)]))
}

// Where writing fails, and why if that is known: `messages[0].content`. JSON.stringify itself is asked,
// so that both agree on what is looked at.
function findUnwritable(value) {
  // From the root to what is being written.
  const trail = []
  let found
  try {
    JSON.stringify(value, function (key, member) {
      while (trail.length > 0 && trail.at(-1).value !== this) trail.pop()
      const path = trail.length === 0 ? '' : below(trail.at(-1).path, key, this)
      if (typeof member === 'bigint') {
        found ??= { path, reason: `\`${path}\` is a BigInt, which JSON cannot hold: use a number or a string` }
      } else if (typeof member === 'object' && member !== null) {
        if (trail.some((step) => step.value === member)) found ??= { path, reason: refersBack(path) }
        trail.push({ value: member, path })
      }
      return member
    })
  } catch {
    // What fails without being found here (a getter, a `toJSON`, too deep a nesting) is below the last step.
  }
  return found ?? { path: trail.length < 10 ? trail.at(-1)?.path : trail[1]?.path }
}

function below(path, key, parent) {
  if (Array.isArray(parent)) return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function refersBack(path) {
  return `\`${path}\` refers back to what it is part of, which JSON cannot hold`
}

module.exports = { toJson, toPlain }
