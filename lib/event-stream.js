'use strict'

// Events under names, and one end: what `chat.completions.stream()`, `responses.stream()`, `messages.stream()` and runs
// of tools have in common. Names and order are those of the `openai` package: `connect` first; then the events of the
// kind; then the final ones, or `error`, or `abort`; `end` last, exactly once. What hands a stream on is loaded when
// somebody does.

const { AihubmixError } = require('./aihubmix-error')
const { atCaller, aborted } = require('./error')
const { onAbort } = require('./signal')

// As many items wait for a reader before the stream is held back.
const MOST_AHEAD = 64

class EventStream {
  controller = new AbortController()
  #listeners = new Map()
  #connected = deferred()
  #over = deferred()
  #ended = false
  #failure
  // Somebody waits for the end, and so handles its failure.
  #awaited = false
  #readers = new Set()

  get ended() {
    return this.#ended
  }

  get errored() {
    return this.#failure !== undefined && this.#failure.code !== 'ABORTED'
  }

  get aborted() {
    return this.#failure?.code === 'ABORTED'
  }

  on(event, listener) {
    return this.#listen(event, listener, false)
  }

  once(event, listener) {
    return this.#listen(event, listener, true)
  }

  off(event, listener) {
    const listeners = this.#listeners.get(event) ?? []
    const at = listeners.findIndex((one) => one.listener === listener)
    if (at >= 0) listeners.splice(at, 1)
    return this
  }

  // The arguments of the next such event: the argument, if there is one only. Rejects where the stream fails before.
  emitted(event) {
    this.#awaited = true
    return new Promise((resolve, reject) => {
      this.once(event, (...args) => resolve(args.length > 1 ? args : args[0]))
      if (event === 'error' || event === 'abort') return
      this.#over.promise.then(
        () => reject(new AihubmixError(`the stream ended without \`${event}\``, 'INVALID_REQUEST')),
        reject
      )
    })
  }

  // The arguments of each such event, in turn. Who looks on neither holds the stream back nor ends it.
  events(event) {
    const ownsFailure = event === 'error' || event === 'abort'
    return this._each(event, { pick: (...args) => args, looksOn: true, ownsFailure })
  }

  // Settles at the end.
  async done() {
    this.#awaited = true
    try {
      await this.#over.promise
    } catch (error) {
      throw atCaller(error)
    }
  }

  abort(reason) {
    this.controller.abort(reason)
  }

  // The items of the stream as JSON, one a line.
  toReadableStream() {
    return require('./stream-output').linesOf(this[Symbol.asyncIterator]())
  }

  // Server-sent events, as the vendor writes them.
  toResponse(init) {
    return require('./stream-output').responseOf(this[Symbol.asyncIterator](), init, this._isChat)
  }

  // The same, written to Node's `ServerResponse` at its pace.
  async pipe(response) {
    const abort = (reason) => this.abort(reason)
    const { pipeTo } = require('./stream-output')
    await pipeTo(response, this[Symbol.asyncIterator](), abort, this._isChat)
  }

  get _isChat() {
    return false
  }

  // What the events of one name carry, in turn, for one consumer, which ends the stream by going away, unless it only
  // looks on. `ownsFailure`: a failure is such an event.
  _each(event, { pick = (item) => item, looksOn = false, ownsFailure = false } = {}) {
    this.#awaited = true
    const queue = { items: [], waiting: undefined, room: undefined, over: false, looksOn }
    const listener = (...args) => {
      queue.items.push(pick(...args))
      queue.waiting?.()
    }
    this.on(event, listener)
    this.#readers.add(queue)
    const leave = () => {
      this.off(event, listener)
      this.#readers.delete(queue)
      queue.room?.()
    }
    const next = async () => {
      for (;;) {
        if (queue.items.length > 0) {
          const value = queue.items.shift()
          if (queue.items.length < MOST_AHEAD) queue.room?.()
          return { value, done: false }
        }
        if (queue.over) return { value: undefined, done: true }
        if (this.#ended) {
          queue.over = true
          leave()
          if (this.#failure === undefined || ownsFailure) continue
          throw atCaller(this.#failure)
        }
        await new Promise((resolve) => {
          queue.waiting = resolve
        })
      }
    }
    const close = () => {
      queue.over = true
      queue.items = []
      leave()
      queue.waiting?.()
      if (!looksOn) this.abort()
    }
    return iteratorOf(next, close)
  }

  // Begins when the caller has had time to listen. `work()` does everything between `connect` and the final events.
  _run(work, signal) {
    // A failure that nobody waits for is an event, and unhandled only without listeners.
    this.#over.promise.catch(() => {})
    this.#connected.promise.catch(() => {})
    setImmediate(async () => {
      let unlink
      try {
        unlink = signal && onAbort(signal, (reason) => this.controller.abort(reason))
        this._throwIfAborted()
        await work()
        this._throwIfAborted()
        this._emitFinal()
        this.#finish()
      } catch (error) {
        this.#fail(error)
      } finally {
        unlink?.()
      }
    })
  }

  // Settles when the answer has begun.
  async _whenConnected() {
    this.#awaited = true
    await this.#connected.promise
  }

  _connected() {
    if (this.#ended) return
    this.#connected.resolve()
    this._emit('connect')
  }

  // The final events of the kind.
  _emitFinal() {}

  _emit(event, ...args) {
    if (this.#ended) return
    const listeners = this.#listeners.get(event)
    if (listeners === undefined) return
    this.#listeners.set(
      event,
      listeners.filter(({ once }) => !once)
    )
    for (const { listener } of listeners) listener(...args)
  }

  _hears(event) {
    return (this.#listeners.get(event)?.length ?? 0) > 0
  }

  // Waits for readers that have fallen behind.
  async _room() {
    for (const queue of this.#readers) {
      const isClose = queue.looksOn || queue.items.length < MOST_AHEAD
      if (isClose || this.controller.signal.aborted) continue
      const { signal } = this.controller
      await new Promise((resolve) => {
        queue.room = () => {
          signal.removeEventListener('abort', resolve)
          resolve()
        }
        signal.addEventListener('abort', resolve, { __proto__: null, once: true })
      })
    }
  }

  _throwIfAborted() {
    const { signal } = this.controller
    if (signal.aborted) throw aborted(signal.reason)
  }

  #listen(event, listener, once) {
    if (typeof listener !== 'function') {
      const error = new AihubmixError('`listener` must be a function', 'INVALID_REQUEST')
      throw Object.assign(error, { param: 'listener' })
    }
    const listeners = this.#listeners.get(event) ?? []
    this.#listeners.set(event, [...listeners, { listener, once }])
    return this
  }

  #fail(reason) {
    const failed = reason instanceof Error ? reason : new AihubmixError(String(reason), 'API_ERROR')
    this.#failure = failed
    const event = failed.code === 'ABORTED' ? 'abort' : 'error'
    const isHeard = this._hears(event) || this.#awaited
    // What a listener throws now has nobody to go to.
    try {
      this._emit(event, failed)
    } catch {}
    this.#connected.reject(failed)
    this.#over.reject(failed)
    this.#finish(failed)
    // Nobody has asked: as loud as any failure that nobody handles.
    if (!isHeard) Promise.reject(failed)
  }

  #finish() {
    try {
      this._emit('end')
    } catch {}
    this.#ended = true
    this.#over.resolve()
    for (const { waiting } of this.#readers) waiting?.()
    this.#listeners.clear()
  }
}

function iteratorOf(next, close) {
  return {
    next,
    return: async (value) => {
      close()
      return { value, done: true }
    },
    throw: async (error) => {
      close()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    }
  }
}

function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

module.exports = { EventStream }
