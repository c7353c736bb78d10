'use strict'

// `messages.parse`, and the final message of `messages.stream`: answers of Anthropic's whose text is read and checked, as
// `parsed_output`, under which `@anthropic-ai/sdk` has it too.

const { AihubmixError } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { invalidRequest } = require('./error')
const { MESSAGES, formatOf } = require('./output-format')
const { readText, untilParsed } = require('./parse')

// Of others the text is no answer, or not all of it.
const COMPLETE = ['end_turn', 'stop_sequence', null, undefined]

// `ask(body, request)` gives `{ data: message, … }`.
async function parse(ask, body, request, redacted) {
  objectOf(body, 'body')
  if (body.stream === true) throw invalidRequest('stream', '`parse` does not stream')
  const { retries, ...options } = request ?? {}
  const { sent, finish } = parsing(body, redacted)
  const said = ({ role, content }) => [{ role, content }]
  const more = (again) =>
    again.length === 0
      ? { ...body, ...sent }
      : { ...body, ...sent, messages: [...body.messages, ...again] }
  return untilParsed((again) => ask(more(again), options), finish, said, retries)
}

// How the answer to a body is asked for and read: `{ sent, finish(message) }`; `sent` goes over the body.
function parsing({ output_config: config }, redacted) {
  const given = config?.format ?? undefined
  const { format, read } = given === undefined ? {} : formatOf(given, MESSAGES)
  const sent = format === undefined ? {} : { output_config: { ...config, format } }
  const finish = async (message) => {
    try {
      return await parsedMessage(message, read)
    } catch (error) {
      throw redacted(error)
    }
  }
  return { sent, finish }
}

// All text of the answer is one value: a block may end where a citation begins.
async function parsedMessage(message, read) {
  const texts = (message.content ?? []).filter(({ type }) => type === 'text')
  const reader = COMPLETE.includes(message.stop_reason) ? read : undefined
  const failure = (why) => unreadable(message, why)
  const text = texts.map((block) => block.text).join('')
  return { ...message, parsed_output: await readText(reader, text, failure) }
}

function unreadable(message, why) {
  const error = new AihubmixError(`the answer's text cannot be read: ${why}`, 'INVALID_RESPONSE')
  return Object.assign(error, { body: message, retryable: true, attempts: 1 })
}

module.exports = { parse, parsing }
