'use strict'

// Everything of the gateway beside chat, by the names under which a client has it.

const { withHead } = require('../answer-head')
const { audio } = require('./audio')
const { embeddings, moderations, rerank } = require('./plain')
const { images } = require('./images')
const { gemini, messages, responses } = require('./vendors')
const { models } = require('./models')
const { videos } = require('./videos')

function resources(requests) {
  return telling({
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
  })
}

// Every function's promise can also tell about the response.
function telling(resource) {
  const made = {}
  for (const [name, member] of Object.entries(resource)) {
    if (typeof member === 'object') made[name] = telling(member)
    else made[name] = (...args) => withHead(() => member(...args))
  }
  return made
}

module.exports = { resources }
