'use strict'

// What callers write as an object, a Map, Headers or URLSearchParams: names with their values.

const { invalidRequest } = require('../error')

function entriesOf(given, param) {
  if (given === undefined || given === null) return []
  if (typeof given !== 'object') throw invalidRequest(param, `\`${param}\` must be an object`)
  if (Array.isArray(given))
    throw invalidRequest(param, `\`${param}\` must be an object, not a list`)
  return typeof given.entries === 'function' ? [...given.entries()] : Object.entries(given)
}

// A query's pairs: lists are repeated names, what is null or undefined is left out.
function queryOf(query, param = 'query') {
  return entriesOf(query, param).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((one) => one !== undefined && one !== null)
      .map((one) => [String(name), String(one)])
  )
}

module.exports = { entriesOf, queryOf }
