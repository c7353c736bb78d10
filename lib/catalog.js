'use strict'

// What the gateway's catalog knows of a model, remembered for the realm: all clients of a gateway share it.
// https://docs.aihubmix.com/en/api/Models-API

const { AihubmixError } = require('./aihubmix-error')
const native = require('./native')
const { onceInRealm } = require('./realm')

// As long as the catalog says that it may be kept (`Cache-Control: max-age=300`).
const FRESH_MS = 300_000
// A load that nobody waits for ends soon, and is not tried again at once.
const BACKGROUND = { maxRetries: 0, timeout: { total: 5_000 } }
const PAUSE_MS = 10_000

// Root -> { models: Map, at, loading, failedAt }.
const shelves = onceInRealm('catalog', () => new Map())

class Catalog {
  #root
  #load
  #shelf

  // `load(request)`: the catalog's answer; one that has not changed is not sent again.
  constructor(root, load) {
    this.#root = root
    this.#load = load
    if (!shelves.has(root)) shelves.set(root, { models: undefined, at: -Infinity })
    this.#shelf = shelves.get(root)
  }

  // What is known of a model.
  async info(id, request) {
    if (!this.#isFresh()) await this.#refresh(request)
    const info = this.#shelf.models.get(id.toLowerCase())
    if (info !== undefined) return structuredClone(info)
    const error = new AihubmixError(`the catalog has no model \`${id}\``, 'NOT_FOUND')
    throw Object.assign(error, { param: 'id' })
  }

  // What is known of a model now: of its id, or of the longest one that its id begins with (dated ids).
  known(id) {
    const { models } = this.#shelf
    for (let name = id.toLowerCase(); models !== undefined && name !== ''; ) {
      const info = models.get(name)
      if (info !== undefined) return info
      name = name.slice(0, Math.max(0, name.lastIndexOf('-')))
    }
    return undefined
  }

  // Gets the catalog, if it is not there, while something else happens. Nothing comes of a failure.
  prepare() {
    const shelf = this.#shelf
    const isPausing = performance.now() - (shelf.failedAt ?? -Infinity) < PAUSE_MS
    if (this.#isFresh() || isPausing || shelf.loading !== undefined) return
    shelf.loading = this.#refresh(BACKGROUND)
      .catch(() => {
        shelf.failedAt = performance.now()
      })
      .finally(() => {
        shelf.loading = undefined
      })
  }

  #isFresh() {
    return performance.now() - this.#shelf.at < FRESH_MS
  }

  async #refresh(request) {
    const { data } = await this.#load(request)
    this.#shelf.models = new Map(data.map((row) => [row.model_id.toLowerCase(), infoOf(row)]))
    this.#shelf.at = performance.now()
    native.announceRetirements(this.#root, JSON.stringify(announcementsOf(data)))
  }
}

// A row of the catalog: lists are texts with commas, numbers may be texts. What it does not say, our own tables do.
function infoOf(row) {
  const id = row.model_id
  const { efforts, maxOutput, contextLength } = JSON.parse(native.knownModel(id))
  const said = listOf(row.reasoning_efforts ?? row.efforts)
  return {
    id,
    contextLength: numberOf(row.context_length) ?? contextLength ?? undefined,
    maxOutput: numberOf(row.max_output) ?? maxOutput ?? undefined,
    types: listOf(row.types),
    modalities: listOf(row.input_modalities),
    features: listOf(row.features),
    endpoints: listOf(row.endpoints),
    efforts: said.length > 0 ? said : efforts,
    price: priceOf(row.pricing),
    deprecated: deprecationOf(row) ?? retirementOf(id)
  }
}

// US dollars per million tokens; a kind that is not named costs what its text costs.
function priceOf(pricing) {
  const entries = Object.entries(pricing ?? {}).map(([kind, price]) => [kind, numberOf(price)])
  const prices = Object.fromEntries(entries.filter(([, price]) => price !== undefined))
  return prices.input === undefined && prices.output === undefined ? undefined : prices
}

function deprecationOf({ deprecated, deprecation_date: date, successor, replaced_by: replaced }) {
  const on = date ?? (typeof deprecated === 'string' ? deprecated : deprecated?.on)
  if (on === undefined || on === null || on === '') return undefined
  const next = successor ?? replaced ?? deprecated?.successor
  return { on: String(on), ...(next && { successor: String(next) }) }
}

// What the catalog itself says of them, for the warnings of all calls.
function announcementsOf(rows) {
  const said = rows.map((row) => [row.model_id.toLowerCase(), deprecationOf(row)])
  return Object.fromEntries(said.filter(([, deprecation]) => deprecation !== undefined))
}

// What this package knows of models that go.
function retirementOf(id) {
  const text = native.retirement(id)
  return text === null ? undefined : JSON.parse(text)
}

function listOf(value) {
  const items = Array.isArray(value) ? value : String(value ?? '').split(',')
  return items.map((item) => String(item).trim()).filter((item) => item !== '')
}

function numberOf(value) {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

module.exports = { Catalog, infoOf }
