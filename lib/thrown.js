'use strict'

// What functions of the caller's have thrown. It may be anything, and may throw itself when it is looked at.

const UNREADABLE = 'something was thrown that cannot be shown'

// In words.
function messageOf(thrown) {
  return wordsOf(thrown) ?? UNREADABLE
}

// As the cause of an error, which somebody will log.
function causeOf(thrown) {
  return wordsOf(thrown) === undefined ? new Error(UNREADABLE) : thrown
}

function wordsOf(thrown) {
  try {
    const message = thrown?.message
    return typeof message === 'string' ? message : String(thrown)
  } catch {
    return undefined
  }
}

module.exports = { causeOf, messageOf }
