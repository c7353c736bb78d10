'use strict'

// Structured output: the answer's content, parsed and checked.

const { AihubmixError, setCause } = require('./aihubmix-error')
const { invalidRequest } = require('./error')
const { isStandardSchema, isStrict, jsonSchemaOf, validated } = require('./schema')

const PARAM = 'response_format'

// What is sent as `response_format`, and how the content is read: `{ format, read(content) }`; `read` is
// undefined for formats that are not parsed.
function formatOf(given) {
  if (isStandardSchema(given)) return schemaFormat({ name: 'response' }, given)
  if (typeof given !== 'object' || given === null) {
    throw invalidRequest(PARAM, '`response_format` must be a schema or a response format')
  }
  if (typeof given.$parseRaw === 'function') {
    const { type, json_schema } = given
    return { format: { type, json_schema }, read: async (content) => given.$parseRaw(content) }
  }
  const { type, json_schema: described } = given
  if (type === 'json_schema' && isStandardSchema(described?.schema))
    return schemaFormat(described, described.schema)
  if (type === 'json_schema' && needsRoot(described?.schema)) {
    const json_schema = { ...described, schema: rooted(described.schema) }
    return { format: { ...given, json_schema }, read: async (text) => bare(readJson(text)) }
  }
  const isJson = type === 'json_schema' || type === 'json_object'
  return { format: given, read: isJson ? async (text) => readJson(text) : undefined }
}

function schemaFormat(described, schema) {
  const own = jsonSchemaOf(schema, PARAM)
  const isRooted = needsRoot(own)
  const json = isRooted ? rooted(own) : own
  const format = {
    type: 'json_schema',
    json_schema: { strict: isStrict(json), ...described, schema: json }
  }
  const refuse = (reason) => new Error(`it does not follow the schema: ${reason}`)
  const value = (content) => (isRooted ? bare(readJson(content)) : readJson(content))
  return { format, read: async (content) => validated(schema, value(content), refuse) }
}

// Vendors take objects only as the root of an answer: any other type becomes its one member. What refers to its own root
// stays as it is.
function needsRoot(schema) {
  if (typeof schema !== 'object' || schema === null) return false
  if (schema.type === 'object' || schema.$ref !== undefined) return false
  if (schema.type === undefined && schema.anyOf === undefined && schema.enum === undefined)
    return false
  return !/"\$ref":"#(?!\/(?:\$defs|definitions)\/)/.test(JSON.stringify(schema))
}

function rooted({ $schema, $defs, definitions, ...value }) {
  const root = { type: 'object', properties: { value }, required: ['value'] }
  return JSON.parse(JSON.stringify({ ...root, additionalProperties: false, $defs, definitions }))
}

// The value of the one member; of a model that has written it alone, what it has written.
function bare(value) {
  const isRoot = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRoot && Object.keys(value).length === 1 && 'value' in value ? value.value : value
}

function readJson(text) {
  try {
    return JSON.parse(text)
  } catch (error) {
    const fenced = insideFence(text)
    if (fenced !== undefined) return readJson(fenced)
    throw new Error(`it is not JSON: ${error.message}`)
  }
}

// What stands in a Markdown fence, with or without words around it.
function insideFence(text) {
  const begin = text.indexOf('```')
  const end = text.lastIndexOf('```')
  const line = text.indexOf('\n', begin)
  return begin < 0 || line < 0 || line >= end ? undefined : text.slice(line + 1, end)
}

// Asks, and where the answer cannot be read asks again, with the reason; `ask(messages)` gives
// `{ data: completion, … }`. What was cut or filtered would be so again.
async function untilParsed(ask, messages, finish, retries = 0) {
  if (!Number.isInteger(retries) || retries < 0)
    throw invalidRequest('retries', '`retries` must be a whole number, 0 or greater')
  for (let left = retries, asked = messages; ; left -= 1) {
    const answer = await ask(asked)
    try {
      return { ...answer, data: await finish(answer.data) }
    } catch (error) {
      if (left === 0 || error.cause === undefined) throw error
      const content = `${error.message}. Answer once more, with nothing but JSON that follows the schema.`
      const said = answer.data.choices[0].message
      asked = [...asked, said, { role: 'user', content }]
    }
  }
}

// The completion with `parsed` in each message.
async function parsedCompletion(completion, read) {
  const choices = []
  for (const choice of completion.choices) {
    const { message, finish_reason: reason } = choice
    choices.push({
      ...choice,
      message: { ...message, parsed: await parsedContent(completion, message, reason, read) }
    })
  }
  return { ...completion, choices }
}

async function parsedContent(completion, { content, refusal, tool_calls: calls }, reason, read) {
  if (read === undefined) return null
  if (reason === 'length') throw unreadable(completion, 'it was cut: `max_tokens` is too small')
  if (reason === 'content_filter') throw unreadable(completion, 'it was filtered')
  if ((refusal ?? '') !== '' || (calls?.length ?? 0) > 0) return null
  try {
    return await read(content ?? '')
  } catch (cause) {
    throw setCause(unreadable(completion, cause.message), cause)
  }
}

function unreadable(completion, reason) {
  const error = new AihubmixError(
    `the answer's content cannot be read: ${reason}`,
    'INVALID_RESPONSE'
  )
  const { attempts, requestId } = completion.aihubmix ?? {}
  return Object.assign(error, {
    partial: completion,
    retryable: true,
    attempts: attempts ?? 1,
    requestId
  })
}

module.exports = { formatOf, parsedCompletion, untilParsed }
