'use strict'

// How errors are made: of what the core says, of what the facade finds, of what others have thrown.

const native = require('./native')
const { AihubmixError, setCause } = require('./aihubmix-error')
const { stringify } = require('./stringify')

// An error that arrived as JSON. `cause` there is text: it becomes an error of its own.
function errorFromNative(json) {
  const { message, code, status, cause, ...details } = JSON.parse(json)
  const made = cause === undefined ? details : { ...details, cause: new Error(cause) }
  return new AihubmixError(message, code, status, made)
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
    if (Object.hasOwn(error, name) && error[name] !== undefined)
      error[name] = JSON.parse(redact(stringify(error[name])))
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

// An error that is thrown again by an asynchronous function: its stack leads to those who wait for that, up to
// the caller's line. Where it was made there are only messages that have arrived.
function atCaller(error) {
  if (error instanceof AihubmixError) Error.captureStackTrace?.(error, atCaller)
  return error
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
  aborted,
  atCaller,
  closed,
  configError,
  errorFromNative,
  handleAihubmixErrors,
  invalidRequest,
  invalidResponse,
  redacted
}
