'use strict'

// For hosts that load a provider by its package's name and call its one function that begins with `create`. They pass
// every provider what some need: `name`, a `fetch`, settings of OpenAI-compatible ones. The client has no use for those.

const { aihubmix, createAihubmix: create } = require('aihubmix-native/ai-sdk')

function createAihubmix(options = {}) {
  if (typeof options === 'string') return create(options)
  const { name, fetch, includeUsage, queryParams, supportsStructuredOutputs, ...rest } = options
  return create(rest)
}

module.exports = { aihubmix, createAihubmix }
