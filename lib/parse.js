'use strict'

// Structured output: answers whose content and arguments are read and checked, of chats; and the loop that asks again.

const { AihubmixError, setCause } = require('./aihubmix-error')
const { objectOf } = require('./arguments')
const { invalidRequest } = require('./error')
const { formatOf } = require('./output-format')
const { chatTools } = require('./tool-arguments')

// `chat.completions.parse`: `ask(body, request)` gives `{ data: completion, … }`.
async function parse(ask, body, request, redacted) {
  objectOf(body, 'body')
  if (body.stream === true) throw invalidRequest('stream', '`parse` does not stream')
  const { retries, ...options } = request ?? {}
  const { sent, isRead, finish } = parsing(body, redacted)
  if (!isRead) {
    throw invalidRequest(
      'response_format',
      '`response_format` is missing: `parse` wants a schema or the description of a format, or tools whose arguments it reads'
    )
  }
  const said = ({ choices: [choice] }) => [choice.message]
  const more = (again) => ({ ...body, ...sent, messages: joined(body.messages, again) })
  return untilParsed((again) => ask(more(again), options), finish, said, retries)
}

// What is no list is the core's to refuse.
function joined(messages, again) {
  return again.length === 0 ? messages : [...messages, ...again]
}

// How the answer to a body is asked for and read: `{ sent, isRead, shown, finish(completion) }`. `sent` goes over the
// body; `isRead`: whether there is anything to read; `shown`: see `formatOf`, undefined where the text is no JSON.
function parsing({ response_format: given, tools: offered }, redacted) {
  const { format, read, shown } = given === undefined ? {} : formatOf(given)
  const { tools, readerOf } = chatTools(offered)
  const sent = {}
  if (format !== undefined) sent.response_format = format
  if (tools !== undefined) sent.tools = tools
  const finish = async (completion) => {
    try {
      return await parsedCompletion(completion, read, readerOf)
    } catch (error) {
      throw redacted(error)
    }
  }
  const isRead = format !== undefined || tools !== undefined
  return { sent, isRead, shown: read && shown, finish }
}

// Asks, and where the answer cannot be read asks again, with the reason; `ask(again)` takes what is said after the
// caller's own words, `said(data)` is the answer as the model's turn. What was cut or filtered would be so again.
async function untilParsed(ask, finish, said, retries = 0) {
  if (!Number.isInteger(retries) || retries < 0)
    throw invalidRequest('retries', '`retries` must be a whole number, 0 or greater')
  for (let left = retries, again = []; ; left -= 1) {
    const answer = await ask(again)
    try {
      return { ...answer, data: await finish(answer.data) }
    } catch (error) {
      if (left === 0 || error.cause === undefined) throw error
      const content = `${error.message}. Answer once more, with nothing but JSON that follows the schema.`
      again = [...again, ...said(answer.data), { role: 'user', content }]
    }
  }
}

// The completion with `parsed` in each message, and `parsed_arguments` in each call of a function.
async function parsedCompletion(completion, read, readerOf) {
  const choices = []
  for (const choice of completion.choices) {
    const { message, finish_reason: reason } = choice
    const parsed = await parsedContent(completion, message, reason, read)
    choices.push({
      ...choice,
      message: { ...message, ...(await parsedCalls(completion, message, readerOf)), parsed }
    })
  }
  return { ...completion, choices }
}

async function parsedContent(completion, { content, refusal, tool_calls: calls }, reason, read) {
  if (read === undefined) return null
  const failure = (why) => unreadable(completion, "the answer's content", why)
  if (reason === 'length') throw failure('it was cut: `max_tokens` is too small')
  if (reason === 'content_filter') throw failure('it was filtered')
  if ((refusal ?? '') !== '' || (calls?.length ?? 0) > 0) return null
  return readText(read, content ?? '', failure)
}

async function parsedCalls(completion, { tool_calls: calls }, readerOf) {
  if (!Array.isArray(calls)) return undefined
  const parsed = []
  for (const call of calls) {
    if (call.type !== 'function') parsed.push(call)
    else {
      const { name, arguments: text } = call.function
      const failure = (why) => unreadable(completion, `the arguments of \`${name}\``, why)
      const parsed_arguments = await readText(readerOf(call), text, failure)
      parsed.push({ ...call, function: { ...call.function, parsed_arguments } })
    }
  }
  return { tool_calls: parsed }
}

// Null where nobody reads it.
async function readText(read, text, failure) {
  if (read === undefined) return null
  try {
    return await read(text)
  } catch (cause) {
    throw setCause(failure(cause.message), cause)
  }
}

function unreadable(completion, what, why) {
  const { attempts, requestId } = completion.aihubmix ?? {}
  const message = `${what} cannot be read: ${why}`
  return Object.assign(new AihubmixError(message, 'INVALID_RESPONSE'), {
    partial: completion,
    retryable: true,
    attempts: attempts ?? 1,
    requestId
  })
}

module.exports = { parse, parsing, readText, untilParsed }
