'use strict'

// OpenTelemetry's spans and metrics by its semantic conventions for generative AI
// (https://opentelemetry.io/docs/specs/semconv/gen-ai/), made of what the diagnostics channels tell.
//
// | channel | span | metric |
// |---|---|---|
// | `start` | begins, as a child of the caller's own | |
// | `retry` | event `aihubmix.retry` | |
// | `queued` | event `aihubmix.queued` | |
// | `fallback` | event `aihubmix.fallback` | |
// | `first-token` | `gen_ai.response.time_to_first_chunk` | `gen_ai.client.operation.time_to_first_chunk` |
// | `end` | usage, finish reason, ends | `gen_ai.client.operation.duration`, `gen_ai.client.token.usage` |
// | `error` | `error.type`, status, ends | `gen_ai.client.operation.duration` |
// | `content` | `gen_ai.input.messages`, `gen_ai.output.messages`, only if asked for | |

const diagnostics = require('node:diagnostics_channel')
const { configError } = require('./error')
const { stringify } = require('./stringify')

const NAME = 'aihubmix-native'

// The conventions' words for what is done; what they have none for keeps the gateway's own.
const OPERATIONS = {
  chat: 'chat',
  messages: 'chat',
  responses: 'chat',
  embeddings: 'embeddings',
  'gemini.generate': 'generate_content',
  'gemini.stream': 'generate_content'
}
const PROVIDERS = {
  anthropic: 'anthropic',
  gemini: 'gcp.gemini',
  'openai-responses': 'openai'
}
const OPENAI_MODEL = /^(gpt-|chatgpt-|o\d)/

// The buckets that the conventions advise.
const SECONDS = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
]
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
]

function instrument({ tracerProvider, meterProvider, captureContent = false } = {}) {
  const api = loadApi()
  const { version } = require('../package.json')
  const tracer = (tracerProvider ?? api.trace).getTracer(NAME, version)
  const instruments = instrumentsOf((meterProvider ?? api.metrics).getMeter(NAME, version))
  const telemetry = new Telemetry(api, tracer, instruments)
  const handlers = {
    start: (message) => telemetry.started(message),
    retry: (message) => telemetry.retried(message),
    queued: (message) => telemetry.waits(message),
    fallback: (message) => telemetry.gaveUp(message),
    'first-token': (message) => telemetry.begun(message),
    end: (message) => telemetry.ended(message),
    error: (message) => telemetry.failed(message),
    ...(captureContent && { content: (message) => telemetry.said(message) })
  }
  const subscriptions = Object.entries(handlers).map(([name, handle]) => [
    `aihubmix:call:${name}`,
    handle
  ])
  for (const [name, handle] of subscriptions) diagnostics.subscribe(name, handle)
  return {
    disable() {
      for (const [name, handle] of subscriptions) diagnostics.unsubscribe(name, handle)
    }
  }
}

// An optional peer: whoever instruments has it.
function loadApi() {
  try {
    return require('@opentelemetry/api')
  } catch (cause) {
    const error = configError(
      '@opentelemetry/api',
      '`aihubmix-native/otel` needs the package `@opentelemetry/api`'
    )
    error.cause = cause
    throw error
  }
}

function instrumentsOf(meter) {
  const histogram = (name, unit, description, boundaries) =>
    meter.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: boundaries }
    })
  return {
    duration: histogram('gen_ai.client.operation.duration', 's', 'How long a call took', SECONDS),
    firstChunk: histogram(
      'gen_ai.client.operation.time_to_first_chunk',
      's',
      'How long a stream took to its first chunk',
      SECONDS
    ),
    tokens: histogram('gen_ai.client.token.usage', '{token}', 'Tokens read and written', TOKENS)
  }
}

class Telemetry {
  #api
  #tracer
  #instruments
  // What is under way, by the number of the call.
  #calls = new Map()

  constructor(api, tracer, instruments) {
    this.#api = api
    this.#tracer = tracer
    this.#instruments = instruments
  }

  // Subscribers run in the context of the call: the active span is the caller's own.
  started({ id, operation, model, route, stream, startTime }) {
    const attributes = {
      'gen_ai.operation.name': OPERATIONS[operation] ?? operation,
      'gen_ai.provider.name': providerOf(route, model),
      ...(model !== undefined && { 'gen_ai.request.model': model })
    }
    const name = [attributes['gen_ai.operation.name'], model].filter(Boolean).join(' ')
    const span = this.#tracer.startSpan(name, {
      kind: this.#api.SpanKind.CLIENT,
      startTime,
      attributes: { ...attributes, ...(stream && { 'gen_ai.request.stream': true }) }
    })
    this.#calls.set(id, { span, attributes, startTime })
  }

  retried({ id, retry }) {
    this.#calls.get(id)?.span.addEvent('aihubmix.retry', {
      'aihubmix.attempt': retry.attempt,
      'aihubmix.delay_ms': retry.delayMs,
      'error.type': retry.code,
      ...(retry.status !== undefined && { 'http.response.status_code': retry.status })
    })
  }

  waits({ id, queued }) {
    this.#calls
      .get(id)
      ?.span.addEvent('aihubmix.queued', { 'aihubmix.queue.waiting': queued.waiting })
  }

  gaveUp({ id, fallback }) {
    this.#calls.get(id)?.span.addEvent('aihubmix.fallback', {
      'gen_ai.request.model': fallback.model,
      'error.type': fallback.code
    })
  }

  begun({ id, firstTokenMs }) {
    const call = this.#calls.get(id)
    if (call === undefined) return
    call.span.setAttribute('gen_ai.response.time_to_first_chunk', firstTokenMs / 1000)
    this.#instruments.firstChunk.record(firstTokenMs / 1000, call.attributes)
  }

  ended(message) {
    this.#over(message, {}, () => {})
  }

  failed(message) {
    const { code, status } = message.error
    this.#over(message, { 'error.type': code }, (span) => {
      if (status !== undefined) span.setAttribute('http.response.status_code', status)
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: code })
    })
  }

  said({ id, input, output }) {
    const span = this.#calls.get(id)?.span
    if (input !== undefined) span?.setAttribute('gen_ai.input.messages', stringify(input))
    if (output === undefined) return
    const messages = output.choices?.map(({ message }) => message) ?? output
    span?.setAttribute('gen_ai.output.messages', stringify(messages))
  }

  #over(message, failure, mark) {
    const call = this.#calls.get(message.id)
    if (call === undefined) return
    this.#calls.delete(message.id)
    const { span, startTime } = call
    const answered = {
      ...call.attributes,
      ...(message.responseModel && { 'gen_ai.response.model': message.responseModel })
    }
    span.setAttributes({
      ...answered,
      ...failure,
      ...responseOf(message),
      ...usageOf(message.usage)
    })
    mark(span)
    this.#instruments.duration.record(message.durationMs / 1000, { ...answered, ...failure })
    for (const [type, count] of tokensOf(message.usage)) {
      this.#instruments.tokens.record(count, { ...answered, 'gen_ai.token.type': type })
    }
    span.end(startTime + message.durationMs)
  }
}

function providerOf(route, model) {
  return PROVIDERS[route] ?? (OPENAI_MODEL.test(model ?? '') ? 'openai' : 'aihubmix')
}

function responseOf({ responseId, finishReason, requestId, attempts, servedBy }) {
  return defined({
    'gen_ai.response.id': responseId,
    'gen_ai.response.finish_reasons': finishReason === undefined ? undefined : [finishReason],
    'aihubmix.request_id': requestId,
    'aihubmix.attempts': attempts,
    'server.address': servedBy
  })
}

function usageOf(usage = {}) {
  return defined({
    'gen_ai.usage.input_tokens': usage.prompt_tokens ?? usage.input_tokens,
    'gen_ai.usage.output_tokens': usage.completion_tokens ?? usage.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': usage.prompt_tokens_details?.cached_tokens,
    'gen_ai.usage.cache_creation.input_tokens': usage.prompt_tokens_details?.cache_creation_tokens,
    'gen_ai.usage.reasoning.output_tokens': usage.completion_tokens_details?.reasoning_tokens
  })
}

function tokensOf(usage = {}) {
  return [
    ['input', usage.prompt_tokens ?? usage.input_tokens],
    ['output', usage.completion_tokens ?? usage.output_tokens]
  ].filter(([, count]) => typeof count === 'number')
}

function defined(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}

module.exports = { instrument }
