'use strict'

// What goes back to a client: a status, headers, and the body as the writes it is sent in.

function jsonReply(body, status = 200, headers = {}) {
  return bytesReply(Buffer.from(JSON.stringify(body)), 'application/json', status, headers)
}

function textReply(text, contentType = 'text/plain; charset=utf-8', status = 200) {
  return bytesReply(Buffer.from(text), contentType, status)
}

function bytesReply(bytes, contentType, status = 200, headers = {}) {
  return {
    status,
    headers: { 'Content-Type': contentType, ...headers },
    writes: [bytes],
    streamed: false
  }
}

/** @param {string[]} events each already in its wire form, blank line included; one write each */
function eventStreamReply(events, status = 200) {
  return {
    status,
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache' },
    writes: events.map((event) => Buffer.from(event)),
    streamed: true
  }
}

module.exports = { jsonReply, textReply, bytesReply, eventStreamReply }
