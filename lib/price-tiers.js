'use strict'

// Where a request costs more, or less, than the catalog says: the catalog names one price of a kind, vendors multiply it
// for long prompts, for the service tier that answered and for where it answered. Pure; a row by the beginning
// of a model's id, the longest that fits counts.
//
// https://developers.openai.com/api/docs/pricing, https://ai.google.dev/gemini-api/docs/pricing,
// https://platform.claude.com/docs/en/about-claude/pricing, https://docs.x.ai/docs/models

// Prompts of more tokens than `above` multiply the price of all that is read, and of all that is written.
const LONG_PROMPTS = {
  'claude-haiku-5-5': { above: 100_000, read: 5, written: 5 },
  'gemini-2.5-computer-use': { above: 200_000, read: 2, written: 1.5 },
  'gemini-2.5-pro': { above: 200_000, read: 2, written: 1.5 },
  'gemini-3-pro': { above: 200_000, read: 2, written: 1.5 },
  'gemini-3.1-pro': { above: 200_000, read: 2, written: 1.5 },
  'gemini-pro-latest': { above: 200_000, read: 2, written: 1.5 },
  'gpt-5.4': { above: 272_000, read: 2, written: 1.5 },
  'gpt-5.4-mini': undefined,
  'gpt-5.4-nano': undefined,
  'gpt-5.5': { above: 272_000, read: 2, written: 1.5 },
  'gpt-5.6': { above: 272_000, read: 2, written: 1.5 },
  'gpt-6': { above: 272_000, read: 2, written: 1.5 },
  'grok-4.3': { above: 200_000, read: 2, written: 2 }
}

// What an answer says of how it was served.
const SERVICE = {
  'claude-': { us: 1.1 },
  'claude-opus-4-8': { us: 1.1, fast: 2 },
  'claude-opus-5': { us: 1.1, fast: 2 },
  'gemini-': { flex: 0.5, priority: 1.8 },
  'gpt-4.1': { priority: 1.75 },
  'gpt-4.1-nano': { priority: 2 },
  'gpt-4o': { priority: 1.7 },
  'gpt-4o-mini': { priority: 1.67 },
  'gpt-5': { flex: 0.5, priority: 2 },
  'gpt-5-mini': { flex: 0.5, priority: 1.8 },
  'gpt-5.5': { flex: 0.5, priority: 2.5 },
  'gpt-6': { flex: 0.5, priority: 2 },
  o3: { flex: 0.5, priority: 1.75 },
  'o4-mini': { flex: 0.5, priority: 1.82 }
}

// The price of an answer: `{ price, tiers }`, the names of the tiers that changed it.
function atTiers(price, model, promptTokens, served) {
  const long = rowOf(LONG_PROMPTS, model)
  const service = rowOf(SERVICE, model) ?? {}
  let [read, written] = [1, 1]
  const tiers = []
  if (long !== undefined && promptTokens > long.above) {
    tiers.push('long_prompt')
    read *= long.read
    written *= long.written
  }
  for (const name of served.filter((name) => service[name] !== undefined)) {
    tiers.push(name)
    read *= service[name]
    written *= service[name]
  }
  return { price: tiers.length === 0 ? price : scaled(price, read, written), tiers }
}

// How an answer was served, in the words of `SERVICE`.
function servedAs(answer) {
  const vendor = answer.aihubmix?.vendor ?? {}
  const usage = vendor.usage ?? {}
  const [, traffic] = /^ON_DEMAND_(PRIORITY|FLEX)$/.exec(usage.trafficType) ?? []
  const said = [
    answer.service_tier ?? vendor.service_tier ?? usage.serviceTier ?? traffic,
    usage.speed,
    usage.inference_geo
  ]
  return said.filter((word) => typeof word === 'string').map((word) => word.toLowerCase())
}

function scaled(price, read, written) {
  const scale = ([kind, each]) => [kind, rounded(each * (isWritten(kind) ? written : read))]
  return Object.fromEntries(Object.entries(price).map(scale))
}

function isWritten(kind) {
  return kind === 'reasoning' || kind.includes('output')
}

// Without the dust of binary fractions.
function rounded(value) {
  return Number(value.toPrecision(12))
}

function rowOf(rows, model) {
  const id = model.toLowerCase()
  const fitting = Object.keys(rows).filter((start) => id.startsWith(start))
  return rows[fitting.sort((one, other) => other.length - one.length)[0]]
}

module.exports = { atTiers, servedAs }
