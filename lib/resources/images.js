'use strict'

// Images made and changed: three endpoints with one result, OpenAI's.

const { bodyOf } = require('../arguments')
const { formOf } = require('./form')
const { generateByPredict, isImagen } = require('./imagen')
const { generateByPrediction, isPrediction } = require('./predictions')

function images(requests) {
  return {
    // https://platform.openai.com/docs/api-reference/images/create
    async generate(body, request) {
      const { model } = bodyOf(body)
      if (isImagen(model)) return generateByPredict(requests, body, request)
      if (isPrediction(model)) return generateByPrediction(requests, body, request)
      return answer(requests, { endpoint: 'images.generations', json: body }, body, request)
    },

    // https://platform.openai.com/docs/api-reference/images/createEdit
    async edit(body, request) {
      const form = await formOf(requests, bodyOf(body), request, {
        files: ['image', 'mask'],
        stem: 'image'
      })
      return answer(requests, { endpoint: 'images.edits', form }, body, request)
    }
  }
}

function answer(requests, described, { stream }, request) {
  return stream === true ? requests.events(described, request) : requests.whole(described, request)
}

module.exports = { images }
