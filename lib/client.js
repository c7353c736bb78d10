'use strict'

// The client as its users see it: splits what they pass, hands JSON to the core, and makes promises
// and streams of what comes back. It knows no wire.

const native = require('./native')
const { Call, signalOf } = require('./call')
const { ChatCompletionStream } = require('./chat-stream')
const { aborted, configError, errorFromNative, invalidRequest } = require('./error')
const { toJson, toPlain } = require('./json')
const { NativeSource } = require('./native-source')
const { post } = require('./post')

// The variables that a client reads, see src/config/environment.rs. A Jest file or a worker has its
// own `process.env`, which the core cannot see.
const VARIABLES = [
  'AIHUBMIX_API_KEY', 'AIHUBMIX_BASE_URL', 'AIHUBMIX_APP_CODE', 'AIHUBMIX_LOG', 'NODE_EXTRA_CA_CERTS',
  'http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY', 'REQUEST_METHOD'
]

class AihubmixModelClient {
  #native
  #apiKey
  #closed = false
  // What is in flight; streams weakly, so that an abandoned one can be collected and its socket closed.
  #flight = { calls: new Set(), streams: new Set(), provideKey: (id) => this.#provideKey(id) }

  constructor(options = {}) {
    const given = typeof options === 'string' ? { apiKey: options } : options
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw configError('options', 'the options must be an API key or an object')
    }
    const { apiKey, logger, ...rest } = given
    if (typeof apiKey === 'function') this.#apiKey = apiKey
    const plain = {
      ...toPlain(rest, configError),
      apiKey: toPlain(apiKey, configError, 'apiKey'),
      logger: logger === undefined || logger === null ? undefined : true
    }
    const variables = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]))
    try {
      this.#native = native.NativeClient.create(post.mailbox, toJson(plain, configError), toJson(variables))
    } catch (error) {
      // The core can only throw text here: the JSON of an error.
      throw error.message.startsWith('{') ? errorFromNative(error.message) : error
    }
    this.chat = { completions: { create: (body, request) => this.#create(body, request) } }
  }

  chatCompletion(model, messages, options, request) {
    try {
      return this.#chat(chatBody(model, messages, options), request, false)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  buildRequest(model, messages, options, request) {
    const [built, json] = this.#native.build(toJson(chatBody(model, messages, options)), requestText(request))
    if (!built) throw errorFromNative(json)
    return JSON.parse(json)
  }

  getBaseURL(model) {
    if (model !== undefined && typeof model !== 'string') throw invalidRequest('model', '`model` must be a string')
    return this.#native.baseUrl(model)
  }

  close() {
    this.#closed = true
    const reason = new Error('the client was closed')
    for (const call of this.#flight.calls) call.abort(reason)
    for (const stream of this.#flight.streams) stream.deref()?.abort(reason)
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.close()
  }

  #create(body, request) {
    let detailed
    try {
      if (typeof body !== 'object' || body === null) throw invalidRequest('body', '`body` must be an object')
      detailed = this.#chat(body, request, true)
    } catch (error) {
      detailed = Promise.reject(error)
    }
    const promise = detailed.then(({ data }) => data)
    promise.withResponse = () => {
      // Whoever asks for both handles the failure there.
      promise.catch(() => {})
      return detailed.then(({ data, status, headers, requestId }) => ({
        data,
        response: { status, headers: new Headers(headers) },
        request_id: requestId ?? null
      }))
    }
    return promise
  }

  #chat(body, request, detailed) {
    if (this.#closed) throw aborted(undefined, 'the client was closed')
    const signal = signalOf(request)
    const bodyText = toJson(body)
    const options = requestText(request)
    const call = new Call(this.#flight, signal)
    if (body.stream !== true) {
      const read = detailed ? readDetailed : JSON.parse
      return call.promise((id) => this.#native.chat(id, bodyText, options, detailed), read)
    }
    let stream
    return call.promise(
      (id) => {
        stream = this.#native.stream(id, bodyText, options)
      },
      (text) => {
        const head = JSON.parse(text)
        const source = new NativeSource(stream, call.id, signal, this.#flight.streams)
        const data = new ChatCompletionStream(source, head.requestId ?? undefined)
        return detailed ? { data, ...head } : data
      }
    )
  }

  // What the function threw, if it did.
  async #provideKey(id) {
    let key
    try {
      key = await this.#apiKey()
    } catch (error) {
      this.#native.provideKey(id, { message: `the function \`apiKey\` failed: ${error?.message ?? error}` })
      return error
    }
    const isText = typeof key === 'string'
    this.#native.provideKey(id, isText ? key : { message: 'the function `apiKey` did not return a string' })
    return undefined
  }
}

// `{ model, messages, ...options }`: the arguments win over options of the same name.
function chatBody(model, messages, options) {
  if (options !== undefined && options !== null && typeof options !== 'object') {
    throw invalidRequest('options', '`options` must be an object')
  }
  return { model, messages, ...options, model, messages }
}

function requestText(request) {
  if (request === undefined || request === null) return ''
  if (typeof request !== 'object') throw invalidRequest('request', '`request` must be an object')
  const { signal, ...rest } = request
  return toJson(toPlain(rest))
}

function readDetailed(text) {
  const { data, status, headers } = JSON.parse(text)
  return { data, status, headers, requestId: data.aihubmix.requestId }
}

module.exports = { AihubmixModelClient }
