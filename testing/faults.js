'use strict'

// Puts a reply on the socket, with the delays, cuts and stalls a script asks for.

const { setTimeout: sleep, setImmediate: nextTurn } = require('node:timers/promises')

/**
 * @param faults the script's `delayMs`, `gapMs`, `chunkBytes`, `stallAfter`, `cutAfter`
 * @param onCut called before the gateway itself breaks the connection
 */
async function deliver(response, reply, faults, onCut) {
  const { delayMs = 0, gapMs = 0, chunkBytes, stallAfter = Infinity, cutAfter = Infinity } = faults
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const cut = () => {
    onCut()
    response.destroy()
  }

  if (delayMs > 0) await pause(delayMs, gone.signal)
  if (gone.signal.aborted) return
  if (cutAfter === 0) return cut()

  response.writeHead(reply.status, { ...reply.headers, ...length(reply, faults) })
  response.flushHeaders()

  const limit = Math.min(stallAfter, cutAfter)
  const whole = limit === Infinity
  const cutUp = [...pieces(reply.writes, chunkBytes)]
  // The last piece and the end go out as one: a client may leave as soon as it has the last event.
  const last = whole ? cutUp.pop() : undefined
  let sent = 0
  for (const piece of cutUp) {
    if (sent > 0) await between(gapMs, gone.signal)
    const allowed = piece.subarray(0, limit - sent)
    if (allowed.length > 0) await write(response, allowed, gone.signal)
    if (gone.signal.aborted) return
    sent += allowed.length
    if (sent >= limit) break
  }
  if (whole) {
    if (sent > 0) await between(gapMs, gone.signal)
    response.end(last)
  } else if (cutAfter <= stallAfter) {
    cut()
  }
}

// A body that is to stop short, or to stand still at its very end, must not announce its length.
function length(reply, { stallAfter, cutAfter }) {
  if (reply.status === 204 || reply.status === 304) return {}
  if (reply.streamed || stallAfter !== undefined || cutAfter !== undefined) return {}
  return { 'Content-Length': reply.writes.reduce((sum, bytes) => sum + bytes.length, 0) }
}

function* pieces(writes, chunkBytes) {
  if (chunkBytes === undefined) return yield* writes
  const body = Buffer.concat(writes)
  for (let start = 0; start < body.length; start += chunkBytes)
    yield body.subarray(start, start + chunkBytes)
}

// Waits until the bytes are with the kernel, so that a client that does not read holds the answer back.
function write(response, bytes, gone) {
  return new Promise((resolve) => {
    gone.addEventListener('abort', resolve, { once: true })
    response.write(bytes, () => {
      gone.removeEventListener('abort', resolve)
      resolve()
    })
  })
}

// Without a gap still one turn of the event loop, so that a client in this process can read each piece.
function between(gapMs, gone) {
  return gapMs > 0 ? pause(gapMs, gone) : nextTurn()
}

function pause(ms, gone) {
  return sleep(ms, undefined, { ref: false, signal: gone }).catch(() => {})
}

module.exports = { deliver }
