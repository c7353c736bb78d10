'use strict'

// Errors as the gateway and the vendors behind it word them.
// Whatever an endpoint does not accept, it throws as a Refusal.

class Refusal extends Error {
  constructor(status, body) {
    const message = body.error?.message ?? body.message
    super(typeof message === 'string' ? message : JSON.stringify(message))
    this.status = status
    this.body = body
  }
}

/** The gateway's own error. `native`: the routes of Messages, Gemini and Responses add a top-level type. */
function gatewayError(message, traceId, { status = 400, native = false } = {}) {
  const error = { message: `${message} (tid: ${traceId})`, type: 'Aihubmix_api_error' }
  return new Refusal(status, native ? { type: 'error', error } : { error })
}

/** https://platform.openai.com/docs/guides/error-codes */
function openaiError(message, { status = 400, param = null, code = null } = {}) {
  return new Refusal(status, { error: { message, type: 'invalid_request_error', param, code } })
}

/** https://docs.anthropic.com/en/api/errors */
function anthropicError(message, requestId) {
  return new Refusal(400, {
    type: 'error',
    error: { type: 'invalid_request_error', message },
    request_id: requestId
  })
}

/** https://ai.google.dev/gemini-api/docs/troubleshooting */
function googleError(message) {
  return new Refusal(400, { error: { code: 400, message, status: 'INVALID_ARGUMENT' } })
}

/** https://docs.mistral.ai/api: an error stands at the top, a list of its details in place of its message. */
function mistralError(message, { status = 400, type = 'invalid_request_error', code = null } = {}) {
  return new Refusal(status, { object: 'error', message, type, param: null, code })
}

module.exports = { Refusal, mistralError, gatewayError, openaiError, anthropicError, googleError }
