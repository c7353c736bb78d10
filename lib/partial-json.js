'use strict'

// A JSON text that is still being written, as the value that it is so far. Each character is looked at once: the value
// grows in place. Text in a string shows at once; a number or a word (`true`) when it is complete.
//
// Whether the text is JSON is not judged here: what cannot be read on leaves the value as it is.

const PLAIN = /[^"\\]*/y
const SCALAR = /[-+.\w]*/y

class PartialJson {
  // Undefined before it begins.
  value
  #begun = false
  // Containers that are open, the innermost last: { value, key }, where `key` is that of the member that is read.
  #open = []
  #state = 'structure'
  // A string's text or a scalar's, so far; and an escape's.
  #text = ''
  #escape = ''
  #isKey = false

  push(text) {
    for (let at = 0; at < text.length && this.#state !== 'over'; ) at = this.#step(text, at)
    return this.value
  }

  #step(text, at) {
    switch (this.#state) {
      case 'string':
        return this.#readString(text, at)
      case 'escape':
        return this.#readEscape(text, at)
      case 'scalar':
        return this.#readScalar(text, at)
      case 'fence':
        return this.#passFence(text, at)
      default:
        return this.#readStructure(text, at)
    }
  }

  #readStructure(text, at) {
    const character = text[at]
    const inside = this.#open.at(-1)
    if (' \n\r\t'.includes(character)) return at + 1
    if (character === '{') this.#enter({})
    else if (character === '[') this.#enter([])
    else if (character === '}' || character === ']') this.#leave()
    else if (character === ',' || character === ':') {
      if (character === ',' && inside !== undefined) inside.key = undefined
    } else if (character === '"') {
      this.#isKey = inside !== undefined && !Array.isArray(inside.value) && inside.key === undefined
      this.#text = ''
      this.#state = 'string'
      if (!this.#isKey) this.#begin('')
    } else if (character === '`' && !this.#begun) this.#state = 'fence'
    else {
      this.#text = ''
      this.#state = 'scalar'
      return at
    }
    return at + 1
  }

  // A Markdown fence's first line.
  #passFence(text, at) {
    const end = text.indexOf('\n', at)
    if (end < 0) return text.length
    this.#state = 'structure'
    return end + 1
  }

  #readString(text, at) {
    const end = endOf(PLAIN, text, at)
    this.#text += text.slice(at, end)
    if (text[end] === '\\') {
      this.#escape = '\\'
      this.#state = 'escape'
    } else if (text[end] === '"') this.#state = 'structure'
    if (this.#isKey) {
      if (text[end] === '"') this.#open.at(-1).key = this.#text
    } else this.#put(this.#text)
    if (this.#open.length === 0 && this.#state === 'structure') this.#state = 'over'
    return end + 1
  }

  #readEscape(text, at) {
    this.#escape += text[at]
    const length = this.#escape[1] === 'u' ? 6 : 2
    if (this.#escape.length === length) {
      const character = wholeJson(`"${this.#escape}"`)
      this.#state = character === undefined ? 'over' : 'string'
      this.#text += character ?? ''
    }
    return at + 1
  }

  #readScalar(text, at) {
    const end = endOf(SCALAR, text, at)
    this.#text += text.slice(at, end)
    if (end === text.length) return end
    const value = wholeJson(this.#text)
    if (value === undefined) this.#state = 'over'
    else {
      this.#begin(value)
      this.#state = this.#open.length === 0 ? 'over' : 'structure'
    }
    return end
  }

  #enter(container) {
    this.#begin(container)
    this.#open.push({ value: container, key: undefined })
  }

  #leave() {
    this.#open.pop()
    if (this.#open.length === 0) this.#state = 'over'
  }

  // A value's place, from here on.
  #begin(value) {
    this.#begun = true
    const inside = this.#open.at(-1)
    if (Array.isArray(inside?.value)) inside.key = inside.value.length
    this.#put(value)
  }

  #put(value) {
    const inside = this.#open.at(-1)
    if (inside === undefined) this.value = value
    else if (inside.key === '__proto__') {
      const member = { value, writable: true, enumerable: true, configurable: true }
      Object.defineProperty(inside.value, '__proto__', member)
    } else if (inside.key !== undefined) inside.value[inside.key] = value
  }
}

function endOf(pattern, text, at) {
  pattern.lastIndex = at
  pattern.exec(text)
  return pattern.lastIndex
}

// The value of a text, undefined if it is no JSON.
function wholeJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

module.exports = { PartialJson, wholeJson }
