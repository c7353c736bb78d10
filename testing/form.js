'use strict'

// The form of a request's body: what must be there, and of what kind it is.

const { openaiError } = require('./errors')
const { firstOfWrongKind } = require('./shape')
const openai = require('./strict/openai')

/** @throws Refusal in OpenAI's words */
function checkForm(body, required, shape) {
  const missing = required.find((name) => (body?.[name] ?? '') === '')
  if (missing !== undefined) throw refusalOf(openai.required(missing))
  if (firstOfWrongKind(body, shape)) throw refusalOf(openai.wrongKind(body, shape))
}

function refusalOf({ message, param, code }) {
  return openaiError(message, { param, code })
}

module.exports = { checkForm }
