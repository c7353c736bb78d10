'use strict'

// What all models beside chat have.

const { called } = require('./errors')
const { headersOf } = require('./figures')
const { plainHeaders } = require('./language-model')
const { snakeMembers } = require('./names')
const { NAMESPACE } = require('./state')

class Model {
  specificationVersion = 'v4'

  constructor(client, provider, modelId) {
    Object.defineProperty(this, 'client', { __proto__: null, value: client })
    this.provider = provider
    this.modelId = modelId
  }

  requestOf({ abortSignal, headers }) {
    return { signal: abortSignal, headers: plainHeaders(headers) }
  }

  // Runs a call of the client with the options that every model has.
  async ask(run, options, body) {
    const request = this.requestOf(options)
    const { data, response } = await called(() => asked(run(request)), body, options.abortSignal)
    const headers = response && headersOf(response.headers)
    return { answer: data, response: { timestamp: new Date(), modelId: this.modelId, headers } }
  }

  // What an answer says of itself.
  told(said) {
    return { providerMetadata: { [NAMESPACE]: said } }
  }
}

// A call of the client knows the response that it came with; several of them together have none.
async function asked(call) {
  return call.withResponse?.() ?? { data: await call }
}

// The caller's own members of the body; those for OpenAI's provider are the same in camel case.
function own({ providerOptions }) {
  return { ...snakeMembers(providerOptions?.openai ?? {}), ...providerOptions?.[NAMESPACE] }
}

function blobOf({ data, mediaType }) {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : data
  return new Blob([bytes], { type: mediaType })
}

module.exports = { Model, blobOf, own }
