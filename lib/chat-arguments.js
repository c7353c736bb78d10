'use strict'

// The arguments of a chat, checked for what JSON would make unrecognisable: a forgotten `await` becomes `{}`, bytes an
// object of numbers, a message without content nothing at all.

const { checkAwaited, checkPlaces, isPromise, notAwaited, objectOf } = require('./arguments')
const { invalidRequest } = require('./error')
const { isStandardSchema } = require('./schema')

// Those who speak with content; an assistant may only call tools.
const NEED_CONTENT = new Set(['user', 'system', 'developer', 'tool'])

// `chatCompletion(model, messages, options)`, as one body.
function chatBody(model, messages, options) {
  if (typeof model === 'object' && model !== null && !isPromise(model) && messages === undefined) {
    throw invalidRequest(
      'model',
      '`model` must be a string: `chatCompletion(model, messages, options)` takes them one by one, `chat.completions.create(body)` as one object'
    )
  }
  checkModel(model)
  if (options !== undefined && options !== null) objectOf(options, 'options')
  // biome-ignore lint/suspicious/noDuplicateObjectKeys: first for their place in the text, last so that they win
  return { model, messages, ...options, model, messages }
}

// A body of `chat.completions.create` or the one above.
function checkChat(body) {
  checkPlaces(body, 'the chat options')
  if (isPromise(body.model)) checkModel(body.model)
  if (isStandardSchema(body.response_format)) {
    throw invalidRequest(
      'response_format',
      '`response_format` is a schema of another library: `chat.completions.parse` takes it'
    )
  }
  const { messages } = body
  if (isPromise(messages))
    throw invalidRequest('messages', notAwaited(messages, '`messages` must be a list'))
  checkAwaited(body)
  if (Array.isArray(messages)) messages.forEach(checkMessage)
}

function checkModel(model) {
  if (typeof model !== 'string')
    throw invalidRequest('model', notAwaited(model, '`model` must be a string'))
}

function checkMessage(message, index) {
  if (typeof message !== 'object' || message === null || isPromise(message))
    throw noMessage(message, `messages[${index}]`)
  const { content } = message
  if (typeof content === 'string' || content === null || Array.isArray(content)) return
  if (content === undefined) {
    // Gemini's own messages have `parts`.
    if (!NEED_CONTENT.has(message.role) || message.parts !== undefined) return
    const param = `messages[${index}].content`
    throw invalidRequest(param, `\`${param}\` is missing: the message says nothing`)
  }
  // What writes itself as JSON may come out as one of them.
  if (typeof content.toJSON === 'function' && !ArrayBuffer.isView(content)) return
  const param = `messages[${index}].content`
  throw invalidRequest(
    param,
    notAwaited(content, `\`${param}\` must be a string, a list of content parts or null`)
  )
}

function noMessage(value, param) {
  const what = `\`${param}\` must be a message`
  return invalidRequest(
    param,
    isPromise(value)
      ? notAwaited(value, what)
      : `${what}, such as \`{ role: 'user', content: 'hello' }\``
  )
}

module.exports = { chatBody, checkChat }
