'use strict'

// A text that a JSON schema admits: what it is told to say where that fits, else a sample of its format or its pattern.

const { readings, samplesOfPattern } = require('./pattern-sample')

const FORMATS = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
  emoji: '😀',
  ipv6: '2001:db8:0:0:0:0:0:1',
  hostname: 'example.com',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmVk'
}

// As long a text is at most, whatever its schema asks for.
const LONGEST = 100_000

function stringOf(schema, text) {
  const patterns = [schema.pattern ?? []].flat().filter((one) => typeof one === 'string')
  const read = patterns.map(readings)
  const known = Object.hasOwn(FORMATS, schema.format ?? '') ? FORMATS[schema.format] : undefined
  const usual = known ?? ofLength(schema, text)
  // As every validator reads the patterns, if there is such a text.
  for (const matches of ['every', 'some']) {
    const fits = (value) =>
      hasLength(schema, value) && read.every((ways) => ways[matches]((way) => way.test(value)))
    for (const value of candidates(schema, usual, text, patterns)) if (fits(value)) return value
  }
  return usual
}

function* candidates(schema, usual, text, patterns) {
  yield usual
  for (const said of [text, text.toLowerCase(), text.toUpperCase()]) yield ofLength(schema, said)
  for (const pattern of patterns) yield* samplesOfPattern(pattern, schema)
}

// Of JSON schema a character is a code point, of JavaScript's validators a UTF-16 unit: it has to fit both.
function hasLength({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }, text) {
  return Array.from(text).length >= minLength && text.length <= maxLength
}

function ofLength({ minLength: least = 0, maxLength = Number.POSITIVE_INFINITY }, text) {
  const minLength = Math.min(Number(least) || 0, LONGEST)
  const missing = minLength - Array.from(text).length
  const long = missing > 0 ? text + '.'.repeat(missing) : text
  if (long.length <= maxLength) return long
  let cut = ''
  for (const character of long) {
    if (cut.length + character.length > maxLength) break
    cut += character
  }
  return hasLength({ minLength, maxLength }, cut) ? cut : '.'.repeat(minLength)
}

module.exports = { stringOf }
