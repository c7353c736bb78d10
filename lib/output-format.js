'use strict'

// How an answer is to be written and is read: `response_format` of chats, `text.format` of Responses and
// `output_config.format` of Messages, which say the same in three shapes.
// https://platform.openai.com/docs/guides/structured-outputs
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs

const { invalidRequest } = require('./error')
const { isStandardSchema, isStrict, jsonSchemaOf, validated } = require('./schema')

// Where the description (name, schema, strict) of a format stands, and what reads an answer to one that a helper of the
// vendor's package has made.
const CHAT = {
  param: 'response_format',
  read: ({ json_schema: described }) => described,
  write: (described) => ({ type: 'json_schema', json_schema: described }),
  parser: ({ $parseRaw }) => $parseRaw
}
const RESPONSES = {
  param: 'text.format',
  read: ({ type, ...described }) => described,
  write: (described) => ({ ...described, type: 'json_schema' }),
  parser: CHAT.parser
}
const MESSAGES = {
  param: 'output_config.format',
  read: ({ type, parse, ...described }) => described,
  write: ({ schema }) => ({ type: 'json_schema', schema }),
  parser: ({ parse }) => parse
}

// What is sent, and how the content is read: `{ format, read(content), shown(value) }`. `read` is undefined for formats
// that are not parsed; `shown` is what a value that is still being written stands for.
function formatOf(given, shape = CHAT) {
  if (isStandardSchema(given)) return schemaFormat({ name: 'response' }, given, shape)
  if (typeof given !== 'object' || given === null) {
    throw invalidRequest(
      shape.param,
      `\`${shape.param}\` must be a schema or the description of a format`
    )
  }
  const { type } = given
  if (type === 'json_object') return asGiven(given, readJson)
  if (type !== 'json_schema') return asGiven(given)
  const described = shape.read(given)
  const parser = shape.parser(given)
  if (typeof parser === 'function') return asGiven(shape.write(described), parser)
  if (isStandardSchema(described?.schema)) return schemaFormat(described, described.schema, shape)
  if (!needsRoot(described?.schema)) return asGiven(given, readJson)
  const format = shape.write({ ...described, schema: rooted(described.schema) })
  return { format, read: async (content) => bare(readJson(content)), shown: growing }
}

function asGiven(format, read) {
  return { format, read: read && (async (content) => read(content)), shown: (value) => value }
}

function schemaFormat(described, schema, shape) {
  const own = jsonSchemaOf(schema, shape.param)
  const isRooted = needsRoot(own)
  const json = isRooted ? rooted(own) : own
  const format = shape.write({ strict: isStrict(json), ...described, schema: json })
  const value = isRooted ? bare : (whole) => whole
  const read = async (content) => checked(schema, value(readJson(content)))
  return { format, read, shown: isRooted ? growing : value }
}

function checked(schema, value) {
  return validated(schema, value, (reason) => new Error(`it does not follow the schema: ${reason}`))
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
  return isRoot(value) && Object.keys(value).length === 1 && 'value' in value ? value.value : value
}

// The same of what is still being written: nothing, until the member begins.
function growing(value) {
  return isRoot(value) && Object.keys(value).length === 0 ? undefined : bare(value)
}

function isRoot(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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

module.exports = { MESSAGES, RESPONSES, checked, formatOf, readJson }
