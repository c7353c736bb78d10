'use strict'

// The models for the specification V3 (`ai` 6): the V4 models behind two small converters. V3 has data of files bare
// instead of tagged, other names for files in tool results, no citations, no warnings of what is deprecated, and neither
// files of reasoning nor parts of a provider's own. Those two are only shown; the state beside them stays.

const { LanguageModel } = require('./language-model')

class LanguageModelV3 {
  specificationVersion = 'v3'
  #model

  constructor(...given) {
    this.#model = new LanguageModel(...given)
    this.provider = this.#model.provider
    this.modelId = this.#model.modelId
  }

  get supportedUrls() {
    return this.#model.supportedUrls
  }

  async doGenerate(options) {
    const result = await this.#model.doGenerate(callOptions(options))
    const content = result.content.flatMap(part)
    return { ...result, content, warnings: result.warnings.map(warning) }
  }

  async doStream(options) {
    const result = await this.#model.doStream(callOptions(options))
    const convert = new TransformStream({
      transform(made, controller) {
        for (const converted of part(made)) controller.enqueue(converted)
      }
    })
    return { ...result, stream: result.stream.pipeThrough(convert) }
  }
}

function callOptions(options) {
  return { ...options, prompt: options.prompt.map(message) }
}

function message(given) {
  if (!Array.isArray(given.content)) return given
  return { ...given, content: given.content.map(promptPart) }
}

function promptPart(given) {
  if (given.type === 'file') return { ...given, data: tagged(given.data) }
  if (given.type !== 'tool-result' || given.output.type !== 'content') return given
  return { ...given, output: { ...given.output, value: given.output.value.map(resultPiece) } }
}

function resultPiece(piece) {
  const { type, data, url, fileId, mediaType, ...rest } = piece
  const image = type.startsWith('image-')
  if (type === 'file-data' || type === 'image-data') {
    return { ...rest, type: 'file', mediaType, data: { type: 'data', data } }
  }
  if (type === 'file-url' || type === 'image-url') {
    const parsed = new URL(url)
    const known = mediaType ?? (image ? 'image/*' : 'application/octet-stream')
    return { ...rest, type: 'file', mediaType: known, data: { type: 'url', url: parsed } }
  }
  if (type === 'file-id' || type === 'image-file-id') {
    const reference = typeof fileId === 'string' ? { aihubmix: fileId } : fileId
    return {
      ...rest,
      type: 'file',
      mediaType: image ? 'image/*' : 'application/octet-stream',
      data: { type: 'reference', reference }
    }
  }
  return piece
}

function tagged(data) {
  return data instanceof URL ? { type: 'url', url: data } : { type: 'data', data }
}

const ONLY_V4 = new Set(['custom', 'reasoning-file'])

// A part of an answer or of a stream, as V3 has it.
function part(made) {
  if (ONLY_V4.has(made.type)) return []
  if (made.type === 'stream-start') return [{ ...made, warnings: made.warnings.map(warning) }]
  if (made.type === 'file') {
    const { data, ...rest } = made
    return [{ ...rest, data: data.type === 'url' ? data.url.href : data.data }]
  }
  if (made.type !== 'text' && made.type !== 'text-end') return [made]
  const { citations, ...rest } = made
  return [rest]
}

function warning(given) {
  if (given.type !== 'deprecated') return given
  return { type: 'other', message: `${given.setting}: ${given.message}` }
}

// The other models differ by their version alone.
function asV3(model) {
  return Object.defineProperty(model, 'specificationVersion', {
    __proto__: null,
    value: 'v3',
    enumerable: true
  })
}

module.exports = { LanguageModelV3, asV3 }
