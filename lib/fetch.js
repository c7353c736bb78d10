'use strict'

// A WHATWG fetch over the client, for other SDKs: chats take the model's own route and come back in
// OpenAI's shape, everything else goes straight through with the key. One attempt: the SDK above retries.

const { STATUS_CODES } = require('node:http')
const native = require('./native')
const { webStreamOf } = require('./binary-response')
const { AihubmixError } = require('./aihubmix-error')
const { APICallError } = require('./ai-sdk/errors')
const { answerOf, chunksOf, isOpenRouters, plainRequest } = require('./openrouter')
const { errorFromNative, invalidRequest, invalidResponse } = require('./error')
const { abortReason, errorResponse, plainHeaders, sseResponse } = require('./openai-response')
const { uploadOf } = require('./upload')

const CHAT = '/v1/chat/completions'
// The vendors' own chats: the gateway may answer them 200 with an error or a web page inside.
const NATIVE_CHATS = [
  /\/v1\/messages$/,
  /\/v1\/responses$/,
  /\/models\/[^/]+:(?:streamG|g)enerateContent$/
]

// Theirs are the route's, the body's, and the connection's.
const DROPPED = new Set([
  'accept',
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-api-key',
  'x-goog-api-key'
])
const NULL_BODY = new Set([101, 103, 204, 205, 304])

// `client`: { roots(), chat(body, request, detailed), requests }.
function fetchOver(client) {
  return async function fetch(input, init = {}) {
    const asked = readRequest(input, init)
    try {
      return isChat(asked, client.roots())
        ? completed(await chat(client, asked), asked, client)
        : await passThrough(client, asked)
    } catch (error) {
      return completed(failureOf(error, asked), asked, client)
    }
  }
}

// In whose words a chat is asked and answered.
const itself = (value) => value
const OWN = { request: itself, answer: itself, chunks: itself }
const OPENROUTER = { request: plainRequest, answer: answerOf, chunks: chunksOf }

async function chat(client, asked) {
  const text = await textOf(asked.body)
  let body
  try {
    body = JSON.parse(text)
  } catch {
    throw invalidRequest('body', 'the body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('body', 'the body must be an object')
  }
  const request = { signal: asked.signal, maxRetries: 0, headers: asked.headers }
  const dialect = isOpenRouters(body, asked.userAgent) ? OPENROUTER : OWN
  const { data, status, headers } = await client.chat(dialect.request(body), request)
  if (body.stream === true)
    return sseResponse(dialect.chunks(data, body.model), status, headers, asked.signal)
  const answer = dialect.answer(data, body.model)
  return Response.json(answer, { status, headers: plainHeaders(headers) })
}

async function passThrough(client, asked) {
  const { response, head } = await forwarded(client, asked)
  return completed(response, asked, client, head)
}

async function forwarded(client, asked) {
  const { url, method, accept, signal } = asked
  const headers = accept === null ? asked.headers : { ...asked.headers, accept }
  const described = { method, path: url, ...carried(asked) }
  const { head, source } = await client.requests.anything(described, {
    signal,
    maxRetries: 0,
    headers
  })
  const options = { status: head.status, headers: plainHeaders(head.headers) }
  if (isNativeChat(asked) && head.status === 200 && !isEventStream(options.headers)) {
    return { head, response: await wholeAnswer(client, source, options) }
  }
  if (NULL_BODY.has(head.status) || method === 'HEAD') {
    source.cancel()
    return { head, response: new Response(null, options) }
  }
  const iterator = {
    async next() {
      try {
        return await source.next()
      } catch (error) {
        throw error.code === 'ABORTED' ? abortReason(error, asked.signal) : error
      }
    },
    return: async () => source.cancel()
  }
  return { head, response: new Response(webStreamOf(iterator), options) }
}

// A whole answer of a vendor's chat, if it is one.
async function wholeAnswer(client, source, options) {
  const pieces = []
  for (let read = await source.next(); !read.done; read = await source.next())
    pieces.push(read.value)
  const bytes = Buffer.concat(pieces)
  const text = bytes.toString()
  if (text.trimStart().startsWith('<')) {
    throw invalidResponse('the answer is a web page, not JSON')
  }
  const error = native.errorInAnswer(text)
  if (error !== null) throw client.requests.redacted(errorFromNative(error))
  return new Response(bytes, options)
}

// What the runtime's own `fetch` says of an answer, and no constructor of `Response` takes.
function completed(response, { url }, client, { url: landed, statusText } = {}) {
  const asked = URL.canParse(url) ? url : `${client.roots()[0]}${url}`
  const members = {
    url: (landed ?? asked).split('#')[0],
    redirected: landed !== undefined,
    statusText: statusText ?? STATUS_CODES[response.status] ?? ''
  }
  for (const [name, said] of Object.entries(members)) {
    Object.defineProperty(response, name, { __proto__: null, value: said, configurable: true })
  }
  return response
}

// The status of an error that no server has answered with.
const OWN_STATUS = {
  CONFIG_ERROR: 401,
  INSUFFICIENT_QUOTA: 402,
  INVALID_REQUEST: 400,
  TIMEOUT: 504
}

// What a fetch makes of a failure: an answer where there was one, else a rejection.
function failureOf(error, asked) {
  if (!AihubmixError.isInstance(error)) throw error
  if (error.code === 'ABORTED') throw abortReason(error, asked.signal)
  if (error.code === 'CONNECTION_ERROR' && error.retryable) {
    throw Object.assign(new TypeError('fetch failed', { cause: error }), { code: error.code })
  }
  // Another origin: no server was asked, and no server's answer may be made up.
  if (error.code === 'INVALID_REQUEST' && error.param === 'path' && error.status === undefined) {
    throw error
  }
  const status = error.status ?? OWN_STATUS[error.code] ?? 502
  const told = error.retryable ? error : toldOnce(error, status, asked.sdk)
  return errorResponse(told, status, shapeOf(asked))
}

// What must not be repeated is said by `x-should-retry`. Two SDKs look at other things.
function toldOnce(error, status, sdk) {
  const isRepeated = status >= 500 || status === 408
  // It repeats by the status of an answer, and never an error that says it is none to be repeated.
  if (sdk === 'ai-sdk' && (isRepeated || status === 409 || status === 429)) {
    throw new APICallError(error, undefined)
  }
  // It repeats by the status, unless the code is this.
  if (sdk === 'langchain' && isRepeated) {
    return Object.create(error, { vendorCode: { __proto__: null, value: 'ECONNABORTED' } })
  }
  return error
}

// Which of those two is above, by its user agent.
function sdkOf(userAgent) {
  if (/\bai-sdk[-/]/.test(userAgent)) return 'ai-sdk'
  return /^langchainjs-/.test(userAgent) ? 'langchain' : undefined
}

// A Request gives what `init` does not.
function readRequest(input, given) {
  // Nothing is taken from `Object.prototype`.
  const init = { __proto__: null, ...given }
  const request = typeof input === 'object' && input !== null && 'url' in input ? input : undefined
  const sent = new Headers(init.headers ?? request?.headers)
  const userAgent = sent.get('user-agent') ?? ''
  const headers = {}
  for (const [name, value] of sent) if (!DROPPED.has(name)) headers[name] = value
  return {
    url: normalised(String(request === undefined ? input : request.url)),
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    headers,
    accept: sent.get('accept'),
    sdk: sdkOf(userAgent),
    userAgent,
    contentType: sent.get('content-type') ?? undefined,
    body: init.body ?? request?.body ?? undefined,
    signal: init.signal ?? request?.signal ?? undefined
  }
}

// A path stays a path, from the gateway's root.
function normalised(url) {
  return URL.canParse(url) ? new URL(url).href : url
}

// Whose words an error is told in.
function shapeOf({ url }) {
  const path = pathOf(url)
  if (/\/v1\/messages(?:\/|$)/.test(path)) return 'anthropic'
  return /\/gemini(?:\/|$)/.test(path) ? 'gemini' : 'openai'
}

function isNativeChat({ url, method }) {
  return method === 'POST' && NATIVE_CHATS.some((pattern) => pattern.test(pathOf(url)))
}

function isEventStream(headers) {
  return (headers.get('content-type') ?? '').startsWith('text/event-stream')
}

function pathOf(url) {
  return url.split(/[?#]/, 1)[0].replace(/\/+$/, '')
}

function isChat({ url, method }, roots) {
  if (method !== 'POST') return false
  const path = pathOf(url)
  return path === CHAT || roots.some((root) => path === root + CHAT)
}

// The body as a request takes it. Forms and blobs are read while they are sent.
function carried({ body, contentType }) {
  if (body === undefined) return {}
  if (typeof body === 'string')
    return { content: { text: body, type: contentType ?? 'text/plain;charset=UTF-8' } }
  if (Object.prototype.toString.call(body) === '[object FormData]')
    return { form: [...body].map(entryOf) }
  const upload = uploadOf(body)
  if (upload !== undefined) return { content: { ...upload, type: contentType ?? upload.type } }
  // Whatever else a `Response` takes: parameters, iterables.
  const response = new Response(body)
  const type = contentType ?? response.headers.get('content-type') ?? undefined
  return { content: { ...uploadOf(response.body), type } }
}

function entryOf([name, value]) {
  if (typeof value === 'string') return [name, value]
  const upload = uploadOf(value)
  return [
    name,
    { ...upload, name: upload.name ?? 'blob', type: upload.type ?? 'application/octet-stream' }
  ]
}

async function textOf(body) {
  return typeof body === 'string' || body === undefined ? (body ?? '') : new Response(body).text()
}

module.exports = { fetchOver }
