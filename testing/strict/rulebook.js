'use strict'

// Which rules are in force, and what they refuse. A rule is a row:
//
//   id       `<family>.<name>`
//   page     where the vendor says so
//   guess    what of it no page says
//   always   whether it holds without `strict`
//   check    (request) => undefined, or what is wrong: a message, or { message, status?, param?, code?, … }
//
// `request` is what the wire's `view` makes of it: { body, headers, model, facts, issued, … }, body in the
// wire's own form. The first row that finds something decides, as a vendor names one fault at a time.

const { CHAT_RULES } = require('./chat')
const { CLAUDE_RULES } = require('./claude')
const { GEMINI_RULES } = require('./gemini')
const { RESPONSES_RULES } = require('./responses')
const { IssuedState } = require('./issued')

const ALL = [...CLAUDE_RULES, ...GEMINI_RULES, ...RESPONSES_RULES, ...CHAT_RULES]

class Rulebook {
  refusals = []
  #inForce

  /** @param {boolean | string[] | undefined} strict all rules, or those with these ids or of these families */
  constructor(strict) {
    const picked = pick(strict)
    this.#inForce = new Set(ALL.filter((rule) => rule.always || picked.has(rule)))
    this.issued = picked.size > 0 ? new IssuedState() : undefined
  }

  /** Whether any rule holds beyond those that always do. */
  get isStrict() {
    return this.issued !== undefined
  }

  get rules() {
    return [...this.#inForce].map(({ id, page, guess }) => ({ id, page, ...(guess && { guess }) }))
  }

  /** @throws Refusal, noted among `refusals`, for a request that breaks a rule of its wire */
  examine(wire, request, context) {
    const view = { issued: this.issued, ...wire.view(request, context) }
    for (const rule of wire.rules) {
      const found = this.#inForce.has(rule) ? rule.check(view) : undefined
      if (found === undefined || found === false || found === null) continue
      const refusal = wire.refusal(typeof found === 'string' ? { message: found } : found, context)
      const { status, message } = refusal
      this.refusals.push({ rule: rule.id, page: rule.page, status, message, request })
      throw refusal
    }
  }

  /** Notes the state that an answer gives out, where a rule may ask for it. */
  issue(wire, payload, context) {
    if (this.issued !== undefined) wire.issue(this.issued, payload, context)
  }

  clear() {
    this.refusals.length = 0
    this.issued?.clear()
  }
}

function pick(strict) {
  if (strict === undefined || strict === false) return new Set()
  if (strict === true) return new Set(ALL)
  if (!Array.isArray(strict))
    throw new TypeError('startMockGateway: strict is true or a list of rules')
  return new Set(strict.flatMap(rulesNamed))
}

function rulesNamed(name) {
  const found = ALL.filter(({ id }) => id === name || id.startsWith(`${name}.`))
  if (found.length > 0) return found
  const known = ALL.map(({ id }) => id).join(', ')
  throw new TypeError(`startMockGateway: no strict rule "${name}" (known: ${known})`)
}

module.exports = { Rulebook }
