'use strict'

// The client as its users see it: splits what they pass, hands JSON to the core, and makes promises
// and streams of what comes back. It knows no wire. What only some programs use is loaded when it is
// first used: import and construction stay cheap.

const native = require('./native')
const { notAwaited, tellingOf, withHead } = require('./answer-head')
const { Call } = require('./call')
const { chatBody, checkChat } = require('./chat-arguments')
const { closed, configError, errorFromNative, invalidRequest, redacted } = require('./error')
const { messageOf } = require('./thrown')
const { toJson, toPlain, toUnicodeJson } = require('./json')
const { readAnswer, toJsonBody } = require('./long-strings')
const { checkLogger, logOf } = require('./log')
const { mailbox } = require('./mailbox')
const { signalOf } = require('./signal')
const { traceOf } = require('./trace')
const { unparsedChat } = require('./unparsed')

// The variables that a client reads, see src/config/environment.rs. A Jest file or a worker has its
// own `process.env`, which the core cannot see.
const VARIABLES = [
  'AIHUBMIX_API_KEY',
  'AIHUBMIX_BASE_URL',
  'AIHUBMIX_APP_CODE',
  'AIHUBMIX_LOG',
  'NODE_EXTRA_CA_CERTS',
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'REQUEST_METHOD'
]

// The resources of lib/resources/index.js.
const RESOURCES = [
  'audio',
  'embeddings',
  'gemini',
  'images',
  'messages',
  'models',
  'moderations',
  'rerank',
  'responses',
  'videos'
]

class AihubmixModelClient {
  #native
  #options
  #apiKey
  #log
  #meter
  #isPriced = false
  #lazyRequests
  #lazyResources
  #lazyCatalog
  // What is in inFlight; streams weakly, so that an abandoned one can be collected and its socket closed.
  #inFlight = {
    closed: false,
    asksForKey: false,
    calls: new Set(),
    streams: new Set(),
    provideKey: (id) => this.#provideKey(id)
  }

  constructor(options = {}) {
    const given = typeof options === 'string' ? { apiKey: options } : options
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw configError('options', 'the options must be an API key or an object')
    }
    this.#options = { ...given }
    const { apiKey, logger: givenLogger, pricing, meter, ...rest } = given
    const logger = checkLogger(givenLogger)
    if (pricing !== undefined || meter !== undefined) {
      const { checkMeter, checkPricing } = require('./account')
      this.#meter = checkMeter(meter, configError)
      this.#isPriced = checkPricing(pricing)
    }
    if (typeof apiKey === 'function') {
      this.#apiKey = apiKey
      this.#inFlight.asksForKey = true
    }
    const variables = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]))
    try {
      const plain = {
        ...toPlain(rest, configError),
        apiKey: toPlain(apiKey, configError, 'apiKey'),
        logger: logger === undefined ? undefined : true
      }
      this.#native = native.NativeClient.create(
        mailbox.native,
        toJson(plain, configError),
        toJson(variables)
      )
    } catch (error) {
      // The core can only throw text here: the JSON of an error.
      const made = error.message.startsWith('{') ? errorFromNative(error.message) : error
      const key = typeof apiKey === 'string' ? apiKey : variables.AIHUBMIX_API_KEY
      throw redacted(made, (text) => native.maskKey(text, key ?? ''))
    }
    this.#log = logOf(this.#native, logger)
    let fetch
    this.fetch = (input, init) => {
      fetch ??= require('./fetch').fetchOver({
        roots: () => this.#native.roots(),
        chat: (body, request) => this.#chat(body, request, true),
        requests: this.#requests
      })
      return fetch(input, init)
    }
    const create = (body, request) => this.#create(body, request)
    this.chat = {
      completions: {
        create,
        parse: (body, request) => {
          const ask = (asked, options) => this.#chat(asked, options, true)
          return apiPromise(require('./parse').parse(ask, body, request, this.#redacted))
        },
        stream: (body, request) =>
          require('./chat-event-stream').ChatCompletionEventStream.of(
            create,
            body,
            request,
            this.#redacted
          ),
        runTools: (body, request) => require('./run-tools').runTools(create, body, request)
      }
    }
  }

  static {
    for (const name of RESOURCES) {
      Object.defineProperty(this.prototype, name, {
        get() {
          return this.#resources[name]
        },
        enumerable: true
      })
    }
  }

  chatCompletion(model, messages, options, request) {
    try {
      return this.#chat(chatBody(model, messages, options), request, false)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  buildRequest(model, messages, options, request) {
    const body = chatBody(model, messages, options)
    checkChat(body)
    const [built, json] = this.#redacting(() =>
      this.#native.build(toJsonBody(unparsedChat(body)), requestText(request))
    )
    if (!built) throw errorFromNative(json)
    return JSON.parse(json)
  }

  // Where the requests of two conversations part.
  explainCache(model, previous, next, options, request) {
    const [earlier, later] = [previous, next].map((messages) =>
      this.buildRequest(model, messages, options, request)
    )
    const { partingOf } = require('./explain-cache')
    const count = (text) => native.estimateText(model, text)
    const parting = partingOf(later.route, earlier.body, later.body, count)
    return { route: later.route, same: parting.path === undefined, ...parting }
  }

  // Any other endpoint of the gateway.
  request(options, requestOptions) {
    return withHead(() =>
      require('./resources/any').request(this.#requests, options, requestOptions)
    )
  }

  getBaseURL(model) {
    if (model !== undefined && typeof model !== 'string')
      throw invalidRequest('model', '`model` must be a string')
    return this.#native.baseUrl(model)
  }

  // Adds up what calls cost: `meter` among the options of a request, or of a client.
  meter(options) {
    return new (require('./meter').Meter)(options)
  }

  // Another client: with these options over its own.
  withOptions(options = {}) {
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      throw configError('options', 'the options must be an object')
    return new this.constructor({ ...this.#options, ...options })
  }

  close() {
    this.#inFlight.closed = true
    const reason = new Error('the client was closed')
    // The last first: what waits in a queue is gone before others make room for it.
    for (const call of [...this.#inFlight.calls].reverse()) call.abort(reason)
    for (const stream of this.#inFlight.streams) stream.deref()?.abort(reason)
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    this.close()
  }

  get #requests() {
    this.#lazyRequests ??= new (require('./requests').Requests)(
      this.#native,
      this.#inFlight,
      this.#log
    )
    return this.#lazyRequests
  }

  get #resources() {
    this.#lazyResources ??= require('./resources').resources(this.#requests)
    return this.#lazyResources
  }

  #create(body, request) {
    let detailed
    try {
      if (typeof body !== 'object' || body === null)
        throw invalidRequest('body', '`body` must be an object')
      detailed = this.#chat(body, request, true)
    } catch (error) {
      detailed = Promise.reject(error)
    }
    return apiPromise(detailed)
  }

  #chat(body, request, detailed) {
    if (this.#inFlight.closed) throw closed()
    checkChat(body)
    const signal = signalOf(request)
    const [bodyText, options] = this.#redacting(() => [
      toJsonBody(unparsedChat(body)),
      requestText(request)
    ])
    const account = this.#account(body, request)
    const trace = traceOf(this.#log, this.#redact, () => ({
      operation: 'chat',
      model: body.model,
      route: request?.route ?? this.#native.route(String(body.model)),
      stream: body.stream === true,
      input: body.messages
    }))
    const call = new Call(this.#inFlight, signal, trace)
    if (body.stream !== true) {
      const read = (text) => {
        const answer = detailed ? readDetailed(text) : readAnswer(text)
        const completion = detailed ? answer.data : answer
        account?.settle(account.price(completion))
        trace?.ended(completion)
        return answer
      }
      return call.send((id) => this.#native.chat(id, bodyText, options, detailed), read)
    }
    let stream
    const opened = call.send(
      (id) => {
        stream = this.#native.stream(id, bodyText, options)
      },
      (text) => {
        const head = JSON.parse(text)
        trace?.begun()
        const about = { signal, inFlight: this.#inFlight, trace, account }
        const data = chatStreamOf(stream, call.id, head, about)
        return detailed ? { data, ...head } : data
      }
    )
    opened[Symbol.asyncIterator] = notAwaited
    return opened
  }

  // Where answers are priced or counted.
  #account(body, request) {
    const given = request?.meter ?? undefined
    if (!this.#isPriced && this.#meter === undefined && given === undefined) return undefined
    const { Account, checkMeter } = require('./account')
    const { catalogOf } = require('./resources/models')
    this.#lazyCatalog ??= catalogOf(this.#requests, this.models)
    const meters = new Set([this.#meter, checkMeter(given)])
    meters.delete(undefined)
    return new Account(this.#lazyCatalog, String(body.model), meters)
  }

  #redact = (text) => this.#native.redact(text)

  #redacted = (error) => redacted(error, this.#redact)

  // What quotes its caller is shown without keys.
  #redacting(work) {
    try {
      return work()
    } catch (error) {
      throw this.#redacted(error)
    }
  }

  // `{ reason }` where the function threw.
  async #provideKey(id) {
    let key
    try {
      key = await this.#apiKey()
    } catch (reason) {
      const message = `the function \`apiKey\` failed: ${messageOf(reason)}`
      this.#native.provideKey(id, { message })
      return { reason }
    }
    const isText = typeof key === 'string'
    this.#native.provideKey(
      id,
      isText ? key : { message: 'the function `apiKey` did not return a string' }
    )
    return undefined
  }
}

// What streams need is loaded with the first one.
let streaming

function chatStreamOf(native, id, { requestId, warnings }, about) {
  streaming ??= {
    ...require('./batch-decoders'),
    ...require('./chat-stream'),
    ...require('./native-source')
  }
  const { ChatCompletionStream, ChunkDecoder, NativeSource } = streaming
  const source = new NativeSource(native, id, new ChunkDecoder(), about)
  return new ChatCompletionStream(source, requestId ?? undefined, warnings)
}

// A promise of the data that can also tell about the response.
function apiPromise(detailed) {
  return tellingOf(
    detailed.then(({ data }) => data),
    () => detailed
  )
}

function requestText(request) {
  if (request === undefined || request === null) return ''
  if (typeof request !== 'object' || Array.isArray(request))
    throw invalidRequest('request', '`request` must be an object')
  const { signal, meter, ...rest } = request
  return toUnicodeJson(toPlain(rest))
}

function readDetailed(text) {
  const { data, status, headers } = readAnswer(text)
  return { data, status, headers, requestId: data.aihubmix.requestId }
}

module.exports = { AihubmixModelClient }
