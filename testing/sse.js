'use strict'

// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html

/** One event of a payload. `named`: wires that repeat the payload's `type` in an `event:` line. */
function encodeEvent(payload, named) {
  if (typeof payload === 'string') return `${dataLines(payload)}\n\n`
  const name = named && typeof payload.type === 'string' ? `event: ${payload.type}\n` : ''
  return `${name}data: ${JSON.stringify(payload)}\n\n`
}

/**
 * One entry of a script's `sse` list. A string that begins as an event stream may begin (a field
 * such as `data:` or `event:`, a `:` comment, a line break, a byte order mark) is raw text and is sent
 * byte for byte, so that a test can write broken framing too. Any other string is a bare payload.
 */
function encodeScriptedEvent(entry, named) {
  const isRaw =
    typeof entry === 'string' && /^(?:\uFEFF|[\r\n]|:|(?:data|event|id|retry)[:\r\n])/.test(entry)
  return isRaw ? entry : encodeEvent(entry, named)
}

/** The JSON payloads of one entry of a script's `sse` list; what cannot be read has none. */
function payloadsOf(entry) {
  if (typeof entry !== 'string') return [entry]
  return entry.split(/\r\n\r\n|\n\n|\r\r/).flatMap((event) => {
    const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
    try {
      return [JSON.parse(lines.map((line) => line.slice(5)).join('\n') || event)]
    } catch {
      return []
    }
  })
}

function dataLines(text) {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}`)
    .join('\n')
}

module.exports = { encodeEvent, encodeScriptedEvent, payloadsOf }
