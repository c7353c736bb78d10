'use strict'

// Everything of the gateway beside chat, by the names under which a client has it.

const { audio } = require('./audio')
const { embeddings, moderations, rerank } = require('./plain')
const { images } = require('./images')
const { gemini, messages, responses } = require('./vendors')
const { models } = require('./models')
const { videos } = require('./videos')

function resources(requests) {
  return {
    audio: audio(requests),
    embeddings: embeddings(requests),
    gemini: gemini(requests),
    images: images(requests),
    messages: messages(requests),
    models: models(requests),
    moderations: moderations(requests),
    rerank: rerank(requests),
    responses: responses(requests),
    videos: videos(requests)
  }
}

module.exports = { resources }
