'use strict'

// Chunks of a chat as the completion that they add up to so far. It is the core's fold (src/chat/answer/fold.rs) for
// those who look at every chunk, and for streams that come from elsewhere; lists are extended in place, so a chunk costs
// the same however many came before it.

// Members that hold a text in pieces; of the others a string is said anew. See src/chat/answer/members.rs.
const TEXTS = new Set(['content', 'refusal', 'reasoning_content', 'reasoning', 'reasoning_text'])
const CARRIERS = new Set([
  'audio',
  'function_call',
  'reasoning_details',
  'thinking_blocks',
  'thinking'
])
// Members of such a carrier that name it.
const NAMES = new Set(['id', 'type', 'format', 'index', 'name', 'role'])

// Where the element of an `index` stands in its list.
const places = new WeakMap()

class ChatSnapshot {
  completion

  add(chunk) {
    const { choices, object, obfuscation, usage, ...envelope } = chunk
    this.completion ??= { ...envelope, object: 'chat.completion', choices: [] }
    for (const [key, value] of Object.entries(envelope)) {
      if (value !== null && value !== undefined) this.completion[key] = value
    }
    if (usage) this.completion.usage = usage
    for (const choice of choices) this.#addChoice(choice)
    return this.completion
  }

  choice(index) {
    const { choices } = this.completion
    let at = choices.length
    while (at > 0 && choices[at - 1].index > index) at -= 1
    if (at > 0 && choices[at - 1].index === index) return choices[at - 1]
    const message = { role: 'assistant', content: null, refusal: null }
    const made = { index, message, logprobs: null, finish_reason: null }
    choices.splice(at, 0, made)
    return made
  }

  #addChoice({ index, delta, logprobs, ...rest }) {
    const choice = this.choice(index)
    addDelta(choice.message, delta ?? {})
    if (logprobs) choice.logprobs = addLogprobs(choice.logprobs, logprobs)
    for (const [key, value] of Object.entries(rest)) {
      if (value !== null && value !== undefined) choice[key] = value
    }
  }
}

function addDelta(message, { tool_calls: calls, role, ...delta }) {
  for (const [key, value] of Object.entries(delta)) {
    if (value === null || value === undefined) continue
    if (TEXTS.has(key) && typeof value === 'string') message[key] = (message[key] ?? '') + value
    else message[key] = grown(message[key], value, CARRIERS.has(key))
  }
  if (calls) {
    message.tool_calls ??= []
    for (const call of calls) addCall(message.tool_calls, call)
  }
}

function addCall(calls, { index, function: work, custom, ...rest }) {
  calls[index] ??= {}
  const call = calls[index]
  Object.assign(call, rest)
  if (work) {
    call.function ??= { name: '', arguments: '' }
    if (work.name) call.function.name = work.name
    call.function.arguments += work.arguments ?? ''
  }
  if (custom) {
    call.custom ??= { name: '', input: '' }
    if (custom.name) call.custom.name = custom.name
    call.custom.input += custom.input ?? ''
  }
}

function addLogprobs(known, { content, refusal, ...rest }) {
  const made = known ?? { content: null, refusal: null }
  if (content) made.content = grown(made.content, content, false)
  if (refusal) made.refusal = grown(made.refusal, refusal, false)
  return Object.assign(made, rest)
}

// What a member is with one more piece of it.
function grown(known, piece, joins) {
  if (Array.isArray(piece)) {
    const list = Array.isArray(known) ? known : []
    for (const element of piece) addElement(list, element, joins)
    return list
  }
  if (typeof piece === 'object' && piece !== null) {
    const made = typeof known === 'object' && known !== null ? known : {}
    for (const [key, value] of Object.entries(piece)) {
      if (value !== null || made[key] === undefined)
        made[key] = grown(made[key], value, joins && !NAMES.has(key))
    }
    return made
  }
  return joins && typeof piece === 'string' && typeof known === 'string' ? known + piece : piece
}

// Elements of one `index` are one in pieces.
function addElement(list, element, joins) {
  if (!joins || !Number.isInteger(element?.index)) {
    list.push(structuredClone(element))
    return
  }
  if (!places.has(list)) places.set(list, new Map())
  const known = places.get(list)
  const at = known.get(element.index) ?? list.length
  known.set(element.index, at)
  list[at] = at === list.length ? structuredClone(element) : grown(list[at], element, joins)
}

module.exports = { ChatSnapshot }
