'use strict'

// What the chunks of a chat mean, in the events of the `openai` package: text, refusals, arguments of calls, their
// probabilities, each as it comes (`….delta`) and once more when it is complete (`….done`).

const { ChatSnapshot } = require('./chat-snapshot')
const { PartialJson, wholeJson } = require('./partial-json')

class ChatEvents {
  #emit
  #shown
  #snapshot = new ChatSnapshot()
  #choices = new Map()

  // `emit(event, …)`; `shown(value)`: what the value of a text stands for, where that is JSON.
  constructor(emit, shown) {
    this.#emit = emit
    this.#shown = shown
  }

  get snapshot() {
    return this.#snapshot.completion
  }

  add(chunk) {
    const snapshot = this.#snapshot.add(chunk)
    this.#emit('chunk', chunk, snapshot)
    for (const choice of chunk.choices) this.#addChoice(choice)
  }

  #addChoice({ index, delta = {}, logprobs, finish_reason: reason }) {
    const { message, logprobs: allLogprobs } = this.#snapshot.choice(index)
    const state = this.#stateOf(index)
    if (delta.content) this.#content(delta.content, message, state)
    if (delta.refusal)
      this.#emit('refusal.delta', { delta: delta.refusal, snapshot: message.refusal })
    for (const kind of ['content', 'refusal']) {
      const added = logprobs?.[kind]
      if (added?.length > 0)
        this.#emit(`logprobs.${kind}.delta`, { [kind]: added, snapshot: allLogprobs[kind] })
    }
    for (const call of delta.tool_calls ?? []) this.#call(call, index, state)
    if (reason) this.#finish(index, state)
  }

  #content(delta, message, state) {
    this.#emit('content', delta, message.content)
    const parsed = this.#parsed(() => state.json.push(delta))
    this.#emit('content.delta', { delta, snapshot: message.content, parsed })
  }

  #parsed(value) {
    return this.#shown === undefined ? null : (this.#shown(value()) ?? null)
  }

  #call({ index, function: work }, choice, state) {
    if (state.current !== index) {
      if (state.current === undefined) this.#finishTexts(choice, state)
      else this.#finishCall(choice, state)
      state.current = index
    }
    const call = this.#snapshot.choice(choice).message.tool_calls[index]
    const delta = work?.arguments ?? ''
    if (call.function === undefined || delta === '') return
    if (!state.calls.has(index)) state.calls.set(index, new PartialJson())
    this.#emit('tool_calls.function.arguments.delta', {
      name: call.function.name,
      index,
      arguments: call.function.arguments,
      parsed_arguments: state.calls.get(index).push(delta) ?? null,
      arguments_delta: delta
    })
  }

  #finish(choice, state) {
    this.#finishTexts(choice, state)
    if (state.current !== undefined) this.#finishCall(choice, state)
    state.current = undefined
  }

  #finishTexts(choice, state) {
    if (state.textsDone) return
    state.textsDone = true
    const { message, logprobs } = this.#snapshot.choice(choice)
    const { content, refusal } = message
    if (content) {
      const parsed = this.#parsed(() => wholeJson(content))
      this.#emit('content.done', { content, parsed })
    }
    if (refusal) this.#emit('refusal.done', { refusal })
    for (const kind of ['content', 'refusal']) {
      const all = logprobs?.[kind]
      if (all?.length > 0) this.#emit(`logprobs.${kind}.done`, { [kind]: all })
    }
  }

  #finishCall(choice, state) {
    const call = this.#snapshot.choice(choice).message.tool_calls[state.current]
    if (call.function === undefined || state.callsDone.has(state.current)) return
    state.callsDone.add(state.current)
    const { name, arguments: text } = call.function
    this.#emit('tool_calls.function.arguments.done', {
      name,
      index: state.current,
      arguments: text,
      parsed_arguments: wholeJson(text) ?? null
    })
  }

  #stateOf(index) {
    if (!this.#choices.has(index)) {
      const state = { json: new PartialJson(), calls: new Map(), callsDone: new Set() }
      this.#choices.set(index, state)
    }
    return this.#choices.get(index)
  }
}

module.exports = { ChatEvents }
