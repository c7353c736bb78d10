'use strict'

// The scripts that wait for their requests, in the order they were queued.

const KNOWN_KEYS = new Set([
  'status',
  'headers',
  'json',
  'text',
  'sse',
  'chat',
  'delayMs',
  'gapMs',
  'chunkBytes',
  'stallAfter',
  'cutAfter',
  'match'
])
const BODIES = ['json', 'text', 'sse', 'chat']
const COUNTS = ['status', 'delayMs', 'gapMs', 'chunkBytes', 'stallAfter', 'cutAfter']

class ScriptQueue {
  #waiting = []

  get length() {
    return this.#waiting.length
  }

  /** @param scripts one script or a list of them; all are checked before any is taken in */
  add(scripts) {
    const list = Array.isArray(scripts) ? scripts : [scripts]
    list.forEach(check)
    this.#waiting.push(...list)
  }

  /** The first waiting script that fits the request, which leaves the queue. */
  take(request) {
    const position = this.#waiting.findIndex((script) => fits(script, request))
    return position < 0 ? undefined : this.#waiting.splice(position, 1)[0]
  }

  clear() {
    this.#waiting = []
  }
}

function fits({ match }, request) {
  if (match === undefined) return true
  return typeof match === 'function' ? Boolean(match(request)) : request.path.includes(match)
}

function check(script) {
  if (script === null || typeof script !== 'object')
    throw new TypeError('enqueue: a script is an object')
  for (const key of Object.keys(script)) {
    if (!KNOWN_KEYS.has(key))
      throw new TypeError(`enqueue: unknown key "${key}" (known: ${[...KNOWN_KEYS].join(', ')})`)
  }
  const bodies = BODIES.filter((key) => script[key] !== undefined)
  if (bodies.length > 1) throw new TypeError(`enqueue: ${bodies.join(' and ')} exclude each other`)
  if (script.sse !== undefined && !Array.isArray(script.sse))
    throw new TypeError('enqueue: sse is a list of events')
  for (const key of COUNTS) {
    const value = script[key]
    if (value === undefined) continue
    const least = key === 'chunkBytes' ? 1 : 0
    if (!Number.isInteger(value) || value < least)
      throw new TypeError(`enqueue: ${key} is a whole number from ${least}`)
  }
}

module.exports = { ScriptQueue }
