'use strict'

// Errors as the AI SDK knows them: by the marks on them, not by their class, so that none of its packages is needed.

const { AihubmixError } = require('../aihubmix-error')
const { stringify } = require('../stringify')

const ERROR = Symbol.for('vercel.ai.error')
const mark = (name) => Symbol.for(`vercel.ai.error.${name}`)

// An error of a call. The client has done its retries: nobody is to repeat them.
class APICallError extends Error {
  constructor(error, requestBodyValues) {
    super(error.message, { cause: error })
    this[ERROR] = true
    this[mark('AI_APICallError')] = true
    this.name = 'AI_APICallError'
    this.url = error.url ?? ''
    this.requestBodyValues = requestBodyValues
    this.statusCode = error.status
    this.responseHeaders = headersOf(error.headers)
    this.responseBody = error.body === undefined ? undefined : stringify(error.body)
    this.isRetryable = false
    this.data = error.body
  }
}

function headersOf(headers) {
  if (headers === undefined) return undefined
  return Object.fromEntries(headers instanceof Headers ? headers : Object.entries(headers))
}

// What a failed call rejects with: the reason of the caller's own signal, or an error that the AI SDK knows.
function callError(error, requestBodyValues, signal) {
  if (!AihubmixError.isInstance(error)) return error
  if (error.code === 'ABORTED' && signal?.aborted) return abortError(signal.reason)
  return new APICallError(error, requestBodyValues)
}

function abortError(reason) {
  const known = reason instanceof Error && ['AbortError', 'TimeoutError'].includes(reason.name)
  return known ? reason : new DOMException(String(reason?.message ?? reason), 'AbortError')
}

// Runs a call of the client, and gives its failure the AI SDK's form.
async function called(run, requestBodyValues, signal) {
  try {
    return await run()
  } catch (error) {
    throw callError(error, requestBodyValues, signal)
  }
}

module.exports = { APICallError, callError, called }
