'use strict'

// The arguments of a chat, checked for what JSON would make unrecognisable: a forgotten `await` becomes `{}`, bytes an
// object of numbers, a message without content nothing at all.

const { invalidRequest } = require('./error')
const { isStandardSchema } = require('./schema')

// Members of `RequestOptions`, which stand in an argument of their own.
const REQUEST_OPTIONS = ['signal', 'timeout', 'maxRetries', 'headers', 'route', 'fallback']
// Those who speak with content; an assistant may only call tools.
const NEED_CONTENT = new Set(['user', 'system', 'developer', 'tool'])

// `chatCompletion(model, messages, options)`, as one body.
function chatBody(model, messages, options) {
  if (typeof model === 'object' && model !== null && messages === undefined) {
    throw invalidRequest(
      'model',
      '`model` must be a string: `chatCompletion(model, messages, options)` takes them one by one, `chat.completions.create(body)` as one object'
    )
  }
  if (typeof model !== 'string') throw invalidRequest('model', '`model` must be a string')
  if (
    options !== undefined &&
    options !== null &&
    (typeof options !== 'object' || Array.isArray(options))
  ) {
    throw invalidRequest('options', '`options` must be an object')
  }
  // biome-ignore lint/suspicious/noDuplicateObjectKeys: first for their place in the text, last so that they win
  return { model, messages, ...options, model, messages }
}

// A body of `chat.completions.create` or the one above.
function checkChat(body) {
  for (const name of REQUEST_OPTIONS) {
    if (body[name] !== undefined && Object.hasOwn(body, name)) {
      throw invalidRequest(
        name,
        `\`${name}\` is an option of the request: it belongs into the argument after the chat options`
      )
    }
  }
  if (isStandardSchema(body.response_format)) {
    throw invalidRequest(
      'response_format',
      '`response_format` is a schema of another library: `chat.completions.parse` takes it'
    )
  }
  const { messages } = body
  if (typeof messages?.then === 'function')
    throw invalidRequest('messages', awaited(messages, '`messages` must be a list'))
  if (Array.isArray(messages)) messages.forEach(checkMessage)
}

function checkMessage(message, index) {
  const param = `messages[${index}]`
  if (typeof message !== 'object' || message === null) {
    throw invalidRequest(
      param,
      `\`${param}\` must be a message, such as \`{ role: 'user', content: 'hello' }\``
    )
  }
  if (typeof message.then === 'function')
    throw invalidRequest(param, awaited(message, `\`${param}\` must be a message`))
  const { content } = message
  if (content === undefined) {
    // Gemini's own messages have `parts`.
    if (!NEED_CONTENT.has(message.role) || message.parts !== undefined) return
    throw invalidRequest(
      `${param}.content`,
      `\`${param}.content\` is missing: the message says nothing`
    )
  }
  if (content === null || typeof content === 'string' || Array.isArray(content)) return
  // What writes itself as JSON may come out as one of them.
  if (typeof content.toJSON === 'function' && !ArrayBuffer.isView(content)) return
  throw invalidRequest(
    `${param}.content`,
    awaited(content, `\`${param}.content\` must be a string, a list of content parts or null`)
  )
}

function awaited(value, message) {
  return typeof value?.then === 'function'
    ? `${message}: it is a promise, which wants an \`await\``
    : message
}

module.exports = { chatBody, checkChat }
