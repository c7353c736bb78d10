'use strict'

// One chat or several in a row, as events: what `chat.completions.stream()` and `runTools` have in common. The class is
// exported, so what it works with is loaded when it works.

const { AihubmixError } = require('./aihubmix-error')
const { EventStream } = require('./event-stream')

class ChatCompletionRunner extends EventStream {
  // The conversation: what was given, and what has come since.
  messages
  #completions = []
  #events
  // What a value that is still being written stands for.
  #shown = (value) => value

  constructor(messages) {
    super()
    this.messages = Array.isArray(messages) ? [...messages] : []
  }

  // Of the answer that is being written.
  get currentChatCompletionSnapshot() {
    return this.#events?.snapshot
  }

  allChatCompletions() {
    return [...this.#completions]
  }

  async finalChatCompletion() {
    await this.done()
    return this._last()
  }

  async finalMessage() {
    await this.done()
    return this.#lastMessage()
  }

  async finalContent() {
    await this.done()
    return this.#lastMessage()?.content ?? null
  }

  async finalFunctionToolCall() {
    await this.done()
    return this.#lastCall()
  }

  async finalFunctionToolCallResult() {
    await this.done()
    return this.#lastResult()
  }

  // Over all answers.
  async totalUsage() {
    await this.done()
    return this.#usage()
  }

  // The chunks, for one consumer.
  [Symbol.asyncIterator]() {
    return this._each('chunk')
  }

  textStream() {
    return require('./stream-output').textsOf(this[Symbol.asyncIterator]())
  }

  partialObjectStream() {
    return require('./stream-output').partialObjectsOf(this[Symbol.asyncIterator](), (value) =>
      this.#shown(value)
    )
  }

  get _isChat() {
    return true
  }

  // Reads one answer: its chunks become events. `shown`: see `ChatEvents`. The answer is what the stream says at its end.
  async _read(chunks, shown, completed) {
    const emit = (event, ...args) => {
      this._emit(event, ...args)
      if (event === 'tool_calls.function.arguments.done') {
        const [{ index }] = args
        this._callComplete(index, events.snapshot.choices[0].message.tool_calls[index])
      }
    }
    const { ChatEvents } = require('./chat-events')
    const events = new ChatEvents(emit, shown)
    if (shown !== undefined) this.#shown = shown
    this.#events = events
    for await (const chunk of chunks) {
      events.add(chunk)
      await this._room()
      this._throwIfAborted()
    }
    return completed(events.snapshot)
  }

  // A call of the answer that is being written is complete.
  _callComplete() {}

  _addCompletion(completion) {
    this.#events = undefined
    this.#completions.push(completion)
    this._emit('chatCompletion', completion)
    const message = completion.choices[0]?.message
    if (message !== undefined) this._addMessage(message)
  }

  _addMessage(message) {
    this.messages.push(message)
    this._emit('message', message)
    if (message.role === 'tool') this._emit('functionToolCallResult', message.content)
    for (const call of message.tool_calls ?? []) {
      if (call.type === 'function') this._emit('functionToolCall', call.function)
    }
  }

  _last() {
    return this.#completions.at(-1)
  }

  _emitFinal() {
    const completion = this._last()
    if (completion === undefined)
      throw new AihubmixError('the stream ended without an answer', 'STREAM_INTERRUPTED')
    this._emit('finalChatCompletion', completion)
    const message = this.#lastMessage()
    if (message !== undefined) this._emit('finalMessage', message)
    if (message?.content) this._emit('finalContent', message.content)
    const call = this.#lastCall()
    if (call !== undefined) this._emit('finalFunctionToolCall', call)
    const result = this.#lastResult()
    if (result !== undefined) this._emit('finalFunctionToolCallResult', result)
    this._emit('totalUsage', this.#usage())
  }

  #lastMessage() {
    return this._last()?.choices[0]?.message
  }

  #lastCall() {
    const calls = this.#completions.flatMap(({ choices }) => choices[0]?.message.tool_calls ?? [])
    return calls.filter(({ type }) => type === 'function').at(-1)?.function
  }

  #lastResult() {
    return this.messages.findLast(({ role }) => role === 'tool')?.content
  }

  #usage() {
    const total = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
    for (const { usage } of this.#completions) addUp(total, usage ?? {})
    return total
  }
}

function addUp(total, counts) {
  for (const [name, count] of Object.entries(counts)) {
    if (typeof count === 'number') total[name] = (total[name] ?? 0) + count
    else if (typeof count === 'object' && count !== null) {
      total[name] ??= {}
      addUp(total[name], count)
    }
  }
}

module.exports = { ChatCompletionRunner }
