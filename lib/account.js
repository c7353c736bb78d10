'use strict'

// What becomes of a chat's answers on their way out: each gets its cost, and each meter its sum. A call neither waits
// for a price nor fails for want of one.

const { configError, invalidRequest } = require('./error')
const { costOf } = require('./cost')
const { atTiers, servedAs } = require('./price-tiers')

class Account {
  #catalog
  #asked
  #meters
  #receipt

  // `asked`: the model that was asked for.
  constructor(catalog, asked, meters) {
    this.#catalog = catalog
    this.#asked = asked
    this.#meters = meters
    for (const meter of meters) meter.check()
    catalog.prepare()
  }

  // An answer, or the chunk of a stream that has its usage, with its cost. Where usage has a chunk of its own, behind
  // the one with the receipt, the receipt is on both.
  price(answer) {
    this.#receipt = answer.aihubmix ?? this.#receipt
    const { usage, model } = answer
    if (this.#receipt === undefined || typeof usage !== 'object' || usage === null) return answer
    const info = this.#infoOf(model, this.#receipt.tried !== undefined)
    if (info?.price === undefined) return answer
    answer.aihubmix ??= { ...this.#receipt }
    const { aihubmix } = answer
    const { price, tiers } = atTiers(info.price, info.id, usage.prompt_tokens, servedAs(answer))
    const cost = costOf(usage, aihubmix.vendor?.usage, price)
    aihubmix.cost = tiers.length === 0 ? cost : { ...cost, tiers }
    return answer
  }

  // The call is over; `answer` is all that came, if anything did.
  settle(answer) {
    if (answer === undefined) return
    for (const meter of this.#meters) meter.add(answer)
  }

  // Servers name the model with a date, or by another name. Where others stood in, only their own word counts.
  #infoOf(model, isOther) {
    const said = typeof model === 'string' ? this.#catalog.known(model) : undefined
    return said ?? (isOther ? undefined : this.#catalog.known(this.#asked))
  }
}

function checkPricing(pricing) {
  if (pricing === undefined || pricing === null || pricing === 'off') return false
  if (pricing === 'catalog') return true
  throw configError('pricing', "pricing must be one of 'off' or 'catalog'")
}

// Calls are counted by it, or `undefined`.
function checkMeter(meter, refuse = invalidRequest) {
  if (meter === undefined || meter === null) return undefined
  // Of whichever copy of this module: a test runner resets them.
  if (typeof meter.check === 'function' && typeof meter.add === 'function') return meter
  throw refuse('meter', '`meter` must come from `client.meter()`')
}

module.exports = { Account, checkMeter, checkPricing }
