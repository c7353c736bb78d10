'use strict'

// Messages that were sent before: every turn of a conversation sends all that was said again. From the second time on
// the core keeps a message's text (src/node/body.rs), and it crosses no more for as long as its members, at every
// level, are the very same values. What has changed is sent as if it were new.
//
// The text goes with its message: the table is weak. It is bounded, too: texts that were not asked for while BOUND
// characters of others were are forgotten.

const { types } = require('node:util')

const BOUND = 32 << 20

// Deeper ones are sent whole each time.
const DEEPEST = 32

let lastId = 0

// What is known of a message that was sent.
class Sent {
  // What stands for a row of messages of which it is the last, see sent-rows.js.
  row

  constructor(snapshot, text, length) {
    // A message that has changed gets another.
    this.id = ++lastId
    this.snapshot = snapshot
    // Stands for its text, if that is kept.
    this.text = text
    this.length = length
  }
}

const ONCE = new Sent(undefined, undefined, 0)
const INCOMPARABLE = new Sent(undefined, undefined, 0)

class SentMessages {
  #keep
  // Two generations: what is asked for moves to the younger, and the elder goes when that is full.
  #recent = new WeakMap()
  #older = new WeakMap()
  #recentLength = 0

  // `keep(message)` makes what stands for its text: `{ text, length }`.
  constructor(keep) {
    this.#keep = keep
  }

  // The `Sent` of a message that is as it was.
  recall(message) {
    const sent = this.#recent.get(message) ?? this.#revive(message)
    if (sent === undefined || sent === INCOMPARABLE) return undefined
    if (sent === ONCE) {
      const kept = this.#kept(message)
      this.#enter(message, kept)
      return kept === INCOMPARABLE ? undefined : kept
    }
    if (isUnchanged(sent.snapshot, message)) return sent
    this.#recent.set(message, ONCE)
    return undefined
  }

  // This one may come again.
  remember(message) {
    if (!this.#recent.has(message)) this.#recent.set(message, ONCE)
  }

  #kept(message) {
    const snapshot = Snapshot.of(message, DEEPEST)
    if (snapshot === undefined) return INCOMPARABLE
    const { text, length } = this.#keep(message)
    return length > BOUND ? INCOMPARABLE : new Sent(snapshot, text, length)
  }

  #revive(message) {
    const sent = this.#older.get(message)
    if (sent !== undefined) this.#enter(message, sent)
    return sent
  }

  #enter(message, sent) {
    if (this.#recentLength + sent.length > BOUND) {
      this.#older = this.#recent
      this.#recent = new WeakMap()
      this.#recentLength = 0
    }
    this.#recent.set(message, sent)
    this.#recentLength += sent.length
  }
}

// An object or list of plain data as JSON sees it: its members in their order, the objects among them likewise.
class Snapshot {
  constructor(object, keys, members) {
    this.object = object
    // `undefined`: it is a list.
    this.keys = keys
    this.members = members
  }

  // Nothing if it is more than plain data: what it is when it is written cannot be seen from outside.
  static of(object, levels) {
    if (levels === 0 || object.toJSON !== undefined || types.isBoxedPrimitive(object)) return
    const isList = Array.isArray(object)
    const keys = Object.keys(object)
    if (isList && keys.length !== object.length) return
    const members = []
    for (const key of keys) {
      const { value, get } = Object.getOwnPropertyDescriptor(object, key)
      if (get !== undefined || !isComparable(value)) return
      const isNested = typeof value === 'object' && value !== null
      const member = isNested ? Snapshot.of(value, levels - 1) : value
      if (isNested && member === undefined) return
      members.push(member)
    }
    return new Snapshot(object, isList ? undefined : keys, members)
  }
}

function isComparable(value) {
  return !['function', 'symbol', 'bigint'].includes(typeof value) && !Number.isNaN(value)
}

function isUnchanged({ object, keys, members }, value) {
  if (value !== object || value.toJSON !== undefined) return false
  const now = keys === undefined ? value : Object.keys(value)
  if (now.length !== members.length) return false
  for (let at = 0; at < members.length; at += 1) {
    const kept = members[at]
    if (keys !== undefined && now[at] !== keys[at]) return false
    const member = value[keys === undefined ? at : keys[at]]
    if (kept instanceof Snapshot ? !isUnchanged(kept, member) : kept !== member) return false
  }
  return true
}

module.exports = { SentMessages }
