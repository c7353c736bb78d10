'use strict'

// Chats in OpenRouter's words, for clients that were made for it: they read `reasoning`, keep only the entries of
// `reasoning_details` that they know, and send those back.
//
// | this client | OpenRouter |
// |---|---|
// | `reasoning_content` | `reasoning` |
// | its pieces in a stream | the same, and pieces of `reasoning.text` (Claude) or `reasoning.summary` |
// | Claude's `thinking`, `redacted_thinking` | `reasoning.text` with its `signature`, `reasoning.encrypted` |
// | an encrypted `reasoning` item of Responses | `reasoning.encrypted` with its `id` |
// | counts by kind | the same, `cached_tokens` and `reasoning_tokens` never missing |
// | any other entry | `reasoning.encrypted`, whose `data` is the entry as text |
//
// All of them are read back by the core (src/wire/dialect.rs), on any route.
// https://openrouter.ai/docs/use-cases/reasoning-tokens

const { routeModel } = require('./functions')
const { stringify } = require('./stringify')

const CLAUDE = 'anthropic-claude-v1'
const RESPONSES = 'openai-responses-v1'
// Words that nothing is signed in.
const UNKNOWN = 'unknown'
const FORMATS = {
  'aihubmix.anthropic': CLAUDE,
  'aihubmix.gemini': 'google-gemini-v1',
  'aihubmix.responses': RESPONSES
}
const FAMILIES = { anthropic: CLAUDE, gemini: 'google-gemini-v1', openai: UNKNOWN }

// Whether a request asks in OpenRouter's words, or its client does.
function isOpenRouters(body, userAgent) {
  return (
    isObject(body.reasoning) ||
    body.include_reasoning !== undefined ||
    body.usage?.include !== undefined ||
    /\bopenrouter\b/.test(userAgent)
  )
}

// The same request without what is meant for OpenRouter alone.
function plainRequest(body) {
  const { include_reasoning: included, usage, ...rest } = body
  if (included === false) rest.reasoning = { ...rest.reasoning, exclude: true }
  if (Array.isArray(rest.messages)) rest.messages = rest.messages.map(plainMessage)
  return rest
}

function plainMessage(message) {
  if (message?.role !== 'assistant') return message
  const { reasoning, ...rest } = message
  if (typeof reasoning === 'string') rest.reasoning_content ??= reasoning
  if (!Array.isArray(rest.reasoning_details)) return rest
  const kept = rest.reasoning_details.filter((entry) => !isWords(entry))
  if (kept.length > 0) rest.reasoning_details = kept
  else delete rest.reasoning_details
  return rest
}

function isWords(entry) {
  return entry?.format === UNKNOWN && entry.data === undefined && entry.signature === undefined
}

// Writes the reasoning of one choice, whole or piece by piece.
class ReasoningWriter {
  #index = 0
  // What has been written of a block of Claude's.
  #said = ''
  #format

  constructor(model) {
    this.#format = FAMILIES[routeModel(model)]
  }

  words(text) {
    if (this.#format === CLAUDE) this.#said += text
    const about = { format: this.#format, index: this.#index }
    return this.#format === CLAUDE
      ? { type: 'reasoning.text', text, ...about }
      : { type: 'reasoning.summary', summary: text, ...about }
  }

  entry(entry) {
    const written = this.#written(entry)
    if (written === undefined) return entry
    const about = { format: FORMATS[entry.format] ?? UNKNOWN, index: this.#index }
    this.#index += 1
    this.#said = ''
    return { ...written, ...about }
  }

  #written(entry) {
    const { format, type, ...members } = entry ?? {}
    if (typeof format !== 'string' || !format.startsWith('aihubmix.')) return undefined
    const { thinking, signature, data, id, summary, encrypted_content: encrypted } = members
    if (type === 'thinking' && has(members, ['thinking', 'signature'])) {
      // Behind its pieces a signature is all that is missing.
      if (this.#said === '') return { type: 'reasoning.text', text: thinking, signature }
      if (this.#said === thinking) return { type: 'reasoning.text', text: '', signature }
    }
    if (type === 'redacted_thinking' && has(members, ['data'])) {
      return { type: 'reasoning.encrypted', data }
    }
    if (format === 'aihubmix.responses' && type === 'reasoning' && id && encrypted) {
      return { type: 'reasoning.encrypted', id, data: encrypted, summary }
    }
    return { type: 'reasoning.encrypted', data: stringify(entry) }
  }
}

function has(members, keys) {
  const own = Object.keys(members)
  return own.length === keys.length && keys.every((key) => typeof members[key] === 'string')
}

// A whole answer.
function answerOf(completion, model) {
  const choices = completion.choices.map((choice) => {
    // Claude's blocks have the words themselves.
    const hasWords = choice.message.reasoning_details?.some((entry) => entry?.type === 'thinking')
    const message = withReasoning(choice.message, new ReasoningWriter(model), !hasWords)
    return { ...choice, message }
  })
  return withUsage({ ...completion, choices })
}

// The chunks of a stream. Whoever leaves it leaves the stream itself, even while a chunk is awaited.
function chunksOf(stream, model) {
  const chunks = stream[Symbol.asyncIterator]()
  const writers = new Map()
  const choiceOf = (choice) => {
    if (!writers.has(choice.index)) writers.set(choice.index, new ReasoningWriter(model))
    return { ...choice, delta: withReasoning(choice.delta, writers.get(choice.index), true) }
  }
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const { value, done } = await chunks.next()
        if (done) return { value, done }
        return { value: withUsage({ ...value, choices: value.choices.map(choiceOf) }), done }
      },
      return: () => chunks.return()
    })
  }
}

function withReasoning(said, writer, withWords) {
  const { reasoning_content: text, reasoning_details: details = [] } = said
  if (!text && details.length === 0) return said
  const words = text && withWords ? [writer.words(text)] : []
  const entries = details.map((entry) => writer.entry(entry))
  return { ...said, ...(text && { reasoning: text }), reasoning_details: [...words, ...entries] }
}

// OpenRouter's counts have these two wherever they have any.
function withUsage(said) {
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = said.usage ?? {}
  if (prompt === undefined && completion === undefined) return said
  const usage = {
    ...said.usage,
    ...(prompt && { prompt_tokens_details: { cached_tokens: 0, ...prompt } }),
    ...(completion && { completion_tokens_details: { reasoning_tokens: 0, ...completion } })
  }
  return { ...said, usage }
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

module.exports = { answerOf, chunksOf, isOpenRouters, plainRequest }
