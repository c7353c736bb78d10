'use strict'

// `responses.stream()`: an answer of the Responses API as events, under the names of their types, as the `openai`
// package has them; `event` is any of them. Its final response is read as that of `responses.parse`.

const { AihubmixError } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { invalidRequest } = require('./error')
const { EventStream } = require('./event-stream')
const { parsing } = require('./parsed-response')

// Whose events say all text so far too.
const GROWING = new Set(['response.output_text.delta', 'response.function_call_arguments.delta'])

class ResponseEventStream extends EventStream {
  #final
  // The response as it was last told, and its items that are complete, by their index.
  #response
  #items = []
  // Text and arguments so far, by their place.
  #texts = new Map()
  // Events up to this number are known to the caller.
  #after = -1

  // `create` and `retrieve` open the stream; `completed` adds what an answer has here.
  static of({ create, retrieve, completed, redacted }, body, request) {
    const stream = new ResponseEventStream()
    const work = async () => {
      const { sent, finish } = parsing(objectOf(body, 'body'), redacted)
      const options = { ...request, signal: stream.controller.signal }
      const id = body.response_id
      const events =
        id === undefined
          ? await create({ ...body, ...sent, stream: true }, options)
          : // From its beginning: what came before is part of the answer.
            await retrieve(id, { stream: true }, options)
      stream.#after = id === undefined ? -1 : afterOf(body)
      stream._connected()
      for await (const event of events) {
        stream.#add(event)
        await stream._room()
      }
      stream.#final = await finish(completed(stream.#whole()))
    }
    stream._run(work, request?.signal ?? undefined)
    return stream
  }

  // The events as they came, for one consumer.
  [Symbol.asyncIterator]() {
    return this._each('event')
  }

  async finalResponse() {
    await this.done()
    return this.#final
  }

  #add(event) {
    const { type, response, item, output_index: index } = event
    this.#response = response ?? this.#response
    if (type === 'response.output_item.done') this.#items[index] = item
    const told = GROWING.has(type) ? { ...event, snapshot: this.#grown(event) } : event
    if ((event.sequence_number ?? Number.POSITIVE_INFINITY) <= this.#after) return
    this._emit('event', event)
    this._emit(type, told)
  }

  #grown({ output_index: item, content_index: part, delta }) {
    const place = `${item}/${part}`
    const text = (this.#texts.get(place) ?? '') + delta
    this.#texts.set(place, text)
    return text
  }

  // Servers may leave out of the last event what the others have said.
  #whole() {
    const response = this.#response
    if (response === undefined)
      throw new AihubmixError('the stream ended without a response', 'STREAM_INTERRUPTED')
    if (Array.isArray(response.output)) return response
    return { ...response, output: this.#items.filter((item) => item !== undefined) }
  }
}

function afterOf({ starting_after: after }) {
  if (after === undefined || after === null) return -1
  if (Number.isInteger(after)) return after
  throw invalidRequest('starting_after', '`starting_after` must be the number of an event')
}

module.exports = { ResponseEventStream }
