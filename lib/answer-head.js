'use strict'

// What stands at the head of an answer (status, headers, trace id), for whoever asks a promise for it. A resource makes
// one request or several and gives back what it makes of them; the last head is the answer's.

const { AsyncLocalStorage } = require('node:async_hooks')
const { atCaller, invalidRequest } = require('./error')
const { headersOf } = require('./headers')

const slots = new AsyncLocalStorage()
// Of the body as it was sent, not as it is here.
const OF_TRANSFER = ['connection', 'content-encoding', 'content-length', 'transfer-encoding']

function isHeadWanted() {
  return slots.getStore() !== undefined
}

function noteHead({ status, headers, requestId }) {
  const slot = slots.getStore()
  if (slot !== undefined) slot.head = { status, headers, requestId }
}

// The promise of `work()`, which can also tell about the response.
function withHead(work) {
  const slot = {}
  const promise = slots.run(slot, work)
  return tellingOf(promise, async () => ({ data: await promise, ...slot.head }))
}

// A promise of data with `withResponse` and `asResponse`; `detailed()` gives `{ data, status, headers, requestId }`.
function tellingOf(promise, detailed) {
  const asked = async (make) => {
    // Whoever asks for both handles the failure here.
    promise.catch(() => {})
    try {
      return make(await detailed())
    } catch (error) {
      throw atCaller(error)
    }
  }
  promise.withResponse = () =>
    asked(({ data, status, headers, requestId }) => ({
      data,
      response: { status, headers: headersOf(headers) },
      request_id: requestId ?? null
    }))
  promise.asResponse = () => asked(responseOf)
  // A list of models is one.
  promise[Symbol.asyncIterator] ??= notAwaited
  return promise
}

// Whoever loops over the promise of a stream is told what is missing.
function notAwaited() {
  throw invalidRequest(
    'stream',
    'this is a promise, which wants an `await`: `for await (const item of await …)`'
  )
}

function responseOf({ data, status, headers: given }) {
  const headers = headersOf(given)
  for (const name of OF_TRANSFER) headers.delete(name)
  const init = { status, headers }
  if (typeof data?.toResponse === 'function') return data.toResponse(init)
  if (data?.body instanceof ReadableStream) return new Response(data.body, init)
  if (data === undefined) return new Response(null, init)
  return new Response(typeof data === 'string' ? data : JSON.stringify(data), init)
}

module.exports = { isHeadWanted, notAwaited, noteHead, tellingOf, withHead }
