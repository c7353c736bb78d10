'use strict'

// The one error class, made here so that it belongs to the caller's realm: native errors belong to
// the outer one, where `instanceof Error` fails inside Jest.

const native = require('./native')

const BRAND = Symbol.for('aihubmix-native.AihubmixError')

class AihubmixError extends Error {
  // `details`: the other members, see types/errors.d.ts.
  constructor(message, code, status, details) {
    super(message)
    this.code = code
    this.status = status
    this.retryable = false
    this.attempts = 0
    if (details === undefined || details === null) return
    const { cause, ...members } = details
    Object.assign(this, members, { message, code, status })
    if (cause !== undefined) setCause(this, cause)
  }

  get [BRAND]() {
    return true
  }

  // Also true for errors of another copy of this package.
  static isInstance(value) {
    return typeof value === 'object' && value !== null && value[BRAND] === true
  }
}

Object.defineProperty(AihubmixError.prototype, 'name', {
  __proto__: null,
  value: 'AihubmixError',
  configurable: true,
  writable: true
})

// An error that arrived as JSON. `cause` there is text: it becomes an error of its own.
function errorFromNative(json) {
  const { message, code, status, cause, ...rest } = JSON.parse(json)
  const error = Object.assign(new AihubmixError(message, code, status), rest)
  if (cause !== undefined) setCause(error, new Error(cause))
  return error
}

function invalidRequest(param, message) {
  return Object.assign(new AihubmixError(message, 'INVALID_REQUEST'), { param })
}

function invalidResponse(message) {
  return new AihubmixError(message, 'INVALID_RESPONSE')
}

// An error that quotes its caller or a server, without keys: `redact(text)`. What is not ours (a stream of the
// caller's may fail with anything) comes back as it is.
function redacted(error, redact) {
  if (!(error instanceof AihubmixError)) return error
  error.message = redact(error.message)
  if (typeof error.param === 'string') error.param = redact(error.param)
  for (const name of ['body', 'partial']) {
    if (error[name] !== undefined) error[name] = JSON.parse(redact(JSON.stringify(error[name])))
  }
  // A cause is somebody else's, and is not rewritten.
  const { cause } = error
  if (cause !== undefined && redact(String(cause?.message)) !== String(cause?.message))
    delete error.cause
  return error
}

function configError(param, message) {
  return Object.assign(new AihubmixError(message, 'CONFIG_ERROR'), { param })
}

function aborted(reason, message = 'the call was aborted') {
  const error = new AihubmixError(message, 'ABORTED')
  if (reason !== undefined) setCause(error, reason)
  return error
}

function closed() {
  return aborted(undefined, 'the client was closed')
}

// What has been thrown, in words. It may be anything, and may throw itself.
function messageOf(thrown) {
  try {
    const message = thrown?.message
    return typeof message === 'string' ? message : String(thrown)
  } catch {
    return 'something was thrown that cannot be shown'
  }
}

// An error that is thrown again by an asynchronous function: its stack leads to those who wait for that, up to
// the caller's line. Where it was made there are only messages that have arrived.
function atCaller(error) {
  if (error instanceof AihubmixError) Error.captureStackTrace?.(error, atCaller)
  return error
}

// As Error's own `cause` option makes it: there, but not enumerable.
function setCause(error, cause) {
  return Object.defineProperty(error, 'cause', {
    __proto__: null,
    value: cause,
    configurable: true,
    writable: true
  })
}

function handleAihubmixErrors(error) {
  if (AihubmixError.isInstance(error)) return error
  const text = (value) => (typeof value === 'string' ? value : undefined)
  const status = Number.isInteger(error?.status) && error.status >= 0 ? error.status : undefined
  const message = text(typeof error === 'string' ? error : error?.message)
  const found = JSON.parse(native.classifyError(message, text(error?.code), status))
  const made = new AihubmixError(
    found.message,
    found.code ?? error?.code,
    found.status ?? error?.status
  )
  if (error !== undefined) setCause(made, error)
  return made
}

module.exports = {
  AihubmixError,
  aborted,
  atCaller,
  closed,
  configError,
  errorFromNative,
  handleAihubmixErrors,
  invalidRequest,
  invalidResponse,
  messageOf,
  redacted,
  setCause
}
