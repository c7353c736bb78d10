'use strict'

/** An error that no client repeats. */
function refuse(response, status, message) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'X-Should-Retry': 'false' })
  response.end(
    JSON.stringify({ error: { message, type: 'cassette_error', param: null, code: null } })
  )
}

/** A fault of the cassette's own. */
function fail(response, message) {
  refuse(response, 500, `the cassette failed: ${message}`)
}

module.exports = { refuse, fail }
