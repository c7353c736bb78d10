'use strict'

// `chat.completions.stream()`: one streamed answer as events.

const { AihubmixError } = require('./aihubmix-error')
const { ChatCompletionRunner } = require('./chat-runner')
const { invalidRequest } = require('./error')
const { fromLines } = require('./stream-output')

class ChatCompletionEventStream extends ChatCompletionRunner {
  // What a `toReadableStream()` elsewhere has written.
  static fromReadableStream(readable) {
    const stream = new ChatCompletionEventStream([])
    stream._run(async () => {
      stream._connected()
      stream._addCompletion(await stream._read(fromLines(readable), false, ended))
    })
    return stream
  }

  // `create` asks the model; `parsing(body)` says what is sent as `response_format` and how the answer is read.
  static of(create, parsing, body, request) {
    const stream = new ChatCompletionEventStream(body?.messages)
    const work = async () => {
      if (typeof body !== 'object' || body === null)
        throw invalidRequest('body', '`body` must be an object')
      const { format, isJson, finish } = parsing(body.response_format)
      const sent = { ...body, stream: true }
      if (format !== undefined) sent.response_format = format
      const chunks = await create(sent, { ...request, signal: stream.controller.signal })
      stream._connected()
      const completed = () => chunks.finalChatCompletion()
      stream._addCompletion(await finish(await stream._read(chunks, isJson, completed)))
    }
    stream._run(work, request?.signal ?? undefined)
    return stream
  }
}

function ended(completion) {
  const open = completion?.choices.find(({ finish_reason: reason }) => !reason)
  if (completion !== undefined && open === undefined) return completion
  const error = new AihubmixError('the stream ended before the answer did', 'STREAM_INTERRUPTED')
  throw Object.assign(error, { partial: completion })
}

module.exports = { ChatCompletionEventStream }
