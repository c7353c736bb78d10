'use strict'

// What an answer says of itself, as `providerMetadata`: all of it under `aihubmix`, and once more under the name of the
// vendor's own provider, as that one writes it, so that what reads `providerMetadata.google.groundingMetadata` need not
// change.
//
// | namespace | members |
// |---|---|
// | `aihubmix` | route, request id, attempts, cost, …; the vendor's members of the answer and of its choice |
// | `anthropic` | `usage`, `iterations`, `stopSequence`, `stopDetails`, `container`, `contextManagement`, `serviceTier` |
// | `google` | `groundingMetadata`, `urlContextMetadata`, `safetyRatings`, `promptFeedback`, `usageMetadata`, `finishMessage`, `serviceTier` |
// | `openai` | `responseId`, `serviceTier`, `logprobs`, `acceptedPredictionTokens`, `rejectedPredictionTokens` |

const { camelMembers } = require('./names')
const { NAMESPACE } = require('./state')

// The members of OpenAI's own that have their place elsewhere.
const PLACED = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'aihubmix'])
const PLACED_IN_CHOICE = new Set([
  'index',
  'message',
  'delta',
  'finish_reason',
  'native_finish_reason',
  'logprobs'
])

const VENDORS = {
  anthropic: ['anthropic', anthropicMetadata],
  gemini: ['google', googleMetadata],
  openai: ['openai', openaiMetadata],
  'openai-responses': ['openai', openaiMetadata]
}

// Gathers the members that an answer has beside the usual ones: once, or chunk by chunk.
class AnswerMetadata {
  #answer = {}
  #choice = {}
  #receipt = {}
  #usage
  #id
  #logprobs

  // `answer`: a completion, or a chunk of one.
  add(answer) {
    this.#id = answer.id ?? this.#id
    this.#usage = answer.usage ?? this.#usage
    this.#receipt = answer.aihubmix ?? this.#receipt
    assignBut(this.#answer, answer, PLACED)
    const [choice] = answer.choices
    if (choice === undefined) return
    assignBut(this.#choice, choice, PLACED_IN_CHOICE)
    if (choice.logprobs) this.#join(choice.logprobs)
  }

  // The lists of a stream's chunks are one list.
  #join(logprobs) {
    this.#logprobs ??= {}
    for (const [kind, said] of Object.entries(logprobs)) {
      const earlier = this.#logprobs[kind]
      if (Array.isArray(earlier) && Array.isArray(said)) for (const one of said) earlier.push(one)
      else if (said !== null) this.#logprobs[kind] = Array.isArray(said) ? [...said] : said
    }
  }

  // `providerMetadata`.
  result(requestId) {
    const { warnings, route, ...receipt } = this.#receipt
    const logprobs = this.#logprobs && { logprobs: this.#logprobs }
    const own = {
      ...this.#answer,
      ...this.#choice,
      ...(route && { route }),
      ...receipt,
      ...(requestId && { requestId }),
      ...logprobs
    }
    const said = { ...this.#answer, ...this.#choice, ...receipt.vendor }
    const [name, metadataOf] = VENDORS[route] ?? []
    if (name === undefined) return { [NAMESPACE]: own }
    const about = { id: this.#id, usage: this.#usage, ...logprobs }
    return { [NAMESPACE]: own, [name]: defined(metadataOf(said, about)) }
  }
}

// Runs for each chunk of a stream, most of which have nothing to assign.
function assignBut(target, members, left) {
  for (const key in members) {
    if (!left.has(key) && Object.hasOwn(members, key) && members[key] !== null) {
      target[key] = members[key]
    }
  }
}

function anthropicMetadata(said) {
  return {
    usage: said.usage,
    iterations: camelMembers(said.usage?.iterations) ?? null,
    stopSequence: said.stop_sequence ?? null,
    stopDetails: camelMembers(said.stop_details),
    container: camelMembers(said.container) ?? null,
    contextManagement: camelMembers(said.context_management) ?? null,
    serviceTier: said.service_tier ?? said.usage?.service_tier
  }
}

function googleMetadata(said) {
  const { groundingMetadata, urlContextMetadata, safetyRatings, promptFeedback } = said
  return {
    groundingMetadata: groundingMetadata ?? null,
    urlContextMetadata: urlContextMetadata ?? null,
    safetyRatings: safetyRatings ?? null,
    promptFeedback: promptFeedback ?? null,
    usageMetadata: said.usage ?? null,
    finishMessage: said.finishMessage ?? null,
    serviceTier: said.usage?.serviceTier ?? null
  }
}

function openaiMetadata(said, { id, usage, logprobs }) {
  const written = usage?.completion_tokens_details
  return {
    responseId: id,
    serviceTier: said.service_tier,
    logprobs: logprobs?.content ?? logprobs,
    acceptedPredictionTokens: written?.accepted_prediction_tokens,
    rejectedPredictionTokens: written?.rejected_prediction_tokens
  }
}

function defined(members) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

module.exports = { AnswerMetadata }
