'use strict'

// A value that a JSON schema admits: the required properties, the first of an enum, the least number.

const { sampleOfPattern } = require('./pattern-sample')

const DEEPEST = 12
// From here on lists are empty and what may be null is: a schema that holds itself comes to an end.
const DEEP = 6

/** @param text what strings without any constraint of their own say */
function sampleOf(schema, text) {
  const root = schema ?? { type: 'object' }
  return sample(root, { root, text: text === '' ? 'example' : text, depth: 0 })
}

function sample(schema, scope) {
  if (schema === null || typeof schema !== 'object' || scope.depth > DEEPEST) return scope.text
  if (typeof schema.$ref === 'string')
    return sample(resolve(schema.$ref, scope.root), deeper(scope))
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.default !== undefined) return schema.default

  const branches = schema.anyOf ?? schema.oneOf
  if (Array.isArray(branches)) return sample(branchOf(branches, scope), deeper(scope))
  if (Array.isArray(schema.allOf)) return sample(merged(schema), deeper(scope))

  switch (typeName(schema)) {
    case 'object':
      return objectSample(schema, scope)
    case 'array':
      return arraySample(schema, scope)
    case 'integer':
    case 'number':
      return numberSample(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return stringSample(schema, scope.text)
  }
}

function branchOf(branches, { depth }) {
  const isNull = (branch) => typeName(branch) === 'null'
  const wanted = depth > DEEP ? branches.find(isNull) : undefined
  return wanted ?? branches.find((branch) => !isNull(branch)) ?? {}
}

function objectSample(schema, scope) {
  const properties = schema.properties ?? {}
  const wanted = Array.isArray(schema.required) ? schema.required : Object.keys(properties)
  return Object.fromEntries(
    wanted.map((name) => [
      name,
      sample(properties[name] ?? schema.additionalProperties ?? {}, deeper(scope))
    ])
  )
}

function arraySample(schema, scope) {
  if (Array.isArray(schema.prefixItems))
    return schema.prefixItems.map((item) => sample(item, deeper(scope)))
  const least = Number(schema.minItems ?? 0)
  const count = Math.min(
    scope.depth > DEEP ? least : Math.max(1, least),
    schema.maxItems ?? Infinity
  )
  return Array.from({ length: count }, () => sample(schema.items ?? {}, deeper(scope)))
}

function numberSample(schema) {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf } = schema
  const bounds = [
    minimum,
    above + 1,
    maximum,
    below - 1,
    (above + below) / 2,
    (minimum + below) / 2
  ]
  const step = multipleOf ?? (typeName(schema) === 'integer' ? 1 : undefined)
  const candidates = [1, ...bounds, (above + maximum) / 2, 0].filter(Number.isFinite)
  const stepped = candidates.flatMap((value) =>
    step === undefined ? value : [Math.ceil(value / step) * step, Math.floor(value / step) * step]
  )
  const fits = (value) => !(value < minimum || value > maximum || value <= above || value >= below)
  return stepped.find(fits) ?? 1
}

const FORMATS = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1',
  emoji: '😀',
  ipv6: '2001:db8:0:0:0:0:0:1',
  hostname: 'example.com',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmVk'
}

function stringSample(schema, text) {
  const { format, pattern } = schema
  const words = ofLength(schema, text)
  const fits = (value) => typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value)
  const known = Object.hasOwn(FORMATS, format ?? '') ? FORMATS[format] : words
  try {
    if (fits(known)) return known
  } catch {
    return known
  }
  return sampleOfPattern(pattern, (value) => ofLength(schema, value) === value) ?? known
}

function ofLength({ minLength = 0, maxLength = Infinity }, text) {
  return Array.from(text.padEnd(Number(minLength), '.'))
    .slice(0, Number(maxLength))
    .join('')
}

// Gemini writes its types in capitals; a list of types may hold "null" beside the real one.
function typeName(schema) {
  const { type } = schema ?? {}
  const name = Array.isArray(type) ? (type.find((entry) => entry !== 'null') ?? 'null') : type
  if (typeof name === 'string') return name.toLowerCase()
  if (schema?.properties) return 'object'
  return schema?.items ? 'array' : 'string'
}

function merged({ allOf, ...rest }) {
  return allOf.reduce(
    (whole, part) => ({
      ...whole,
      ...part,
      properties: { ...whole.properties, ...part.properties },
      required: [...(whole.required ?? []), ...(part.required ?? [])]
    }),
    rest
  )
}

function resolve(pointer, root) {
  const steps = pointer.replace(/^#\/?/, '').split('/').filter(Boolean)
  return steps.reduce(
    (node, step) => node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    root
  )
}

function deeper(scope) {
  return { ...scope, depth: scope.depth + 1 }
}

module.exports = { sampleOf }
