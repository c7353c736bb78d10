'use strict'

// The gateway's models: OpenAI's list, and the catalog.

const { invalidRequest } = require('../error')

// As many filters are remembered with their answers.
const MOST_REMEMBERED = 16

function models(requests) {
  const remembered = new Map()
  return {
    list(request) {
      const list = requests.whole({ endpoint: 'models.list' }, request)
      return Object.assign(list, {
        async *[Symbol.asyncIterator]() {
          yield* (await list).data
        }
      })
    },

    // https://docs.aihubmix.com/en/api/Models-API; an unchanged catalog is not sent again.
    async catalog(filter = {}, request) {
      if (typeof filter !== 'object' || filter === null) throw invalidRequest('filter', '`filter` must be an object')
      const query = queryOf(filter)
      const key = JSON.stringify(query)
      const known = remembered.get(key)
      const described = { endpoint: 'models.catalog', query, ifNoneMatch: known?.tag }
      const { data, status, headers } = await requests.detailed(described, request)
      if (status === 304 && known !== undefined) return JSON.parse(known.text)
      remembered.delete(key)
      if (headers.etag !== undefined) {
        remembered.set(key, { tag: headers.etag, text: JSON.stringify(data) })
        if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value)
      }
      return data
    }
  }
}

function queryOf(filter) {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)])
}

module.exports = { models }
