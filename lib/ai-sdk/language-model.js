'use strict'

// A chat model of the AI SDK, specification V4, straight over the client.

const { AnswerMetadata } = require('./answer-metadata')
const { contentOf } = require('./content')
const { called, callError } = require('./errors')
const { finishReasonOf, headersOf, usageOf, warningsOf } = require('./figures')
const { chatOf } = require('./options')
const { StreamParts } = require('./stream-parts')
const { routeModel } = require('../functions')

// What a vendor fetches itself: nothing of it is downloaded by the AI SDK.
const SUPPORTED_URLS = {
  anthropic: { 'image/*': [/^https?:\/\/.*$/], 'application/pdf': [/^https?:\/\/.*$/] },
  gemini: {
    '*': [
      /^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/files\/.*$/,
      /^https:\/\/(?:www\.)?youtube\.com\/watch\?v=.*$/,
      /^https:\/\/youtu\.be\/.*$/,
      /^gs:\/\/.*$/
    ]
  },
  openai: { 'image/*': [/^https?:\/\/.*$/] }
}

class LanguageModel {
  specificationVersion = 'v4'
  #client

  constructor(client, provider, modelId) {
    this.#client = client
    this.provider = provider
    this.modelId = modelId
  }

  get supportedUrls() {
    return SUPPORTED_URLS[routeModel(this.modelId)]
  }

  async doGenerate(options) {
    const { body, request, warnings } = chatOf(this.modelId, options)
    const run = () => this.#create(body, request, options)
    const { data, response, request_id } = await called(run, body, options.abortSignal)
    const [choice] = data.choices
    const metadata = new AnswerMetadata()
    metadata.add(data)
    return {
      content: contentOf(choice.message),
      finishReason: finishReasonOf(choice),
      usage: usageOf(data.usage, data.aihubmix.vendor),
      warnings: [...warnings, ...warningsOf(data.aihubmix.warnings)],
      providerMetadata: metadata.result(request_id),
      request: { body },
      response: {
        id: data.id,
        modelId: data.model,
        timestamp: new Date(data.created * 1000),
        headers: headersOf(response.headers),
        body: data
      }
    }
  }

  async doStream(options) {
    const { body, request, warnings } = chatOf(this.modelId, options)
    const run = () => this.#create({ ...body, stream: true }, request, options)
    const { data, response, request_id } = await called(run, body, options.abortSignal)
    const known = [...warnings, ...warningsOf(data.warnings)]
    const parts = partsOf(data, known, request_id, body, options)
    return {
      stream: readable(parts, (reason) => data.abort(reason)),
      request: { body },
      response: { headers: headersOf(response.headers) }
    }
  }

  #create(body, own, { abortSignal, headers }) {
    const request = { ...own, signal: abortSignal, headers: plainHeaders(headers) }
    return this.#client.chat.completions.create(body, request).withResponse()
  }
}

async function* partsOf(stream, warnings, requestId, body, { includeRawChunks, abortSignal }) {
  const parts = new StreamParts()
  yield { type: 'stream-start', warnings }
  const metadata = new AnswerMetadata()
  try {
    for await (const chunk of stream) {
      if (includeRawChunks) yield { type: 'raw', rawValue: chunk }
      metadata.add(chunk)
      yield* parts.chunk(chunk)
    }
    yield* parts.end(metadata.result(requestId))
  } catch (error) {
    yield { type: 'error', error: callError(error, body, abortSignal) }
  }
}

// A stream that is read when it is asked: the core holds the vendor back meanwhile.
function readable(parts, cancel) {
  return new ReadableStream(
    {
      __proto__: null,
      async pull(controller) {
        const { value, done } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel(reason) {
        cancel(reason)
        await parts.return()
      }
    },
    { __proto__: null, highWaterMark: 0 }
  )
}

function plainHeaders(headers) {
  if (headers === undefined) return undefined
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
}

module.exports = { LanguageModel, plainHeaders }
