'use strict'

// What becomes of a call, for whoever listens: diagnostics channels, and the log.
//
// | channel | published |
// |---|---|
// | `aihubmix:call:start` | before anything is sent |
// | `aihubmix:call:retry` | an attempt has failed, and another one will follow: see `retry` |
// | `aihubmix:call:first-token` | a stream has its first delta |
// | `aihubmix:call:end` | the answer is whole, or the stream was read to its end or left |
// | `aihubmix:call:error` | the call has failed, or was cancelled: see `error` |
//
// As with Node's own tracing channels all messages of one call are the same object, which gains members
// on the way. It never holds words of the conversation, nor those of an error, which may quote them.

const { channel } = require('node:diagnostics_channel')

const start = channel('aihubmix:call:start')
const retry = channel('aihubmix:call:retry')
const firstToken = channel('aihubmix:call:first-token')
const end = channel('aihubmix:call:end')
const failure = channel('aihubmix:call:error')
const ALL = [start, retry, firstToken, end, failure]

let lastId = 0

// A trace of a call that begins, or `undefined` if nobody listens.
function traceOf(log, describe) {
  if (log === undefined && !ALL.some((one) => one.hasSubscribers)) return undefined
  return new Trace(log, describe())
}

class Trace {
  #log
  #context
  #startedAt = performance.now()
  #isOver = false

  constructor(log, { operation, model, route, stream }) {
    this.#log = log
    lastId += 1
    this.#context = {
      id: lastId,
      operation,
      model,
      route,
      stream,
      startTime: Date.now(),
      attempts: 1
    }
    this.#publish(start)
    this.#write('debug', 'begins')
  }

  // What the core tells on the way, see src/client/watch.rs.
  step({ step, ...details }) {
    const context = this.#context
    if (step === 'warning') {
      this.#log?.write('warn', details.message)
    } else if (step === 'answered') {
      Object.assign(context, {
        status: details.status,
        requestId: details.requestId,
        servedBy: details.servedBy
      })
      this.#write(
        'debug',
        `attempt ${details.attempt} is answered ${details.status} over ${details.protocol}`
      )
    } else if (step === 'retry') {
      context.retry = details
      this.#publish(retry)
      context.attempts = details.attempt + 1
      const why =
        details.status === undefined ? details.code : `${details.code} (${details.status})`
      this.#write(
        'debug',
        `attempt ${details.attempt} has failed: ${why}; the next one begins in ${details.delayMs} ms`
      )
    }
  }

  begun() {
    this.#context.firstTokenMs = this.#elapsed()
    this.#publish(firstToken)
  }

  // `completion`: the answer, as far as it came. `left`: the reader did not want the rest.
  ended(completion, left = false) {
    if (!this.#finish(completion)) return
    if (left) this.#context.left = true
    for (const { code, param, message } of completion?.aihubmix?.warnings ?? []) {
      this.#write('warn', `${code}${param === undefined ? '' : ` (${param})`}: ${message}`)
    }
    this.#publish(end)
    this.#write('info', `${left ? 'was left' : 'ended'} after ${summary(this.#context)}`)
  }

  failed(error) {
    if (!this.#finish(error.partial)) return
    const { code, status, type, phase, vendorCode, retryable } = error
    const context = this.#context
    context.attempts = error.attempts
    context.requestId = error.requestId ?? context.requestId
    context.error = { code, status, type, phase, vendorCode, retryable }
    this.#publish(failure)
    const what = [code, status, phase].filter((word) => word !== undefined).join(' ')
    this.#write('info', `failed with ${what} after ${summary(context)}`)
  }

  // Whether this is the first end.
  #finish(completion) {
    if (this.#isOver) return false
    this.#isOver = true
    const context = this.#context
    context.durationMs = this.#elapsed()
    const { usage, choices, aihubmix } = completion ?? {}
    if (typeof usage === 'object' && usage !== null) context.usage = usage
    const reason = choices?.[0]?.finish_reason
    if (typeof reason === 'string') context.finishReason = reason
    if (aihubmix !== undefined) {
      context.route = aihubmix.route
      context.attempts = aihubmix.attempts
      context.requestId = aihubmix.requestId
      context.servedBy = aihubmix.servedBy
    }
    return true
  }

  #publish(one) {
    if (one.hasSubscribers) one.publish(this.#context)
  }

  #write(level, what) {
    const { id, operation, model, route } = this.#context
    const parts = [operation, `#${id}`, model, route && `(${route})`, what].filter(
      (part) => part !== undefined
    )
    this.#log?.write(level, parts.join(' '), this.#context)
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
