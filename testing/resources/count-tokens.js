'use strict'

// POST /v1/messages/count_tokens: https://docs.anthropic.com/en/api/messages-count-tokens

const { jsonReply } = require('../replies')
const { readTurn } = require('../wires/messages')

const countTokens = {
  native: true,
  answer(request) {
    const { promptText } = readTurn(request)
    const tools = JSON.stringify(request.body?.tools ?? '')
    return jsonReply({ input_tokens: Math.ceil((promptText.length + tools.length) / 4) })
  }
}

module.exports = { countTokens }
