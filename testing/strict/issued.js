'use strict'

// The state that the gateway has given out: signatures of thinking, thought signatures, encrypted reasoning,
// ids of stored items. A vendor takes back what it issued itself, as it was, and behind what it was made from.

const STATE = new Set(['signature', 'thoughtSignature', 'encrypted_content', 'thought_signature'])

class IssuedState {
  #known = new Map()

  /**
   * Notes what an answer carries.
   * @param originOf (state) => what it was made from, `{ model, prefix?, before? }`: a vendor may hold it to that
   */
  issue(payload, originOf) {
    for (const [state, holder] of stateIn(payload)) {
      if (state === '' || this.find(state) !== undefined) continue
      this.#known.set(state, { ...originOf(state), text: holder.thinking, disowned: false })
    }
  }

  /** @returns {{ model, prefix, before, text } | undefined} undefined: not issued, or disowned since */
  find(value) {
    const found = this.#known.get(value)
    return found?.disowned ? undefined : found
  }

  /** From now on nothing that was issued so far is known: another account, host or key serves. */
  disown() {
    for (const entry of this.#known.values()) entry.disowned = true
  }

  clear() {
    this.#known.clear()
  }
}

function* stateIn(value) {
  if (value === null || typeof value !== 'object') return
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && isState(name, value)) yield [member, value]
    else yield* stateIn(member)
  }
}

function isState(name, { type, object }) {
  if (name === 'data') return type === 'redacted_thinking'
  return STATE.has(name) || (name === 'id' && object === 'response')
}

module.exports = { IssuedState }
