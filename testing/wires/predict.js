'use strict'

// Imagen: POST /gemini/v1beta/models/{model}:predict
// https://ai.google.dev/gemini-api/docs/imagen

const { googleError } = require('../errors')
const { jsonReply } = require('../replies')
const { PIXEL_PNG } = require('../media')

const predict = {
  native: true,
  answer({ body }) {
    const prompt = body?.instances?.[0]?.prompt
    if (typeof prompt !== 'string' || prompt === '')
      throw googleError('* PredictRequest.instances: a prompt is required.')
    const count = body.parameters?.sampleCount ?? 1
    const prediction = {
      mimeType: 'image/png',
      bytesBase64Encoded: PIXEL_PNG.toString('base64'),
      prompt
    }
    return jsonReply({ predictions: Array.from({ length: count }, () => prediction) })
  },
  // A chat's answer: its images. One without any is an answer whose images were filtered out.
  renderImages(chat) {
    const messages = chat.choices?.map(({ message }) => message ?? {}) ?? [chat]
    const urls = messages
      .flatMap(({ images }) => images ?? [])
      .map(({ image_url }) => image_url.url)
    const predictions = urls.map((url) => {
      const [, mimeType, bytesBase64Encoded] = /^data:([^;,]*);base64,(.*)$/s.exec(url) ?? [
        undefined,
        'image/png',
        url
      ]
      return { mimeType, bytesBase64Encoded }
    })
    return jsonReply({ predictions })
  }
}

module.exports = { predict }
