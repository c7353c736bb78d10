'use strict'

// Requests that are no chats: a description and what goes with it, to the core and back.
//
// A description names an endpoint of src/resource/endpoint.rs or a path, and says what it carries:
// `json` (any value), `form` (entries of a multipart form: texts and uploads), or `content` (one upload).

const { isHeadWanted, noteHead } = require('./answer-head')
const { bytesDecoder, eventDecoder } = require('./batch-decoders')
const { BinaryResponse } = require('./binary-response')
const { Call } = require('./call')
const { atCaller, closed, errorFromNative, invalidRequest, redacted } = require('./error')
const { interruptible, pausing } = require('./interruptible')
const { toPlain, toUnicodeJson } = require('./json')
const { readAnswer, toJsonBody } = require('./long-strings')
const { NativeSource } = require('./native-source')
const { signalOf } = require('./signal')
const { Stream } = require('./stream')
const { stringify } = require('./stringify')
const { traceOf } = require('./trace')
const { UploadCall } = require('./upload-call')

class Requests {
  #native
  #inFlight
  #log

  constructor(native, inFlight, log) {
    this.#native = native
    this.#inFlight = inFlight
    this.#log = log
  }

  // The gateway's root.
  get root() {
    return this.#native.baseUrl()
  }

  // A whole answer: parsed JSON, or a text where `answer` is 'text'.
  async whole(description, request) {
    if (isHeadWanted()) return (await this.detailed(description, request)).data ?? undefined
    const isText = Object.hasOwn(description, 'answer') && description.answer === 'text'
    const read = isText ? (text) => text : parse
    const { call, args, trace } = this.#prepare(description, request)
    return call.send((id) => this.#native.request(id, ...args(false)), traced(read, trace))
  }

  // The same with what stands beside it: `{ data, requestId, status, headers }`.
  async detailed(description, request) {
    const { call, args, trace } = this.#prepare(description, request)
    const send = (id) => this.#native.request(id, ...args(false, true))
    const answer = await call.send(send, traced(parse, trace))
    noteHead(answer)
    return answer
  }

  // An event stream: its events as JSON, or raw where `answer` is 'raw-events'.
  async events(description, request) {
    const { head, source } = await this.#open(
      { answer: 'events', ...description },
      request,
      eventDecoder
    )
    return new Stream(source, head.requestId ?? undefined)
  }

  // Bytes, whole or as they arrive.
  async bytes(description, request) {
    const { head, source } = await this.#open(description, request, bytesDecoder)
    return new BinaryResponse(head, source)
  }

  // What looks at the caller's files before a call can begin: `look(signal)`. A source that gives nothing is an
  // upload that stands still.
  async beforehand(request, look) {
    const signal = signalOf(request)
    const [readable, text] = this.#native.uploadPatience(
      this.#redacting(() => requestText(request)).text
    )
    if (!readable) throw errorFromNative(text)
    const { ms, error } = JSON.parse(text)
    const deadline = { ms, error: () => errorFromNative(stringify(error)) }
    try {
      return await interruptible(this.#inFlight, signal, look, deadline)
    } catch (error) {
      throw this.redacted(atCaller(error))
    }
  }

  #redacting(work) {
    try {
      return work()
    } catch (error) {
      throw this.redacted(error)
    }
  }

  // An error that quotes its caller or an answer, without keys.
  redacted(error) {
    return redacted(error, this.#redact)
  }

  #redact = (text) => this.#native.redact(text)

  // Between two polls.
  async pause(ms, request) {
    await interruptible(this.#inFlight, signalOf(request), pausing(ms))
  }

  // Whatever comes, with any status: `{ head, source }`.
  anything(description, request) {
    return this.#open({ ...description, answer: 'anything' }, request, bytesDecoder)
  }

  async #open(description, request, decoder) {
    const opened = await this.#opened(description, request, decoder)
    noteHead(opened.head)
    return opened
  }

  #opened(description, request, decoder) {
    const { call, args, signal, trace } = this.#prepare(description, request, true)
    let stream
    return call.send(
      (id) => {
        stream = this.#native.open(id, ...args(true))
      },
      (text) => {
        trace?.begun()
        const head = JSON.parse(text)
        const source = new NativeSource(stream, call.id, decoder, {
          signal,
          inFlight: this.#inFlight,
          trace,
          head
        })
        return { head, source }
      }
    )
  }

  #prepare(description, request, stream = false) {
    if (this.#inFlight.closed) throw closed()
    const signal = signalOf(request)
    return this.#redacting(() => this.#describe(description, request, stream, signal))
  }

  #describe(description, request, stream, signal) {
    // Nothing is inherited: somebody may have added to `Object.prototype`.
    const own = { __proto__: null, ...description }
    const { json, form, content, ...rest } = own
    const upload =
      form === undefined && content === undefined
        ? undefined
        : new UploadCall(this.#native, form, content)
    const { text, progress } = requestText(request, upload)
    const body = json === undefined ? content?.text : toJsonBody(json)
    const described = toUnicodeJson({ ...rest, ...upload?.description })
    // `open` has no `detailed`.
    const args = (streamed, detailed = false) =>
      streamed ? [described, body, text, progress] : [described, body, text, detailed, progress]
    const trace = traceOf(this.#log, this.#redact, () => operationOf(own, stream))
    return { call: new Call(this.#inFlight, signal, trace, upload), args, signal, trace }
  }
}

// What a trace says of it.
function operationOf({ endpoint, method, path, params, json, form }, stream) {
  const inForm = form?.find(([name]) => name === 'model')?.[1]
  const operation = endpoint ?? [method, path].filter(Boolean).join(' ')
  return { operation, model: params?.model ?? json?.model ?? inForm, stream, input: json }
}

function traced(read, trace) {
  if (trace === undefined) return read
  return (text) => {
    const answer = read(text)
    trace.ended({ usage: answer?.usage ?? answer?.data?.usage })
    return answer
  }
}

function requestText(request, upload) {
  if (request === undefined || request === null) return { text: '', progress: false }
  if (typeof request !== 'object' || Array.isArray(request)) {
    throw invalidRequest('request', '`request` must be an object')
  }
  const { signal, onUploadProgress, ...rest } = request
  if (onUploadProgress !== undefined && onUploadProgress !== null) {
    if (typeof onUploadProgress !== 'function') {
      throw invalidRequest('onUploadProgress', '`onUploadProgress` must be a function')
    }
    if (upload !== undefined) upload.onProgress = onUploadProgress
  }
  return { text: toUnicodeJson(toPlain(rest)), progress: upload?.onProgress !== undefined }
}

// JSON's `null` stands for an answer without a body.
function parse(answer) {
  return readAnswer(answer) ?? undefined
}

module.exports = { Requests }
