'use strict'

// `responses.parse`, and the final response of `responses.stream`: answers of the Responses API whose text and arguments
// are read and checked, with the members that the `openai` package adds: `output_parsed`, `parsed` in each text,
// `parsed_arguments` in each call of a function.

const { AihubmixError } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { invalidRequest } = require('./error')
const { RESPONSES, formatOf } = require('./output-format')
const { readText, untilParsed } = require('./parse')
const { responseTools } = require('./tool-arguments')

// `ask(body, request)` gives `{ data: response, … }`.
async function parse(ask, body, request, redacted) {
  objectOf(body, 'body')
  if (body.stream === true) throw invalidRequest('stream', '`parse` does not stream')
  const { retries, ...options } = request ?? {}
  const { sent, finish } = parsing(body, redacted)
  const more = (again) => ({ ...body, ...sent, ...inputOf(body, again) })
  return untilParsed((again) => ask(more(again), options), finish, said, retries)
}

// How the answer to a body is asked for and read: `{ sent, finish(response) }`; `sent` goes over the body.
function parsing({ text, tools: offered }, redacted) {
  const given = text?.format ?? undefined
  const { format, read } = given === undefined ? {} : formatOf(given, RESPONSES)
  const { tools, readerOf } = responseTools(offered)
  const sent = {}
  if (format !== undefined) sent.text = { ...text, format }
  if (tools !== undefined) sent.tools = tools
  const finish = async (response) => {
    try {
      return await parsedResponse(response, read, readerOf)
    } catch (error) {
      throw redacted(error)
    }
  }
  return { sent, finish }
}

// The text alone: items go by ids, which a server that keeps no answers does not know.
function said({ output_text: content }) {
  return content === '' ? [] : [{ role: 'assistant', content }]
}

function inputOf({ input }, again) {
  if (again.length === 0) return {}
  const before = typeof input === 'string' ? [{ role: 'user', content: input }] : (input ?? [])
  return { input: [...before, ...again] }
}

// An answer that is not complete stays as it is, with null for what would have been read.
async function parsedResponse(response, read, readerOf) {
  const isWhole = (response.status ?? 'completed') === 'completed'
  const failure = (what, reason) => unreadable(response, `${what} cannot be read: ${reason}`)
  const output = []
  for (const item of response.output ?? []) {
    if (item?.type === 'message')
      output.push(await parsedMessage(item, isWhole ? read : undefined, failure))
    else if (item?.type === 'function_call')
      output.push(await parsedCall(item, isWhole ? readerOf(item) : undefined, failure))
    else output.push(item)
  }
  return { ...response, output, output_parsed: firstParsed(output) }
}

// Only what the model gives as its answer: words on the way to it (`phase`) are text.
async function parsedMessage(item, read, failure) {
  const isAnswer = (item.phase ?? 'final_answer') === 'final_answer'
  const content = []
  for (const part of item.content ?? []) {
    if (part.type !== 'output_text') content.push(part)
    else {
      const failed = (reason) => failure("the answer's text", reason)
      const parsed = await readText(isAnswer ? read : undefined, part.text, failed)
      content.push({ ...part, parsed })
    }
  }
  return { ...item, content }
}

async function parsedCall(item, read, failure) {
  const failed = (reason) => failure(`the arguments of \`${item.name}\``, reason)
  return { ...item, parsed_arguments: await readText(read, item.arguments, failed) }
}

function firstParsed(output) {
  for (const { type, content } of output) {
    const part =
      type === 'message' ? content.find((one) => (one.parsed ?? null) !== null) : undefined
    if (part !== undefined) return part.parsed
  }
  return null
}

function unreadable(response, message) {
  return Object.assign(new AihubmixError(message, 'INVALID_RESPONSE'), {
    body: response,
    retryable: true,
    attempts: 1
  })
}

module.exports = { parse, parsing }
