'use strict'

// The vendors' own APIs in their own shapes, streaming too.

const { bodyOf, textOf } = require('../arguments')

// https://platform.openai.com/docs/api-reference/responses
function responses(requests) {
  return {
    async create(body, request) {
      const described = { endpoint: 'responses', json: bodyOf(body) }
      if (body.stream === true) return requests.events(described, request)
      return withOutputText(await requests.whole(described, request))
    }
  }
}

// https://docs.anthropic.com/en/api/messages
function messages(requests) {
  return {
    async create(body, request) {
      const described = { endpoint: 'messages', json: bodyOf(body) }
      return body.stream === true
        ? requests.events(described, request)
        : requests.whole(described, request)
    }
  }
}

// https://ai.google.dev/api/generate-content
function gemini(requests) {
  return {
    async generateContent(body, request) {
      const { model, stream, ...json } = bodyOf(body)
      const params = { model: textOf(model, 'model').replace(/^models\//, '') }
      if (stream === true)
        return requests.events({ endpoint: 'gemini.stream', params, json }, request)
      return requests.whole({ endpoint: 'gemini.generate', params, json }, request)
    }
  }
}

// All text of the output, joined, as the `openai` package adds it.
function withOutputText(response) {
  const texts = []
  for (const item of response?.output ?? []) {
    if (item?.type !== 'message') continue
    for (const part of item.content ?? []) if (part.type === 'output_text') texts.push(part.text)
  }
  return { ...response, output_text: texts.join('') }
}

module.exports = { gemini, messages, responses }
