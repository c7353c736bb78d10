'use strict'

// What becomes of a call, for whoever listens: diagnostics channels, and the log.
//
// | channel | published |
// |---|---|
// | `aihubmix:call:start` | before anything is sent |
// | `aihubmix:call:queued` | a request waits for others of its key: see `queued` |
// | `aihubmix:call:retry` | an attempt has failed, and another one will follow: see `retry` |
// | `aihubmix:call:fallback` | a model is given up, and another one is asked: see `fallback` |
// | `aihubmix:call:first-token` | a stream has its first delta |
// | `aihubmix:call:end` | the answer is whole, or the stream was read to its end or left |
// | `aihubmix:call:error` | the call has failed, or was cancelled: see `error` |
// | `aihubmix:call:content` | what was asked (`input`) and what was answered (`output`): the words themselves |
//
// As with Node's own tracing channels all messages of one call are the same object, which gains members
// on the way. It never holds words of the conversation, nor those of an error, which may quote them: those go over
// the channel `content` alone, as messages of their own.

const { channel } = require('node:diagnostics_channel')
const { CallContext } = require('./call-context')
const { stringify } = require('./stringify')

const start = channel('aihubmix:call:start')
const queued = channel('aihubmix:call:queued')
const retry = channel('aihubmix:call:retry')
const fallback = channel('aihubmix:call:fallback')
const firstToken = channel('aihubmix:call:first-token')
const end = channel('aihubmix:call:end')
const failure = channel('aihubmix:call:error')
const content = channel('aihubmix:call:content')
const ALL = [start, queued, retry, fallback, firstToken, end, failure, content]

let lastId = 0

// A trace of a call that begins, or `undefined` if nobody listens. `redact(text)` takes keys out.
function traceOf(log, redact, describe) {
  if (log === undefined && !ALL.some((one) => one.hasSubscribers)) return undefined
  return new Trace(log, redact, describe())
}

class Trace {
  #log
  #redact
  #context = new CallContext()
  // What is known, and the message that shows it: whoever gets the message may do with it what he likes.
  #known = {}
  #message = {}
  #startedAt = performance.now()
  #isOver = false
  #queuedMs = 0

  constructor(log, redact, { operation, model, route, stream, input }) {
    this.#log = log
    this.#redact = redact
    lastId += 1
    this.#learn({
      id: lastId,
      operation,
      model,
      route,
      stream,
      startTime: Date.now(),
      attempts: 1
    })
    this.#publish(start)
    this.#say({ input })
    this.#write('debug', 'begins')
  }

  // What the core tells on the way, see src/client/watch.rs.
  step({ step, ...details }) {
    if (step === 'warning') {
      this.#context.run(() => this.#log?.write('warn', details.message))
    } else if (step === 'fallback') {
      this.#learn({ fallback: details })
      this.#publish(fallback)
      this.#write('debug', `${details.code}: ${details.model} is asked in its place`)
    } else if (step === 'queued') {
      this.#learn({ queued: details })
      this.#publish(queued)
      this.#write('debug', `waits for others of its key: ${details.waiting} wait already`)
    } else if (step === 'admitted') {
      this.#queuedMs += details.waitedMs
      this.#learn({ queuedMs: this.#queuedMs })
      this.#write('debug', `has waited for ${details.waitedMs} ms`)
    } else if (step === 'answered') {
      const { attempt, status, requestId, servedBy, protocol } = details
      this.#learn({ status, requestId, servedBy })
      this.#write('debug', `attempt ${attempt} is answered ${status} over ${protocol}`)
    } else if (step === 'retry') {
      const { attempt, code, status, delayMs } = details
      this.#learn({ retry: details })
      this.#publish(retry)
      this.#learn({ attempts: attempt + 1 })
      const why = status === undefined ? code : `${code} (${status})`
      this.#write(
        'debug',
        `attempt ${attempt} has failed: ${why}; the next one begins in ${delayMs} ms`
      )
    }
  }

  begun() {
    this.#learn({ firstTokenMs: this.#elapsed() })
    this.#publish(firstToken)
  }

  // `completion`: the answer, as far as it came. `left`: the reader did not want the rest.
  ended(completion, left = false) {
    if (!this.#finish(completion)) return
    if (left) this.#learn({ left: true })
    for (const { code, param, message } of completion?.aihubmix?.warnings ?? []) {
      this.#write('warn', `${code}${param === undefined ? '' : ` (${param})`}: ${message}`)
    }
    this.#publish(end)
    this.#write('info', `${left ? 'was left' : 'ended'} after ${summary(this.#known)}`)
  }

  failed(error) {
    if (!this.#finish(error.partial)) return
    const { code, status, type, phase, vendorCode, retryable, attempts } = error
    const requestId = error.requestId ?? this.#known.requestId
    this.#learn({
      attempts,
      requestId,
      error: { code, status, type, phase, vendorCode, retryable }
    })
    this.#publish(failure)
    const what = [code, status, phase].filter((word) => word !== undefined).join(' ')
    this.#write('info', `failed with ${what} after ${summary(this.#known)}`)
  }

  // Whether this is the first end.
  #finish(completion) {
    if (this.#isOver) return false
    this.#isOver = true
    this.#learn({ durationMs: this.#elapsed() })
    const { usage, choices, aihubmix, model, id } = completion ?? {}
    if (typeof model === 'string') this.#learn({ responseModel: model })
    if (typeof id === 'string') this.#learn({ responseId: id })
    if (completion !== undefined) this.#say({ output: completion })
    if (typeof usage === 'object' && usage !== null) this.#learn({ usage })
    const reason = choices?.[0]?.finish_reason
    if (typeof reason === 'string') this.#learn({ finishReason: reason })
    if (aihubmix !== undefined) {
      const { route, attempts, requestId, servedBy } = aihubmix
      this.#learn({ route, attempts, requestId, servedBy })
    }
    return true
  }

  #learn(members) {
    for (const [name, value] of Object.entries(members)) {
      const shown = this.#shown(value)
      this.#known[name] = shown
      try {
        Reflect.set(this.#message, name, shown)
      } catch {
        // A subscriber has made it so.
      }
    }
  }

  // Texts are somebody else's, and may hold a key.
  #shown(value) {
    if (typeof value === 'string') return this.#redact(value)
    if (typeof value !== 'object' || value === null) return value
    return JSON.parse(this.#redact(stringify(value)))
  }

  #publish(one) {
    if (one.hasSubscribers) this.#context.run(() => one.publish(this.#message))
  }

  // Words of the conversation, for whoever asks for those.
  #say(words) {
    if (!content.hasSubscribers) return
    const message = { id: this.#known.id, ...JSON.parse(this.#redact(stringify(words))) }
    this.#context.run(() => content.publish(message))
  }

  #write(level, what) {
    if (this.#log === undefined) return
    const { id, operation, model, route } = this.#known
    const parts = [operation, `#${id}`, model, route && `(${route})`, what].filter(
      (part) => part !== undefined
    )
    this.#context.run(() => this.#log.write(level, parts.join(' '), this.#known))
  }

  #elapsed() {
    return performance.now() - this.#startedAt
  }
}

function summary({ durationMs, firstTokenMs, attempts, usage, requestId }) {
  const parts = [`${Math.round(durationMs)} ms`]
  if (firstTokenMs !== undefined) parts.push(`first token ${Math.round(firstTokenMs)} ms`)
  parts.push(`attempts ${attempts}`)
  const read = usage?.prompt_tokens ?? usage?.input_tokens
  const written = usage?.completion_tokens ?? usage?.output_tokens ?? 0
  if (read !== undefined) parts.push(`tokens ${read} + ${written}`)
  if (requestId !== undefined) parts.push(`request id ${requestId}`)
  return parts.join(', ')
}

module.exports = { traceOf }
