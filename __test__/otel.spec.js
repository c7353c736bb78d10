'use strict'

// Spans and metrics, with OpenTelemetry's own SDK and its exporters to memory.

const { context: contextApi, trace, SpanStatusCode } = require('@opentelemetry/api')
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks')
const {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor
} = require('@opentelemetry/sdk-trace-base')
const {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader
} = require('@opentelemetry/sdk-metrics')
const { instrument } = require('../otel')
const { HELLO, useGateway } = require('./support/gateway')

const context = useGateway()
let spans
let instrumentation
let meterProvider
let metricExporter

function start(options) {
  spans = new InMemorySpanExporter()
  metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spans)]
  })
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter })
  meterProvider = new MeterProvider({ readers: [reader] })
  instrumentation = instrument({ tracerProvider, meterProvider, ...options })
  return tracerProvider
}

beforeAll(() => contextApi.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()))
afterAll(() => contextApi.disable())
afterEach(async () => {
  instrumentation.disable()
  await meterProvider.shutdown()
})

async function metrics() {
  await meterProvider.forceFlush()
  const { metrics: all } = metricExporter.getMetrics().at(-1).scopeMetrics[0]
  return Object.fromEntries(all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]))
}

test('a call is a span below the one of its caller, with what the conventions name', async () => {
  const tracerProvider = start()
  const parent = tracerProvider.getTracer('app').startSpan('the app')
  await contextApi.with(trace.setSpan(contextApi.active(), parent), () =>
    context.client().chatCompletion('claude-sonnet-4-6', HELLO)
  )
  parent.end()
  const [span] = spans.getFinishedSpans()
  expect(span.name).toBe('chat claude-sonnet-4-6')
  expect(span.parentSpanContext.spanId).toBe(parent.spanContext().spanId)
  expect(span.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-sonnet-4-6',
    'gen_ai.response.model': expect.stringContaining('claude'),
    'gen_ai.response.id': expect.any(String),
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': expect.any(Number),
    'gen_ai.usage.output_tokens': expect.any(Number),
    'aihubmix.attempts': 1
  })
  expect(JSON.stringify(span.attributes)).not.toContain('hello')
  const {
    'gen_ai.client.operation.duration': [duration],
    'gen_ai.client.token.usage': tokens
  } = await metrics()
  expect(duration.value.count).toBe(1)
  expect(duration.attributes).toMatchObject({ 'gen_ai.operation.name': 'chat' })
  expect(tokens.map(({ attributes }) => attributes['gen_ai.token.type'])).toEqual([
    'input',
    'output'
  ])
})

test('a stream has its first chunk, a retry is an event', async () => {
  start()
  const failure = { status: 500, headers: { 'retry-after-ms': '1' }, json: { error: 'down' } }
  context.gateway.enqueue(failure)
  const stream = await context.client().chatCompletion('gpt-5.4', HELLO, { stream: true })
  for await (const _ of stream) {
    // Read to its end.
  }
  const [span] = spans.getFinishedSpans()
  expect(span.attributes).toMatchObject({
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.stream': true,
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
    'aihubmix.attempts': 2
  })
  expect(span.events).toMatchObject([
    { name: 'aihubmix.retry', attributes: { 'error.type': 'SERVER_ERROR', 'aihubmix.attempt': 1 } }
  ])
  const { 'gen_ai.client.operation.time_to_first_chunk': first } = await metrics()
  expect(first[0].value.count).toBe(1)
})

test('a failure is an error of its code', async () => {
  start()
  context.gateway.enqueue({ status: 400, json: { error: { message: 'secret words' } } })
  await expect(context.client().chatCompletion('gpt-5.4', HELLO)).rejects.toThrow()
  const [{ attributes, status }] = spans.getFinishedSpans()
  expect(attributes).toMatchObject({
    'error.type': 'INVALID_REQUEST',
    'http.response.status_code': 400
  })
  expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'INVALID_REQUEST' })
  expect(JSON.stringify(attributes)).not.toContain('secret')
})

test('other endpoints are spans too', async () => {
  start()
  await context.client().embeddings.create({ model: 'text-embedding-3-small', input: 'x' })
  const [{ attributes }] = spans.getFinishedSpans()
  expect(attributes['gen_ai.operation.name']).toBe('embeddings')
})

test('words are there only where they are asked for, and never a key', async () => {
  start({ captureContent: true })
  const apiKey = 'sk-abcdefgh12345678'
  const messages = [{ role: 'user', content: `hello ${apiKey}` }]
  await context.client({ apiKey }).chatCompletion('gpt-5.4', messages)
  const [{ attributes }] = spans.getFinishedSpans()
  expect(attributes['gen_ai.input.messages']).toContain('hello')
  expect(attributes['gen_ai.output.messages']).toContain('You said')
  expect(JSON.stringify(attributes)).not.toContain('abcdefgh12345678')
})

test('nothing is made once it is disabled', async () => {
  start()
  instrumentation.disable()
  await context.client().chatCompletion('gpt-5.4', HELLO)
  expect(spans.getFinishedSpans()).toEqual([])
})
