'use strict'

// Imagen, on the Gemini route. https://ai.google.dev/gemini-api/docs/imagen
//
// | here | there |
// |---|---|
// | `prompt` | `instances[0].prompt` |
// | `n` | `parameters.sampleCount` |
// | `size` (`1536x1024`) | `parameters.aspectRatio`, the nearest that there is |
// | `output_format`, `output_compression` | `parameters.outputOptions` |
// | any other member | `parameters`, as it is |
// | nothing | `parameters.includeRaiReason`: why an image was withheld |
//
// Left out: `response_format`, `quality`, `user`, which Imagen has not; its images always come inline.
//
// Of images that were withheld the reasons stand in `aihubmix.warnings`; where none is left they are an error.

const { invalidRequest, invalidResponse } = require('../error')

const ASPECT_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9']

function isImagen(model) {
  return typeof model === 'string' && /^imagen/i.test(model)
}

async function generateByPredict(requests, body, request) {
  const {
    model,
    prompt,
    n,
    size,
    output_format: format,
    output_compression: compression,
    ...rest
  } = body
  const { response_format, quality, user, stream, ...own } = rest
  if (stream === true) throw invalidRequest('stream', 'Imagen does not stream')
  const parameters = { includeRaiReason: true, ...own }
  if (n !== undefined && n !== null) parameters.sampleCount = n
  if (size !== undefined && size !== null && size !== 'auto')
    parameters.aspectRatio ??= aspectRatioOf(size)
  if (format !== undefined && format !== null) {
    parameters.outputOptions ??= {
      mimeType: `image/${format}`,
      compressionQuality: compression ?? undefined
    }
  }
  const json = { instances: [{ prompt }], parameters }
  const answer = await requests.whole(
    { endpoint: 'gemini.predict', params: { model }, json },
    request
  )
  return imagesOf(answer ?? {})
}

function imagesOf(answer) {
  const predictions = Array.isArray(answer.predictions) ? answer.predictions : []
  const isImage = (prediction) => typeof prediction?.bytesBase64Encoded === 'string'
  const warnings = predictions
    .filter((prediction) => !isImage(prediction))
    .map((prediction) => ({
      code: 'content_filter',
      param: 'prompt',
      message: prediction?.raiFilteredReason ?? 'an image was withheld without a reason'
    }))
  const data = predictions.filter(isImage).map(({ bytesBase64Encoded, prompt }) => ({
    b64_json: bytesBase64Encoded,
    ...(prompt === undefined ? {} : { revised_prompt: prompt })
  }))
  if (data.length === 0) throw nothingLeft(answer, warnings)
  return {
    created: Math.floor(Date.now() / 1000),
    data,
    ...(warnings.length === 0 ? {} : { aihubmix: { warnings } })
  }
}

function nothingLeft(answer, warnings) {
  const reasons = [...new Set(warnings.map(({ message }) => message))].join(' ')
  const error = invalidResponse(`the answer has no image${reasons === '' ? '' : `: ${reasons}`}`)
  return Object.assign(error, { type: 'content_filter', body: answer })
}

function aspectRatioOf(size) {
  const [, width, height] = /^(\d+)[x:](\d+)$/.exec(size) ?? []
  if (width === undefined || Number(height) === 0) {
    throw invalidRequest('size', '`size` must be a width and a height, such as 1024x1024')
  }
  const wanted = Math.log(Number(width) / Number(height))
  const distance = (ratio) => {
    const [across, down] = ratio.split(':').map(Number)
    return Math.abs(Math.log(across / down) - wanted)
  }
  return ASPECT_RATIOS.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best))
}

module.exports = { generateByPredict, isImagen }
