'use strict'

// The gateway's models: OpenAI's list, and the catalog.

const { Catalog } = require('../catalog')
const { invalidRequest, invalidResponse } = require('../error')
const { textOf } = require('../arguments')
const { entriesOf } = require('./entries')
const { stringify } = require('../stringify')

// As many filters are remembered with their answers.
const MOST_REMEMBERED = 16

function models(requests) {
  const remembered = new Map()
  const resource = {
    // What the catalog knows of a model; it is asked for at most once in five minutes.
    async info(id, request) {
      if (typeof id !== 'string' || id.trim() === '')
        throw invalidRequest('id', '`id` must be the id of a model')
      return catalogOf(requests, resource).info(id.trim(), request)
    },

    list(request) {
      const list = requests.whole({ endpoint: 'models.list' }, request)
      return Object.assign(list, {
        async *[Symbol.asyncIterator]() {
          const { data } = await list
          if (!Array.isArray(data)) throw invalidResponse('the answer is no list of models')
          yield* data
        }
      })
    },

    // https://platform.openai.com/docs/api-reference/models/retrieve
    async retrieve(id, request) {
      return requests.whole(
        { endpoint: 'models.retrieve', params: { id: textOf(id, 'id') } },
        request
      )
    },

    // https://docs.aihubmix.com/en/api/Models-API; an unchanged catalog is not sent again.
    async catalog(filter = {}, request) {
      if (typeof filter !== 'object' || filter === null)
        throw invalidRequest('filter', '`filter` must be an object')
      const query = queryOf(filter)
      const key = stringify(query)
      const known = remembered.get(key)
      const described = { endpoint: 'models.catalog', query, ifNoneMatch: known?.tag }
      const { data, status, headers } = await requests.detailed(described, request)
      if (status === 304 && known !== undefined) return JSON.parse(known.text)
      remembered.delete(key)
      const [, tag] = headers.find(([name]) => name === 'etag') ?? []
      if (tag !== undefined) {
        remembered.set(key, { tag, text: stringify(data) })
        if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value)
      }
      return data
    }
  }
  return resource
}

// `models`: the resource above.
function catalogOf(requests, { catalog }) {
  return new Catalog(requests.root, (request) => catalog({}, request))
}

function queryOf(filter) {
  return entriesOf(filter, 'filter')
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)])
}

module.exports = { catalogOf, models }
