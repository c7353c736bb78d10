'use strict'

// A text that a regular expression matches: of each choice the first, of each repetition the least. What is
// found is tried against the pattern, so that what this reads too simply (lookarounds, back references) costs
// a sample and never gives a wrong one.

const REPEATS = [0, 1, 2, 4, 8, 16, 32]
const CHARACTERS = 'aA0 _-.+/:@😀'
const ESCAPED = { d: '0', w: 'a', s: ' ', n: '\n', t: '\t', r: '\r', b: '', B: '' }

/** @returns the text, or undefined if none is found; `fits` says what else it has to satisfy */
function sampleOfPattern(pattern, fits) {
  const tested = compiled(pattern)
  if (tested === undefined) return undefined
  for (const repeats of REPEATS) {
    const text = new Reader(pattern, repeats).choices()
    if (tested.test(text) && fits(text)) return text
  }
}

function compiled(pattern) {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {}
  }
}

class Reader {
  #at = 0

  /** @param repeats how often what may repeat without end does, beyond the least */
  constructor(pattern, repeats) {
    this.pattern = pattern
    this.repeats = repeats
  }

  /** The first of several alternatives, read to their end. */
  choices() {
    const first = this.#sequence()
    while (this.#next('|')) this.#sequence()
    return first
  }

  #sequence() {
    let text = ''
    while (this.#at < this.pattern.length && !'|)'.includes(this.#peek())) {
      const atom = this.#atom()
      text += atom.repeat(this.#times())
    }
    return text
  }

  #atom() {
    const character = this.#take()
    if (character === '(') return this.#group()
    if (character === '[') return this.#class()
    if (character === '\\') return this.#escape()
    if (character === '^' || character === '$') return ''
    return character === '.' ? 'a' : character
  }

  #group() {
    const [opening] = /^(\?(?:[:=!]|<[=!]|<\w+>))?/.exec(this.pattern.slice(this.#at))
    this.#at += opening.length
    const inner = this.choices()
    this.#next(')')
    return /^\?<?[=!]/.test(opening) ? '' : inner
  }

  #class() {
    const start = this.#at - 1
    while (this.#at < this.pattern.length && this.#take() !== ']') {
      if (this.pattern[this.#at - 1] === '\\') this.#at += 1
    }
    const source = this.pattern.slice(start, this.#at)
    const inside = compiled(`^${source}$`)
    return [...CHARACTERS, ...source].find((character) => inside?.test(character)) ?? ''
  }

  #escape() {
    const letter = this.#take()
    if (letter !== 'p') return ESCAPED[letter] ?? letter
    const name = /^\{[^}]*\}/.exec(this.pattern.slice(this.#at))?.[0] ?? ''
    this.#at += name.length
    const inside = compiled(`^\\p${name}$`)
    return [...CHARACTERS].find((character) => inside?.test(character)) ?? ''
  }

  #times() {
    const found = /^(?:[*+?]|\{(\d+)(,)?(\d*)\})\??/.exec(this.pattern.slice(this.#at))
    if (found === null) return 1
    this.#at += found[0].length
    const [written, least, isRange, most] = found
    if (least === undefined) {
      if (written.startsWith('?')) return 0
      return this.repeats + (written.startsWith('+') ? 1 : 0)
    }
    const end = isRange ? Number(most || Infinity) : Number(least)
    return Math.min(Number(least) + this.repeats, end)
  }

  #peek() {
    return this.pattern[this.#at]
  }

  #take() {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at))
    this.#at += character.length
    return character
  }

  #next(expected) {
    if (this.#peek() !== expected) return false
    this.#at += 1
    return true
  }
}

module.exports = { sampleOfPattern }
