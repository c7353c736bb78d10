'use strict'

// The chunks of a streamed chat as the AI SDK's stream parts (specification V4): a state machine that is fed chunks.
//
// A block of text or reasoning is open until something else is said. An entry of `reasoning_details` goes to the block
// that it ends, or to the tool call whose id it names; what belongs to neither waits for the next block, and at the end
// for one of its own.

const { Citations } = require('./citations')
const { callMembers, filesOf, nameAndInput } = require('./content')
const { finishReasonOf, usageOf } = require('./figures')
const { callIdOf, isReasoning, metadataOf, readable } = require('./state')
const { VendorParts } = require('./vendor-parts')

class StreamParts {
  #block
  #blocks = 0
  #details = []
  #detailCount = 0
  #calls = new Map()
  #citations = new Citations()
  #vendorParts = new VendorParts()
  // How much text was said before this block.
  #textBefore = 0
  #named = false
  #choice
  #usage
  #vendor;

  // The parts that a chunk says.
  *chunk(chunk) {
    if (!this.#named) {
      this.#named = true
      const { id, model, created } = chunk
      yield { type: 'response-metadata', id, modelId: model, timestamp: new Date(created * 1000) }
    }
    this.#usage = chunk.usage ?? this.#usage
    this.#vendor = chunk.aihubmix?.vendor ?? this.#vendor
    const [choice] = chunk.choices
    if (choice === undefined) return
    yield* this.#delta(choice.delta)
    if (choice.finish_reason !== null) this.#choice = choice
  }

  // What follows the last chunk.
  *end(providerMetadata) {
    yield* this.#callsEnded()
    yield* this.#closed()
    if (this.#details.length > 0) {
      yield* this.#opened('reasoning')
      yield* this.#closed()
    }
    yield {
      type: 'finish',
      finishReason: finishReasonOf(this.#choice),
      usage: usageOf(this.#usage, this.#vendor),
      ...(providerMetadata && { providerMetadata })
    }
  }

  *#delta(delta) {
    if (delta.reasoning_content) yield* this.#said('reasoning', delta.reasoning_content)
    if (delta.content) yield* this.#said('text', delta.content)
    if (delta.refusal) yield* this.#said('text', delta.refusal, { refusal: true })
    for (const call of delta.tool_calls ?? []) yield* this.#call(call)
    for (const entry of delta.reasoning_details ?? []) yield* this.#detail(entry)
    for (const annotation of delta.annotations ?? []) yield* this.#citations.annotation(annotation)
    for (const file of filesOf(delta)) {
      yield* this.#closed()
      yield file
    }
  }

  *#said(kind, text, members) {
    if (this.#block?.kind !== kind) yield* this.#opened(kind, members)
    this.#block.length += text.length
    yield { type: `${kind}-delta`, id: this.#block.id, delta: text }
  }

  *#opened(kind, members) {
    yield* this.#closed()
    this.#block = { kind, id: String(this.#blocks), members, length: 0 }
    this.#blocks += 1
    yield { type: `${kind}-start`, id: this.#block.id }
  }

  *#closed() {
    if (this.#block === undefined) return
    const { kind, id, members, length } = this.#block
    this.#block = undefined
    const providerMetadata = metadataOf(this.#takeDetails(), members)
    const citations = kind === 'text' ? this.#citations.take(this.#textBefore) : undefined
    if (kind === 'text') this.#textBefore += length
    yield {
      type: `${kind}-end`,
      id,
      ...(citations && { citations }),
      ...(providerMetadata && { providerMetadata })
    }
  }

  #takeDetails() {
    const details = this.#details
    this.#details = []
    return details
  }

  *#detail(entry) {
    const detail = { at: this.#detailCount, entry }
    this.#detailCount += 1
    const call = isReasoning(entry) ? undefined : this.#calls.get(callIdOf(entry))
    if (call !== undefined) {
      call.details.push(detail)
      return
    }
    this.#details.push(detail)
    yield* this.#citations.detail(entry)
    yield* this.#vendorParts.of(detail)
    if (!isReasoning(entry)) return
    // Reasoning that was only encrypted, or whose words come with its signature.
    if (this.#block?.kind !== 'reasoning') {
      const kept = this.#details.pop()
      yield* this.#opened('reasoning')
      this.#details.push(kept)
      const words = readable(entry)
      if (words) yield { type: 'reasoning-delta', id: this.#block.id, delta: words }
    }
    yield* this.#closed()
  }

  *#call(delta) {
    let call = this.#byIndex(delta.index)
    if (call === undefined) {
      yield* this.#closed()
      yield* this.#callsEnded()
      const { name } = nameAndInput({
        custom: { input: '' },
        function: { arguments: '' },
        ...delta
      })
      call = { index: delta.index, id: delta.id, type: delta.type, name, text: '', details: [] }
      this.#calls.set(call.id, call)
      yield {
        type: 'tool-input-start',
        id: call.id,
        toolName: name,
        ...(call.type === 'custom' && { inputEncoding: 'text' })
      }
    }
    const piece = delta.function?.arguments ?? delta.custom?.input ?? ''
    if (delta.extra_content !== undefined) call.extra_content = delta.extra_content
    if (piece === '') return
    call.text += piece
    yield { type: 'tool-input-delta', id: call.id, delta: piece }
  }

  #byIndex(index) {
    for (const call of this.#calls.values()) if (call.index === index) return call
    return undefined
  }

  // A call is handed over when the next one begins or the answer ends: its state may come after its arguments.
  *#callsEnded() {
    for (const call of this.#calls.values()) {
      if (call.ended) continue
      call.ended = true
      const whole = {
        id: call.id,
        type: call.type,
        function: { name: call.name, arguments: call.text },
        custom: { name: call.name, input: call.text },
        ...(call.extra_content && { extra_content: call.extra_content })
      }
      const providerMetadata = metadataOf(call.details, callMembers(whole))
      yield { type: 'tool-input-end', id: call.id }
      yield {
        type: 'tool-call',
        toolCallId: call.id,
        toolName: call.name,
        input: nameAndInput(whole).input,
        ...(providerMetadata && { providerMetadata })
      }
    }
  }
}

module.exports = { StreamParts }
