'use strict'

// What several calls cost together: those of a session, a user, a tool loop. A soft budget: calls that begin after it
// is spent are refused, those under way go on.

const { AihubmixError } = require('./aihubmix-error')
const { summed } = require('./cost')
const { invalidRequest } = require('./error')

class Meter {
  #budget
  #cost = summed([])
  #usage = {}
  #calls = 0
  #unpriced = 0

  constructor(options) {
    const { budget, ...rest } = options ?? {}
    const [unknown] = Object.keys(rest)
    if (unknown !== undefined) throw invalidRequest(unknown, `unknown option: ${unknown}`)
    if (budget !== undefined && !(typeof budget === 'number' && budget >= 0)) {
      throw invalidRequest('budget', '`budget` must be a number of US dollars, 0 or greater')
    }
    this.#budget = budget
  }

  get budget() {
    return this.#budget
  }

  // All answers counted so far.
  get calls() {
    return this.#calls
  }

  // Those of them whose price is not known: the sum is too low by what they cost.
  get unpriced() {
    return this.#unpriced
  }

  get cost() {
    return structuredClone(this.#cost)
  }

  get usage() {
    return structuredClone(this.#usage)
  }

  get remaining() {
    return this.#budget === undefined ? undefined : Math.max(0, this.#budget - this.#cost.amount)
  }

  // Counts an answer; those of calls with this meter are counted by themselves.
  add(completion) {
    this.#calls += 1
    addFigures(this.#usage, completion?.usage ?? {})
    const cost = completion?.aihubmix?.cost
    if (cost === undefined) this.#unpriced += 1
    else this.#cost = summed([this.#cost, cost])
  }

  // Throws once the budget is spent.
  check() {
    if (this.#budget === undefined || this.#cost.amount < this.#budget) return
    const error = new AihubmixError(
      `the budget of ${this.#budget} USD is spent: ${this.#cost.amount} USD so far, by estimate`,
      'INSUFFICIENT_QUOTA'
    )
    throw Object.assign(error, { param: 'meter' })
  }
}

function addFigures(sum, figures) {
  for (const [name, value] of Object.entries(figures)) {
    if (typeof value === 'number') sum[name] = (sum[name] ?? 0) + value
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      sum[name] ??= {}
      addFigures(sum[name], value)
    }
  }
}

module.exports = { Meter }
