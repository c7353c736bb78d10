'use strict'

// `responses.stream()`: an answer of the Responses API as events, under the names of their types, as the `openai`
// package has them; `event` is any of them.

const { AihubmixError } = require('./aihubmix-error')
const { EventStream } = require('./event-stream')

class ResponseEventStream extends EventStream {
  #final
  // Text and arguments so far, by their place.
  #texts = new Map()

  // `create` opens the stream; `completed` adds what an answer has here.
  static of(create, completed, body, request) {
    const stream = new ResponseEventStream()
    const work = async () => {
      const { signal } = stream.controller
      const events = await create({ ...body, stream: true }, { ...request, signal })
      stream._connected()
      let last
      for await (const event of events) {
        last = event.response ?? last
        stream.#tell(event)
        await stream._room()
      }
      if (last === undefined)
        throw new AihubmixError('the stream ended without a response', 'STREAM_INTERRUPTED')
      stream.#final = completed(last)
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

  #tell(event) {
    this._emit('event', event)
    const { type, delta } = event
    const hasSnapshot =
      type === 'response.output_text.delta' || type === 'response.function_call_arguments.delta'
    this._emit(type, hasSnapshot ? { ...event, snapshot: this.#grown(event, delta) } : event)
  }

  #grown({ output_index: item, content_index: part }, delta) {
    const place = `${item}/${part}`
    const text = (this.#texts.get(place) ?? '') + delta
    this.#texts.set(place, text)
    return text
  }
}

module.exports = { ResponseEventStream }
