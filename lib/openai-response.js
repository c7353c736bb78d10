'use strict'

// Answers of the chat engine as an OpenAI server would send them.

const { headersOf } = require('./headers')
const { stringify } = require('./stringify')

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache'
}

// An error as a status and an envelope, `openai`'s unless the path is another vendor's. `status`: for one that no
// server has answered with.
function errorResponse(error, status, shape = 'openai') {
  const { requestId, retryAfterMs } = error
  const headers = plainHeaders(error.headers ?? {})
  headers.set('content-type', 'application/json')
  // The SDK above must not repeat what this client would not.
  headers.set('x-should-retry', String(error.retryable))
  if (requestId !== undefined) headers.set('x-request-id', requestId)
  const asksToWait = headers.has('retry-after') || headers.has('retry-after-ms')
  if (!asksToWait && retryAfterMs !== undefined) headers.set('retry-after-ms', String(retryAfterMs))
  const answered = error.status ?? status
  return new Response(ENVELOPES[shape](error, answered), { status: answered, headers })
}

// A stream as server-sent events. What goes wrong after its beginning is its last event.
function sseResponse(stream, status, headers, signal) {
  const iterator = stream[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream(
    {
      __proto__: null,
      async pull(controller) {
        let next
        try {
          next = await iterator.next()
        } catch (error) {
          if (error.code === 'ABORTED') {
            return controller.error(abortReason(error, signal))
          }
          controller.enqueue(encoder.encode(`data: ${envelope(error)}\n\n`))
          return controller.close()
        }
        const data = next.done ? '[DONE]' : stringify(next.value)
        controller.enqueue(encoder.encode(`data: ${data}\n\n`))
        if (next.done) controller.close()
      },
      async cancel() {
        await iterator.return()
      }
    },
    { __proto__: null, highWaterMark: 0 }
  )
  const all = plainHeaders(headers)
  for (const [name, value] of Object.entries(STREAM_HEADERS)) all.set(name, value)
  return new Response(body, { status, headers: all })
}

// What an aborted fetch fails with: the signal's reason, as the runtime's own does it. One that is no error, or none,
// is an `AbortError`, which is what the SDKs above look for.
function abortReason(error, signal) {
  // Errors of another realm are errors, too.
  const isError = typeof signal?.reason?.message === 'string'
  if (signal?.aborted && isError) return signal.reason
  const made = new DOMException('This operation was aborted', 'AbortError')
  Object.defineProperty(made, 'cause', {
    __proto__: null,
    value: error.cause ?? error,
    configurable: true,
    writable: true
  })
  return made
}

// Of a body that has been unpacked, the headers about its packing are no longer true.
function plainHeaders(headers) {
  const plain = headersOf(headers)
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection'])
    plain.delete(name)
  return plain
}

// https://docs.anthropic.com/en/api/errors, https://ai.google.dev/api/rest/v1/Status
const ENVELOPES = {
  openai: envelope,
  anthropic: ({ message, type }) =>
    stringify({ type: 'error', error: { type: type ?? 'api_error', message } }),
  gemini: ({ message, type, code }, status) =>
    stringify({ error: { code: status, message, status: type ?? code ?? 'UNKNOWN' } })
}

function envelope({ message, type = null, param = null, vendorCode, code = null }) {
  return stringify({ error: { message, type, param, code: vendorCode ?? code } })
}

module.exports = { abortReason, errorResponse, plainHeaders, sseResponse }
