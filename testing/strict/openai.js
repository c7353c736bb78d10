'use strict'

// What OpenAI says on both of its APIs, in its words: https://platform.openai.com/docs/guides/error-codes

const { firstOfWrongKind, firstUnknown, kindName, valueAt } = require('../shape')

const NAME = /^[a-zA-Z0-9_-]+$/
const LONGEST_NAME = 64
const LONGEST_CALL_ID = 64

/** Steps of a path as OpenAI writes them: `messages[1].content`. */
function placeOf(path) {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return text.replace(/^\./, '')
}

function unknownMember(body, shape) {
  const unknown = firstUnknown(body, shape)
  if (unknown === undefined) return undefined
  const param = placeOf(unknown.path)
  if (unknown.tag !== undefined) return invalidValue(param, unknown.tag, unknown.known)
  return { message: `Unknown parameter: '${param}'.`, param, code: 'unknown_parameter' }
}

function wrongKind(body, shape) {
  const misfit = firstOfWrongKind(body, shape)
  if (misfit === undefined) return undefined
  const param = placeOf(misfit.path)
  const named = { list: 'an array', object: 'an object', null: 'null' }
  const [expected, found] = [misfit.expected, kindName(valueAt(body, misfit.path))].map(
    (kind) => named[kind] ?? `a ${kind}`
  )
  return {
    message: `Invalid type for '${param}': expected ${expected}, but got ${found} instead.`,
    param,
    code: 'invalid_type'
  }
}

function invalidValue(param, value, supported) {
  return {
    message: `Invalid value: '${value}'. Supported values are: ${listed(supported)}.`,
    param,
    code: 'invalid_value'
  }
}

function unsupportedParameter(param, instead) {
  const hint = instead === undefined ? '' : ` Use '${instead}' instead.`
  return {
    message: `Unsupported parameter: '${param}' is not supported with this model.${hint}`,
    param,
    code: 'unsupported_parameter'
  }
}

function unsupportedValue(param, value, supported) {
  return {
    message: `Unsupported value: '${value}' is not supported with this model. Supported values are: ${listed(supported)}.`,
    param,
    code: 'unsupported_value'
  }
}

function required(param) {
  return {
    message: `Missing required parameter: '${param}'.`,
    param,
    code: 'missing_required_parameter'
  }
}

function tooLong(param, most, length) {
  return {
    message: `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${length} instead.`,
    param,
    code: 'string_above_max_length'
  }
}

function belowMinimum(param, least, value) {
  return {
    message: `Invalid '${param}': integer below minimum value. Expected a value >= ${least}, but got ${value} instead.`,
    param,
    code: 'integer_below_min_value'
  }
}

function outOfRange(param, [least, most], value) {
  if (value === undefined || value === null || (value >= least && value <= most)) return undefined
  const [side, sign, bound] = value > most ? ['above max', '<=', most] : ['below min', '>=', least]
  return {
    message: `Invalid '${param}': decimal ${side.replace('max', 'maximum').replace('min', 'minimum')} value. Expected a value ${sign} ${bound}, but got ${value} instead.`,
    param,
    code: `decimal_${side.replace(' ', '_')}_value`
  }
}

function badName(param, name) {
  if ((name ?? '') === '') return required(param)
  if (name.length > LONGEST_NAME) return tooLong(param, LONGEST_NAME, name.length)
  if (NAME.test(name)) return undefined
  return {
    message: `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    param,
    code: 'invalid_value'
  }
}

function badCallId(param, id) {
  if (typeof id !== 'string' || id === '') return required(param)
  return id.length > LONGEST_CALL_ID ? tooLong(param, LONGEST_CALL_ID, id.length) : undefined
}

/**
 * A schema that is to be followed to the letter.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
function strictSchemaFault(schema, subject, param) {
  const fault = (path, text) => ({
    message: `Invalid schema for ${subject}: In context=(${path}), ${text}`,
    param,
    code: 'invalid_json_schema'
  })
  const walk = (node, path) => {
    if (node === null || typeof node !== 'object') return undefined
    const own = objectFault(node)
    if (own) return fault(path, own)
    for (const [step, inner] of innerSchemas(node)) {
      const found = walk(inner, path === '' ? step : `${path}, ${step}`)
      if (found) return found
    }
  }
  if (schema?.type !== 'object') {
    return {
      message: `Invalid schema for ${subject}: schema must be a JSON Schema of 'type: "object"', got 'type: "${schema?.type ?? 'None'}"'.`,
      param,
      code: 'invalid_json_schema'
    }
  }
  return walk(schema, '')
}

function objectFault({ type, properties, required: named, additionalProperties }) {
  if (type !== 'object' && properties === undefined) return undefined
  if (additionalProperties !== false)
    return "'additionalProperties' is required to be supplied and to be false."
  const missing = Object.keys(properties ?? {}).find((name) => !named?.includes(name))
  return missing === undefined
    ? undefined
    : `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`
}

function* innerSchemas(node) {
  for (const name of ['properties', '$defs', 'definitions']) {
    for (const [key, inner] of Object.entries(node[name] ?? {}))
      yield [`'${name}', '${key}'`, inner]
  }
  if (node.items !== undefined) yield ["'items'", node.items]
  for (const [at, inner] of (node.anyOf ?? []).entries()) yield [`'anyOf', '${at}'`, inner]
}

// JSON mode is refused where nobody told the model.
function lacksTheWordJson(messages) {
  return !/json/i.test(JSON.stringify(messages))
}

function listed(values) {
  const quoted = values.map((value) => `'${value}'`)
  return quoted.length < 2
    ? quoted.join('')
    : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
}

function isSet(value) {
  return value !== undefined && value !== null
}

module.exports = {
  badCallId,
  badName,
  belowMinimum,
  invalidValue,
  lacksTheWordJson,
  outOfRange,
  placeOf,
  required,
  strictSchemaFault,
  isSet,
  unknownMember,
  unsupportedParameter,
  unsupportedValue,
  wrongKind
}
