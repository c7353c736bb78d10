'use strict'

// How many tokens a conversation has, by estimate, and what of it fits. No network.

const native = require('./native')
const { chatBody, checkChat } = require('./chat-arguments')
const { errorFromNative, invalidRequest } = require('./error')
const { toJson } = require('./json')

function estimateTokens(model, messages, options) {
  return told(native.estimateTokens(bodyOf(model, messages, options)))
}

function fitMessages(model, messages, options) {
  const { limit, reserve, ...rest } = options ?? {}
  for (const [name, value] of Object.entries({ limit, reserve })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
      throw invalidRequest(name, `\`${name}\` must be a whole number of tokens, 0 or greater`)
  }
  const body = bodyOf(model, messages, rest)
  const { kept, dropped, tokens } = told(native.fitMessages(body, limit, reserve))
  const at = (index) => messages[index]
  return { messages: kept.map(at), dropped: dropped.map(at), tokens }
}

function bodyOf(model, messages, options) {
  const body = chatBody(model, messages, options)
  checkChat(body)
  return toJson(body)
}

function told([isGood, json]) {
  if (!isGood) throw errorFromNative(json)
  return JSON.parse(json)
}

module.exports = { estimateTokens, fitMessages }
