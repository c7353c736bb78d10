'use strict'

// What all models beside chat have.

const { called } = require('./errors')
const { plainHeaders } = require('./language-model')
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
    const answer = await called(() => run(request), body, options.abortSignal)
    return {
      answer,
      response: { timestamp: new Date(), modelId: this.modelId, headers: undefined }
    }
  }

  // What an answer says of itself.
  told(said) {
    return { providerMetadata: { [NAMESPACE]: said } }
  }
}

function own(options) {
  return options.providerOptions?.[NAMESPACE] ?? {}
}

function blobOf({ data, mediaType }) {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : data
  return new Blob([bytes], { type: mediaType })
}

module.exports = { Model, blobOf, own }
