'use strict'

// Everything of the gateway beside chat, by the names under which a client has it.

const { withHead } = require('../answer-head')
const { audio } = require('./audio')
const { embeddings, moderations, rerank } = require('./plain')
const { images } = require('./images')
const { gemini, messages, responses, withOutputText } = require('./vendors')
const { models } = require('./models')
const { videos } = require('./videos')

function resources(requests) {
  return withStreams(
    requests,
    telling({
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
  )
}

// Streams of events over what opens them; no promises themselves.
function withStreams(requests, made) {
  const { messages: anthropic, responses: openai } = made
  const redacted = (error) => requests.redacted(error)
  const opening = { ...openai, completed: withOutputText, redacted }
  anthropic.stream = (body, request) =>
    require('../message-stream').MessageEventStream.of({ ...anthropic, redacted }, body, request)
  openai.stream = (body, request) =>
    require('../response-stream').ResponseEventStream.of(opening, body, request)
  return made
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
