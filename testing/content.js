'use strict'

// What messages hold, read in the same way on several wires.

/** The text of a content: a string, or a list of parts. */
function textOf(content) {
  if (typeof content === 'string') return content
  return (content ?? [])
    .filter(({ text }) => typeof text === 'string')
    .map(({ text }) => text)
    .join('')
}

/** A call's arguments as a value; what is no JSON is none. */
function argumentsOf(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

module.exports = { argumentsOf, textOf }
