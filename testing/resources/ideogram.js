'use strict'

// POST /ideogram/v1/ideogram-v3/{generate,remix} (a form) and /ideogram/{generate,remix,upscale}
// https://docs.aihubmix.com/en/api/IdeogramAI

const { gatewayError } = require('../errors')
const { jsonReply } = require('../replies')
const { imageUrl } = require('./images')

// V3 has its members in a form, V1 and V2 within `image_request`: an object, or JSON in a form.
const ideogram = {
  answer({ body }, context) {
    const { prompt, num_images: count = 1, resolution = '1024x1024' } = requestOf(body)
    if (!prompt) throw gatewayError('prompt is required', context.requestId)
    const image = {
      url: imageUrl(context.url),
      prompt,
      resolution,
      is_image_safe: true,
      seed: 1,
      style_type: 'GENERAL'
    }
    const data = Array.from({ length: Number(count) || 1 }, () => image)
    return jsonReply({ created: '2026-01-01T00:00:00Z', data })
  }
}

function requestOf(body) {
  const members = body?.fields ?? body ?? {}
  const { image_request: request } = members
  if (typeof request !== 'string') return request ?? members
  try {
    return JSON.parse(request) ?? {}
  } catch {
    return {}
  }
}

module.exports = { ideogram }
