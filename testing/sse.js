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

function dataLines(text) {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}`)
    .join('\n')
}

module.exports = { encodeEvent, encodeScriptedEvent }
