'use strict'

// `messages.stream()`: an answer of Anthropic's as events, with the names of `@anthropic-ai/sdk`.

const { AihubmixError } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { EventStream } = require('./event-stream')
const { parsing } = require('./parsed-message')
const { PartialJson } = require('./partial-json')

class MessageEventStream extends EventStream {
  // The message as it stands.
  currentMessage
  // The conversation: what was given, and what has come since.
  messages
  receivedMessages = []
  // What stands at the head of the answer, from `connect` on.
  response
  request_id
  // The values of tools' inputs that are being written, by their block.
  #inputs = new Map()

  // `create` opens the stream; `redacted(error)` shows an error without keys.
  static of({ create, redacted }, body, request) {
    const stream = new MessageEventStream()
    stream.messages = Array.isArray(body?.messages) ? [...body.messages] : []
    const work = async () => {
      const { signal } = stream.controller
      const { sent, finish } = parsing(objectOf(body, 'body'), redacted)
      const asked = { ...body, ...sent, stream: true }
      const opened = await create(asked, { ...request, signal }).withResponse()
      const { data: events, ...head } = opened
      Object.assign(stream, head)
      stream._connected()
      for await (const event of events) {
        stream.#add(event)
        await stream._room()
      }
      if (stream.currentMessage === undefined)
        throw new AihubmixError('the stream ended without a message', 'STREAM_INTERRUPTED')
      stream.currentMessage = await finish(stream.currentMessage)
      stream.#complete(stream.currentMessage)
    }
    stream._run(work, request?.signal ?? undefined)
    return stream
  }

  // The events as they came, for one consumer.
  [Symbol.asyncIterator]() {
    return this._each('streamEvent')
  }

  async finalMessage() {
    await this.done()
    return this.currentMessage
  }

  // When the answer has begun.
  async withResponse() {
    await this._whenConnected()
    return { data: this, response: this.response, request_id: this.request_id }
  }

  async finalText() {
    const { content } = await this.finalMessage()
    const texts = content.filter(({ type }) => type === 'text')
    return texts.map(({ text }) => text).join(' ')
  }

  _emitFinal() {
    this._emit('finalMessage', this.currentMessage)
  }

  #complete(message) {
    this.receivedMessages.push(message)
    this.messages.push({ role: message.role, content: message.content })
    this._emit('message', message)
  }

  #add(event) {
    if (event.type === 'message_start') this.currentMessage = structuredClone(event.message)
    const message = this.currentMessage
    if (message === undefined) return
    const block = message.content[event.index]
    if (event.type === 'content_block_start')
      message.content[event.index] = structuredClone(event.content_block)
    if (event.type === 'message_delta') this.#addToMessage(message, event)
    const grows = event.type === 'content_block_delta' && block !== undefined
    if (grows) this.#grow(block, event)
    this._emit('streamEvent', event, message)
    if (grows) this.#tell(block, event.delta)
    if (event.type === 'content_block_stop' && block !== undefined)
      this._emit('contentBlock', block)
  }

  #addToMessage(message, { delta, usage }) {
    Object.assign(message, delta)
    message.usage = { ...message.usage, ...usage }
  }

  #grow(block, { index, delta }) {
    if (delta.type === 'text_delta') block.text += delta.text
    else if (delta.type === 'thinking_delta') block.thinking += delta.thinking
    else if (delta.type === 'signature_delta') block.signature = delta.signature
    else if (delta.type === 'citations_delta') {
      block.citations ??= []
      block.citations.push(delta.citation)
    } else if (delta.type === 'input_json_delta') {
      if (!this.#inputs.has(index)) this.#inputs.set(index, new PartialJson())
      block.input = this.#inputs.get(index).push(delta.partial_json) ?? {}
    }
  }

  #tell(block, delta) {
    if (delta.type === 'text_delta') this._emit('text', delta.text, block.text)
    else if (delta.type === 'thinking_delta') this._emit('thinking', delta.thinking, block.thinking)
    else if (delta.type === 'signature_delta') this._emit('signature', block.signature)
    else if (delta.type === 'citations_delta')
      this._emit('citation', delta.citation, block.citations)
    else if (delta.type === 'input_json_delta')
      this._emit('inputJson', delta.partial_json, block.input)
  }
}

module.exports = { MessageEventStream }
