'use strict'

// A stream handed on: as lines, as server-sent events, to a `Response` or to Node's. Whoever takes it sets the pace, and
// whoever goes away ends it. `items` is an iterator that can be looped over; `isChat`: its items are chunks of a chat.

const { once } = require('node:events')
const { AihubmixError } = require('./aihubmix-error')
const { PartialJson } = require('./partial-json')
const { stringify } = require('./stringify')

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold it back.
  'x-accel-buffering': 'no'
}

// One item per line, as JSON.
function linesOf(items) {
  return byteStreamOf(
    mapped(
      items,
      (item) => `${stringify(item)}
`
    ),
    items
  )
}

// Server-sent events as the vendors write them. A failure half-way is the last event: the status is long sent.
async function* eventsOf(items, isChat) {
  try {
    for await (const item of items) {
      const name = !isChat && typeof item.type === 'string' ? `event: ${item.type}\n` : ''
      yield `${name}data: ${stringify(item)}\n\n`
    }
    if (isChat) yield 'data: [DONE]\n\n'
  } catch (error) {
    const name = isChat ? '' : 'event: error\n'
    yield `${name}data: ${stringify(shownFailure(error, isChat))}\n\n`
  }
}

function shownFailure(error, isChat) {
  const { message, code, type, param } =
    error instanceof AihubmixError ? error : { message: 'the stream failed', code: 'SERVER_ERROR' }
  const shown = { message, type: type ?? 'api_error', param: param ?? null, code: code ?? null }
  return isChat ? { error: shown } : { ...shown, type: 'error', error: shown }
}

function responseOf(items, init, isChat) {
  const headers = new Headers(EVENT_STREAM)
  for (const [name, value] of new Headers(init?.headers)) headers.set(name, value)
  return new Response(byteStreamOf(eventsOf(items, isChat), items), { ...init, headers })
}

// Writes to a `ServerResponse` and settles when all is written. A client that goes away ends the stream: `abort()`.
async function pipeTo(response, items, abort, isChat) {
  if (typeof response?.write !== 'function' || typeof response.end !== 'function') {
    const error = new AihubmixError(
      '`response` must be a `ServerResponse` or another writable stream',
      'INVALID_REQUEST'
    )
    throw Object.assign(error, { param: 'response' })
  }
  const gone = new AbortController()
  const leave = () => gone.abort()
  response.once('close', leave)
  response.once('error', leave)
  const leaving = () => abort(new Error('the client has closed the connection'))
  gone.signal.addEventListener('abort', leaving, { __proto__: null, once: true })
  if (response.destroyed) leave()
  try {
    if (typeof response.writeHead === 'function' && !response.headersSent)
      response.writeHead(200, { ...EVENT_STREAM, ...response.getHeaders() })
    for await (const text of eventsOf(items, isChat)) {
      if (gone.signal.aborted) return
      if (!response.write(text))
        await once(response, 'drain', { __proto__: null, signal: gone.signal })
    }
    gone.signal.removeEventListener('abort', leaving)
    response.end()
  } catch (error) {
    if (!gone.signal.aborted) throw error
  } finally {
    gone.signal.removeEventListener('abort', leaving)
    response.removeListener('close', leave)
    response.removeListener('error', leave)
  }
}

// The text of the first choice.
async function* textsOf(chunks) {
  for await (const { choices } of chunks) {
    for (const { index, delta } of choices) {
      if (index === 0 && delta.content) yield delta.content
    }
  }
}

// What the text of the first choice, which is JSON, says so far: one value that grows. `shown(value)`: what it stands for.
async function* partialObjectsOf(chunks, shown = (value) => value) {
  const json = new PartialJson()
  for await (const text of textsOf(chunks)) {
    const value = shown(json.push(text))
    if (value !== undefined) yield value
  }
}

async function* mapped(items, map) {
  for await (const item of items) yield map(item)
}

// Reads on only while somebody wants more. Who wants no more closes `items`, also while the next one is awaited.
function byteStreamOf(texts, items) {
  const encoder = new TextEncoder()
  const iterator = texts[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      __proto__: null,
      async pull(controller) {
        try {
          const { value, done } = await iterator.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          controller.error(error)
        }
      },
      async cancel() {
        await items.return()
      }
    },
    { highWaterMark: 1 }
  )
}

// The values of a stream of lines, as `toReadableStream()` writes them.
async function* fromLines(readable) {
  const decoder = new TextDecoder()
  let pieces = []
  for await (const bytes of readable) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n')
    pieces.push(lines[0])
    for (const next of lines.slice(1)) {
      const line = pieces.join('')
      if (line.trim() !== '') yield readLine(line)
      pieces = [next]
    }
  }
  const rest = pieces.join('') + decoder.decode()
  if (rest.trim() !== '') yield readLine(rest)
}

function readLine(line) {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new AihubmixError(
      `a line of the stream is not JSON: ${error.message}`,
      'INVALID_RESPONSE'
    )
  }
}

module.exports = { fromLines, linesOf, partialObjectsOf, pipeTo, responseOf, textsOf }
