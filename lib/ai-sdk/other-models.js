'use strict'

// The models beside chat: embeddings, images, transcription, speech, reranking.

const { called } = require('./errors')
const { Model, blobOf, own } = require('./model')
const { NAMESPACE } = require('./state')
const { invalidRequest, invalidResponse } = require('../error')
const { stringify } = require('../stringify')

class EmbeddingModel extends Model {
  maxEmbeddingsPerCall = 2048
  supportsParallelCalls = true

  async doEmbed(options) {
    const body = {
      model: this.modelId,
      input: options.values,
      encoding_format: 'float',
      ...(options.dimensions !== undefined && { dimensions: options.dimensions }),
      ...own(options)
    }
    const { answer, response } = await this.ask(
      (request) => this.client.embeddings.create(body, request),
      options,
      body
    )
    const tokens = answer.usage?.prompt_tokens
    return {
      embeddings: answer.data.map(({ embedding }) => embedding),
      ...(tokens !== undefined && { usage: { tokens } }),
      response: { ...response, body: answer },
      warnings: []
    }
  }
}

class ImageModel extends Model {
  maxImagesPerCall = 10

  async doGenerate(options) {
    const warnings = []
    const unsupported = (feature) => warnings.push({ type: 'unsupported', feature })
    if (options.seed !== undefined) unsupported('seed')
    const { prompt = '', n, size, aspectRatio, files, mask } = options
    const body = {
      model: this.modelId,
      prompt,
      n,
      ...(size !== undefined && { size }),
      ...(aspectRatio !== undefined && { aspect_ratio: aspectRatio }),
      ...own(options)
    }
    const edited = files !== undefined && files.length > 0
    const run = edited
      ? (request) => this.client.images.edit(editOf(body, files, mask), request)
      : (request) => this.client.images.generate(body, request)
    const { answer, response } = await this.ask(run, options, body)
    const { usage, data } = answer
    const images = data.map((image) => {
      const { b64_json: _bytes, ...said } = image
      return said
    })
    return {
      images: await called(
        () => Promise.all(data.map((image) => bytesOf(image, options.abortSignal))),
        body,
        options.abortSignal
      ),
      warnings,
      providerMetadata: { [NAMESPACE]: { images } },
      response,
      ...(usage && {
        usage: {
          inputTokens: usage.input_tokens,
          outputTokens: usage.output_tokens,
          totalTokens: usage.total_tokens
        }
      })
    }
  }
}

function editOf(body, files, mask) {
  return { ...body, image: files.map(uploadOf), ...(mask && { mask: uploadOf(mask) }) }
}

function uploadOf(file) {
  if (file.type === 'url') {
    throw invalidRequest(
      'files',
      'an image to be edited must be given as bytes, not by its address'
    )
  }
  return blobOf(file)
}

// The AI SDK wants bytes, in base64; an address is where the vendor put them.
async function bytesOf(image, signal) {
  if (image.b64_json) return image.b64_json
  const response = await fetch(image.url, { signal })
  if (!response.ok) throw invalidResponse(`the image cannot be had: status ${response.status}`)
  return Buffer.from(await response.arrayBuffer()).toString('base64')
}

class TranscriptionModel extends Model {
  async doGenerate(options) {
    const { audio, mediaType, timestampGranularities } = options
    const body = { model: this.modelId, ...granularities(timestampGranularities), ...own(options) }
    const file = blobOf({ data: audio, mediaType })
    const { answer, response } = await this.ask(
      (request) => this.client.audio.transcriptions.create({ ...body, file }, request),
      options,
      body
    )
    const timed = ({ text, word, start, end }) => ({
      text: text ?? word,
      startSecond: start,
      endSecond: end
    })
    return {
      text: answer.text,
      segments: (answer.segments ?? answer.words ?? []).map(timed),
      ...(answer.words && { words: answer.words.map(timed) }),
      language: answer.language,
      durationInSeconds: answer.duration,
      ...(answer.usage && { usage: answer.usage }),
      warnings: [],
      response: { ...response, body: answer }
    }
  }
}

// The plain answers have no times.
function granularities(asked) {
  if (asked === undefined || asked.length === 0) return {}
  return { timestamp_granularities: asked, response_format: 'verbose_json' }
}

class SpeechModel extends Model {
  async doGenerate(options) {
    const warnings = []
    const { text, voice = 'alloy', outputFormat, instructions, speed, language } = options
    if (language !== undefined) warnings.push({ type: 'unsupported', feature: 'language' })
    const body = {
      model: this.modelId,
      input: text,
      voice,
      response_format: outputFormat ?? 'mp3',
      ...(instructions !== undefined && { instructions }),
      ...(speed !== undefined && { speed }),
      ...own(options)
    }
    const { answer, response } = await this.ask(
      async (request) => {
        const said = await this.client.audio.speech.create(body, request)
        return { bytes: new Uint8Array(await said.arrayBuffer()), headers: said.headers }
      },
      options,
      body
    )
    const headers = Object.fromEntries(answer.headers)
    return { audio: answer.bytes, warnings, request: { body }, response: { ...response, headers } }
  }
}

class RerankingModel extends Model {
  async doRerank(options) {
    const { documents, query, topN } = options
    const texts = documents.values.map((value) =>
      typeof value === 'string' ? value : stringify(value)
    )
    const body = {
      model: this.modelId,
      query,
      documents: texts,
      ...(topN !== undefined && { top_n: topN }),
      ...own(options)
    }
    const { answer, response } = await this.ask(
      (request) => this.client.rerank.create(body, request),
      options,
      body
    )
    return {
      ranking: answer.results.map(({ index, relevance_score: relevanceScore }) => ({
        index,
        relevanceScore
      })),
      warnings: [],
      response: { ...response, id: answer.id, body: answer }
    }
  }
}

module.exports = { EmbeddingModel, ImageModel, RerankingModel, SpeechModel, TranscriptionModel }
