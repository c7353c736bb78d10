'use strict'

// How a text is cut up for streaming.

/** At word boundaries, every space with the word after it: "You", " said:", " hello". */
function words(text) {
  return text.match(/\s*\S+|\s+$/g) ?? []
}

/** Every few characters, as vendors stream the JSON of a tool call; never inside a character. */
function fragments(text, size = 8) {
  const characters = Array.from(text)
  const cut = []
  for (let start = 0; start < characters.length; start += size)
    cut.push(characters.slice(start, start + size).join(''))
  return cut
}

module.exports = { words, fragments }
