'use strict'

// The vendors' own APIs in their own shapes, streaming too.

const { bodyOf, textOf } = require('../arguments')
const { unparsedResponse } = require('../unparsed')
const { queryOf } = require('./entries')

// https://platform.openai.com/docs/api-reference/responses
function responses(requests) {
  const create = async (body, request) => {
    const described = { endpoint: 'responses', json: unparsedResponse(bodyOf(body)) }
    if (body.stream === true) return requests.events(described, request)
    return withOutputText(await requests.whole(described, request))
  }
  return {
    create,

    // The answer with its text and arguments read, as `text.format` and `tools` say.
    async parse(body, request) {
      return readWith(requests, create, require('../parsed-response').parse, body, request)
    },

    // Of an answer in the background; with `stream` its events, after the one numbered `starting_after`.
    async retrieve(id, query = {}, request) {
      const described = { endpoint: 'responses.retrieve', params: idOf(id), query: queryOf(query) }
      if (query?.stream === true) return requests.events(described, request)
      return withOutputText(await requests.whole(described, request))
    },

    async cancel(id, request) {
      const described = { endpoint: 'responses.cancel', params: idOf(id) }
      return withOutputText(await requests.whole(described, request))
    },

    async delete(id, request) {
      return requests.whole({ endpoint: 'responses.delete', params: idOf(id) }, request)
    }
  }
}

// https://docs.anthropic.com/en/api/messages
function messages(requests) {
  const create = async (body, request) => {
    const described = { endpoint: 'messages', json: bodyOf(body) }
    return body.stream === true
      ? requests.events(described, request)
      : requests.whole(described, request)
  }
  return {
    create,

    // The answer with its text read, as `output_config.format` says.
    async parse(body, request) {
      return readWith(requests, create, require('../parsed-message').parse, body, request)
    },

    // https://docs.anthropic.com/en/api/messages-count-tokens
    async countTokens(body, request) {
      return requests.whole({ endpoint: 'messages.count', json: bodyOf(body) }, request)
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

async function readWith(requests, create, parse, body, request) {
  const ask = async (asked, options) => ({ data: await create(asked, options) })
  const redacted = (error) => requests.redacted(error)
  return (await parse(ask, body, request, redacted)).data
}

function idOf(id) {
  return { id: textOf(id, 'id') }
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

module.exports = { gemini, messages, responses, withOutputText }
