'use strict'

// POST /v1/images/generations and /v1/images/edits: https://platform.openai.com/docs/api-reference/images
// Every image is one transparent pixel.

const { openaiError } = require('../errors')
const { jsonReply, bytesReply, eventStreamReply } = require('../replies')
const { encodeEvent } = require('../sse')
const { PIXEL_PNG } = require('../media')

const MOST_IMAGES = 10

const generations = {
  answer({ body }, context) {
    const images = imagesFor(body ?? {}, context)
    return body?.stream === true
      ? eventStreamReply(eventsOf('image_generation', images, body))
      : jsonReply(images)
  }
}

const edits = {
  answer({ body }, context) {
    if (!body?.files?.some(({ name }) => name === 'image' || name === 'image[]')) {
      throw openaiError("Missing required parameter: 'image'.", { param: 'image' })
    }
    const images = imagesFor(body.fields, context)
    return body.fields.stream === 'true'
      ? eventStreamReply(eventsOf('image_edit', images, body.fields))
      : jsonReply(images)
  }
}

// https://platform.openai.com/docs/api-reference/images-streaming
function eventsOf(kind, { created, usage }, { partial_images: partial = 0, ...asked }) {
  const image = {
    b64_json: PIXEL_PNG.toString('base64'),
    created_at: created,
    size: asked.size ?? '1024x1024',
    quality: asked.quality ?? 'high',
    background: asked.background ?? 'opaque',
    output_format: asked.output_format ?? 'png'
  }
  const drafts = Array.from({ length: Number(partial) || 0 }, (_, index) => ({
    type: `${kind}.partial_image`,
    partial_image_index: index,
    ...image
  }))
  const events = [...drafts, { type: `${kind}.completed`, ...image, usage }]
  return events.map((event) => encodeEvent(event, true))
}

// Where the `url` of an image leads.
const file = {
  open: true,
  answer() {
    return bytesReply(PIXEL_PNG, 'image/png')
  }
}

function imagesFor({ model = '', prompt, n = 1, response_format: format }, { url }) {
  if (!prompt)
    throw openaiError("Missing required parameter: 'prompt'.", {
      param: 'prompt',
      code: 'prompt_missing'
    })
  const count = Number(n)
  if (!Number.isInteger(count) || count < 1 || count > MOST_IMAGES) {
    throw openaiError('n must be between 1 and 10', { param: 'n', code: 'n_not_within_range' })
  }
  // The gpt-image models know no URLs.
  const inline = format === 'b64_json' || /^gpt-image/.test(model)
  const image = inline
    ? { b64_json: PIXEL_PNG.toString('base64') }
    : { url: imageUrl(url), revised_prompt: prompt }
  const tokens = Math.ceil(prompt.length / 4)
  return {
    created: 1_767_225_600,
    data: Array.from({ length: count }, () => image),
    usage: { input_tokens: tokens, output_tokens: 272 * count, total_tokens: tokens + 272 * count }
  }
}

function imageUrl(gatewayUrl) {
  return `${gatewayUrl}/files/image.png`
}

module.exports = { generations, edits, file, imageUrl }
