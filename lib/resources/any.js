'use strict'

// Any other endpoint of the gateway: JSON in, JSON out, or the raw events.

const { membersOf } = require('../arguments')
const { invalidRequest } = require('../error')
const { entriesOf, queryOf } = require('./entries')

const MEMBERS = ['method', 'path', 'query', 'body', 'headers', 'stream']

async function request(requests, options, requestOptions) {
  const { method, path, query, body, headers, stream } = membersOf(options, MEMBERS, 'options')
  for (const [name, value] of Object.entries({ method, path })) {
    if (value !== undefined && typeof value !== 'string')
      throw invalidRequest(name, `\`${name}\` must be a string`)
  }
  const described = { method, path, query: queryOf(query), json: body }
  const own = { __proto__: null, ...requestOptions }
  const merged = { ...own, headers: mergeHeaders(own.headers, headers) }
  if (stream === true) return requests.events({ ...described, answer: 'raw-events' }, merged)
  return requests.whole(described, merged)
}

// Names are compared as HTTP does it; the later ones win.
function mergeHeaders(base, over) {
  const merged = new Map()
  for (const headers of [base, over]) {
    for (const [name, value] of entriesOf(headers, 'headers')) {
      if (value !== undefined) merged.set(String(name).toLowerCase(), value)
    }
  }
  return Object.fromEntries(merged)
}

module.exports = { request }
