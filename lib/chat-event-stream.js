'use strict'

// `chat.completions.stream()`: one streamed answer as events.

const { AihubmixError } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { ChatCompletionRunner } = require('./chat-runner')

class ChatCompletionEventStream extends ChatCompletionRunner {
  // What a `toReadableStream()` elsewhere has written.
  static fromReadableStream(readable) {
    const stream = new ChatCompletionEventStream([])
    stream._run(async () => {
      stream._connected()
      const { fromLines } = require('./stream-output')
      stream._addCompletion(await stream._read(fromLines(readable), undefined, ended))
    })
    return stream
  }

  // `create` asks the model; `redacted(error)` shows an error without keys.
  static of(create, body, request, redacted) {
    const stream = new ChatCompletionEventStream(body?.messages)
    const work = async () => {
      const { parsing } = require('./parse')
      const { sent, isRead, shown, finish } = parsing(objectOf(body, 'body'), redacted)
      const { signal } = stream.controller
      const chunks = await create({ ...body, ...sent, stream: true }, { ...request, signal })
      stream._connected()
      const completion = await stream._read(chunks, shown, () => chunks.finalChatCompletion())
      stream._addCompletion(isRead ? await finish(completion) : completion)
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
