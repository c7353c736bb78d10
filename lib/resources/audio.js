'use strict'

// Speech, and what was said. https://platform.openai.com/docs/api-reference/audio

const native = require('../native')
const { bodyOf } = require('../arguments')
const { formOf } = require('./form')

// Transcripts that are no JSON.
const TEXTS = ['text', 'srt', 'vtt']

function audio(requests) {
  return {
    speech: {
      create: async (body, request) =>
        requests.bytes({ endpoint: 'audio.speech', json: bodyOf(body) }, request)
    },
    transcriptions: {
      create: async (body, request) => send(requests, 'audio.transcriptions', body, request)
    },
    translations: {
      create: async (body, request) => send(requests, 'audio.translations', body, request)
    }
  }
}

async function send(requests, endpoint, body, request) {
  const form = await formOf(requests, bodyOf(body), request, { files: ['file'], fileName })
  if (body.stream === true) return requests.events({ endpoint, form }, request)
  const answer = TEXTS.includes(body.response_format) ? 'text' : 'json'
  return requests.whole({ endpoint, form, answer }, request)
}

// The endpoint tells the format by the name alone, so the name is made of the media type; only a file of
// an unknown type keeps its own.
function fileName({ name, type, named }) {
  const extension = native.setFileExtension(type)
  return extension === 'bin' && named ? name : `audio.${extension}`
}

module.exports = { audio }
