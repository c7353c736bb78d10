'use strict'

// POST /v1/models/{vendor}/{model}/predictions: https://docs.aihubmix.com/en/api/Image-Gen
// Black Forest Labs (`bfl`) answers with an address to poll; the others answer at once.

const { gatewayError } = require('../errors')
const { jsonReply } = require('../replies')
const { PIXEL_PNG } = require('../media')
const { imageUrl } = require('./images')

const create = {
  answer({ body }, { params, url, number, requestId }) {
    if (!body?.input?.prompt) throw gatewayError('input.prompt is required', requestId)
    if (params.vendor === 'bfl') {
      const id = `mock-prediction-${number}`
      return jsonReply({ output: [{ taskId: id, polling_url: `${url}/v1/predictions/${id}` }] })
    }
    const count = Number(body.input.n ?? body.input.numberOfImages ?? 1)
    const bytesBase64 = PIXEL_PNG.toString('base64')
    return jsonReply({
      output: { b64_json: Array.from({ length: count }, () => ({ bytesBase64 })) }
    })
  }
}

const poll = {
  answer(_request, { params, url }) {
    return jsonReply({ id: params.id, status: 'Ready', result: { sample: imageUrl(url) } })
  }
}

module.exports = { create, poll }
