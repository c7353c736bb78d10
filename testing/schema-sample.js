'use strict'

// A value that a JSON schema admits: the required properties, the first of an enum, the least number.

const DEEPEST = 12

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
  if (Array.isArray(branches))
    return sample(branches.find((branch) => typeName(branch) !== 'null') ?? {}, deeper(scope))
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

function objectSample(schema, scope) {
  const properties = schema.properties ?? {}
  const wanted = schema.required ?? Object.keys(properties)
  return Object.fromEntries(
    wanted.map((name) => [name, sample(properties[name] ?? {}, deeper(scope))])
  )
}

function arraySample(schema, scope) {
  if (Array.isArray(schema.prefixItems))
    return schema.prefixItems.map((item) => sample(item, deeper(scope)))
  const count = Math.max(1, Number(schema.minItems ?? 1))
  return Array.from({ length: count }, () => sample(schema.items ?? {}, deeper(scope)))
}

function numberSample({ minimum, exclusiveMinimum, maximum, multipleOf }) {
  const least = Math.max(
    minimum ?? -Infinity,
    exclusiveMinimum === undefined ? -Infinity : exclusiveMinimum + 1
  )
  const value = Math.min(Math.max(1, least), maximum ?? Infinity)
  return multipleOf === undefined ? value : Math.ceil(value / multipleOf) * multipleOf
}

const FORMATS = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  ipv4: '192.0.2.1'
}

function stringSample({ format, minLength = 0, maxLength = Infinity }, text) {
  if (Object.hasOwn(FORMATS, format ?? '')) return FORMATS[format]
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
