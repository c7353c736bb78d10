'use strict'

// Schemas of other libraries (https://standardschema.dev), as JSON schema and as a check.

const { setCause } = require('./aihubmix-error')
const { invalidRequest } = require('./error')

const DRAFT = 'draft-2020-12'
// Members that hold schemas under names of the user's.
const NAMED = ['properties', '$defs', 'definitions']

function isStandardSchema(value) {
  const isOne = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isOne && typeof value['~standard']?.validate === 'function'
}

// What a model is to write so that the schema accepts it.
function jsonSchemaOf(schema, param) {
  const standard = schema['~standard']
  let json
  try {
    if (typeof standard.jsonSchema?.input === 'function')
      json = standard.jsonSchema.input({ target: DRAFT })
    else if (typeof schema.toJSONSchema === 'function') json = schema.toJSONSchema({ io: 'input' })
    else if (typeof schema.toJsonSchema === 'function') json = schema.toJsonSchema()
  } catch (cause) {
    throw setCause(
      invalidRequest(
        param,
        `the schema in \`${param}\` cannot be written as JSON schema: ${cause.message}`
      ),
      cause
    )
  }
  if (typeof json !== 'object' || json === null) {
    throw invalidRequest(
      param,
      `the schema in \`${param}\` cannot say itself as JSON schema: give \`{ type: 'json_schema', json_schema }\``
    )
  }
  const { $schema, '~standard': own, ...rest } = json
  return closed(rest)
}

// The value that the schema makes of this one. Otherwise throws what `refuse(issues)` makes.
async function validated(schema, value, refuse) {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return result.value
  throw refuse(result.issues.map(described).join('; '), result.issues)
}

function described({ message, path = [] }) {
  const at = path
    .map((step) => (typeof step === 'object' && step !== null ? step.key : step))
    .join('.')
  return at === '' ? message : `${at}: ${message}`
}

// Objects are closed, as the strict mode wants them.
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const made = {}
  for (const [key, value] of Object.entries(schema)) {
    if (keeps(key)) made[key] = value
    else made[key] = NAMED.includes(key) ? eachClosed(value) : closed(value)
  }
  if (made.type === 'object' && made.properties !== undefined) made.additionalProperties ??= false
  return made
}

// Values of the schema's user, not schemas.
function keeps(key) {
  return ['const', 'enum', 'default', 'examples', 'required'].includes(key)
}

function eachClosed(schemas) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]))
}

// Whether the strict mode takes the schema: every property of every object is required.
function isStrict(schema) {
  if (Array.isArray(schema)) return schema.every(isStrict)
  if (typeof schema !== 'object' || schema === null) return true
  if (schema.type === 'object') {
    const names = Object.keys(schema.properties ?? {})
    if (schema.additionalProperties !== false) return false
    if (!names.every((name) => schema.required?.includes(name))) return false
  }
  return Object.entries(schema).every(([key, value]) => {
    if (keeps(key)) return true
    return NAMED.includes(key) ? Object.values(value).every(isStrict) : isStrict(value)
  })
}

module.exports = { isStandardSchema, isStrict, jsonSchemaOf, validated }
