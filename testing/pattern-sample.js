'use strict'

// Texts that a regular expression may match: of each choice the first, of each repetition the least and then more; after
// those, choices at random. Each is to be tried against the pattern, so that what this reads too simply (lookarounds)
// costs a sample and never gives a wrong one.

const MOST_REPEATS = 40
const RANDOM_TRIES = 400
// Repetitions of repetitions multiply.
const LONGEST = 20_000
const CHARACTERS = 'aA0 _-.+/:@😀'
const ESCAPED = { d: '0', w: 'a', s: ' ', n: '\n', t: '\t', r: '\r', b: '', B: '' }
const MEMBERS = { d: '0123456789', w: 'abcxyz019_', '.': 'abcxyz019' }

/** @param lengths what else it has to satisfy, as a hint: `{ minLength?, maxLength? }` */
function* samplesOfPattern(pattern, { minLength, maxLength } = {}) {
  const first = () => 0
  for (let repeats = 0; repeats <= MOST_REPEATS; repeats += 1)
    yield new Reader(pattern, repeats, first).choices()
  for (const repeats of [minLength, maxLength])
    if (repeats > MOST_REPEATS && repeats <= 10_000)
      yield new Reader(pattern, repeats, first).choices()
  // The same ones each time.
  let state = 1
  const random = (count) => {
    state = (state * 48_271) % 2_147_483_647
    return state % count
  }
  for (let tried = 0; tried < RANDOM_TRIES; tried += 1)
    yield new Reader(pattern, random(8), random).choices()
}

// The ways in which validators read a pattern: with Unicode's properties and whole characters, and without.
function readings(pattern) {
  const ways = []
  for (const flags of ['u', '']) {
    try {
      ways.push(new RegExp(pattern, flags))
    } catch {}
  }
  // What is no pattern asks for nothing.
  return ways.length === 0 ? [/(?:)/] : ways
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
  // What the groups say, by number and by name.
  #groups = new Map()
  #count = 0

  /**
   * @param repeats how often what may repeat without end does, beyond the least
   * @param choose which of so many
   */
  constructor(pattern, repeats, choose) {
    this.pattern = pattern
    this.repeats = repeats
    this.choose = choose
  }

  choices() {
    const texts = [this.#sequence()]
    while (this.#next('|')) texts.push(this.#sequence())
    return texts[this.choose(texts.length)]
  }

  #sequence() {
    let text = ''
    while (this.#at < this.pattern.length && !'|)'.includes(this.#peek())) {
      const start = this.#at
      const atom = this.#atom()
      const end = this.#at
      const times = this.#times()
      const after = this.#at
      text += times > 0 ? atom : ''
      // Each time with choices of its own.
      for (let time = 1; time < times && text.length < LONGEST; time += 1) {
        this.#at = start
        text += this.#atom()
        this.#at = end
      }
      this.#at = after
    }
    return text
  }

  #atom() {
    const character = this.#take()
    if (character === '(') return this.#group()
    if (character === '[') return this.#class()
    if (character === '\\') return this.#escape()
    if (character === '^' || character === '$') return ''
    return character === '.' ? this.#oneOf(MEMBERS['.']) : character
  }

  #group() {
    const [opening, kind = ''] = /^\?(?:([:=!]|<[=!])|<\w+>)/.exec(this.#rest()) ?? ['']
    this.#at += opening.length
    const number = kind === '' ? ++this.#count : undefined
    const inner = this.choices()
    this.#next(')')
    if (kind === '') {
      this.#groups.set(String(number), inner)
      if (opening !== '') this.#groups.set(opening.slice(2, -1), inner)
    }
    return /[=!]/.test(kind) ? '' : inner
  }

  #class() {
    const start = this.#at - 1
    while (this.#at < this.pattern.length && this.#take() !== ']') {
      if (this.pattern[this.#at - 1] === '\\') this.#at += 1
    }
    const source = this.pattern.slice(start, this.#at)
    const inside = compiled(`^${source}$`)
    const members = [...CHARACTERS, ...source, ...escapedIn(source)]
    return this.#oneOf(members.filter((character) => inside?.test(character)))
  }

  #escape() {
    const code = /^(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2})/i.exec(this.#rest())?.[0]
    if (code !== undefined) {
      this.#at += code.length
      return characterOf(code)
    }
    const back = /^(?:(\d+)|k<(\w+)>)/.exec(this.#rest())
    if (back !== null) {
      this.#at += back[0].length
      return this.#groups.get(back[1] ?? back[2]) ?? ''
    }
    const letter = this.#take()
    if (letter === 'p' || letter === 'P') return this.#property(letter)
    return Object.hasOwn(MEMBERS, letter) && letter !== '.'
      ? this.#oneOf(MEMBERS[letter], ESCAPED[letter])
      : (ESCAPED[letter] ?? letter)
  }

  #property(letter) {
    const name = /^\{[^}]*\}/.exec(this.#rest())?.[0] ?? ''
    this.#at += name.length
    const inside = compiled(`^\\${letter}${name}$`)
    return this.#oneOf([...CHARACTERS].filter((character) => inside?.test(character)))
  }

  #times() {
    const found = /^(?:[*+?]|\{(\d+)(,)?(\d*)\})\??/.exec(this.#rest())
    if (found === null) return 1
    this.#at += found[0].length
    const [written, least, isRange, most] = found
    if (least === undefined) {
      if (written.startsWith('?')) return this.choose(2)
      return this.repeats + (written.startsWith('+') ? 1 : 0)
    }
    const end = isRange ? Number(most || Number.POSITIVE_INFINITY) : Number(least)
    return Math.min(Number(least) + this.repeats, end)
  }

  // The first one, of choices that are no random ones.
  #oneOf(members, first = members[0]) {
    const at = this.choose(members.length || 1)
    return (at === 0 ? first : members[at]) ?? ''
  }

  #rest() {
    return this.pattern.slice(this.#at, this.#at + 40)
  }

  #peek() {
    return this.pattern[this.#at]
  }

  #take() {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.#at) ?? 0)
    this.#at += character.length
    return character
  }

  #next(expected) {
    if (this.#peek() !== expected) return false
    this.#at += 1
    return true
  }
}

// Characters that are written as numbers.
function escapedIn(source) {
  const codes = source.match(/(?<=\\)(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2})/gi) ?? []
  return codes.map(characterOf)
}

function characterOf(code) {
  const number = Number.parseInt(code.replace(/[ux{}]/g, ''), 16)
  return number <= 0x10ffff ? String.fromCodePoint(number) : ''
}

module.exports = { readings, samplesOfPattern }
