'use strict'

// A value that a JSON schema admits: the required properties, the first of an enum, the simplest number. The dialects
// are those in which schemas reach a vendor: drafts 2020-12 and 7, and OpenAPI 3.0, which Gemini's resembles.

const { numberOf } = require('./number-sample')
const { stringOf } = require('./string-sample')

// After so many references lists are empty, and what may be null is: a schema that holds itself comes to an end.
const DEEP = 4
const DEEPEST = 40
// As many elements a list has at most, whatever its schema asks for.
const MOST_ELEMENTS = 1_000

/** @param text what strings without any constraint of their own say */
function sampleOf(schema, text) {
  const root = schema ?? { type: 'object' }
  return sample(root, { root, text: text === '' ? 'example' : text, references: 0 })
}

function sample(given, outer) {
  if (!isObject(given)) return outer.text
  const [schema, scope] = resolved(given, outer)
  if (scope.references > DEEPEST) return scope.text
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  const { anyOf, oneOf, ...rest } = schema
  const branches = anyOf ?? oneOf
  if (Array.isArray(branches)) return sample(merged(rest, branchOf(branches, scope)), scope)
  if (schema.nullable === true && scope.references > DEEP) return null
  const type = typeOf(schema, scope)
  return Object.hasOwn(SAMPLES, type) ? SAMPLES[type](schema, scope) : stringOf(schema, scope.text)
}

const SAMPLES = {
  object: objectSample,
  array: arraySample,
  integer: (schema) => numberOf({ ...schema, isInteger: true }),
  number: numberOf,
  boolean: () => true,
  null: () => null
}

// A schema without references and `allOf` at its root.
function resolved(given, scope) {
  let schema = given
  let references = scope.references
  while (typeof schema.$ref === 'string' || Array.isArray(schema.allOf)) {
    const { $ref, allOf, ...rest } = schema
    const parts = Array.isArray(allOf) ? [...allOf] : []
    if (typeof $ref === 'string') {
      references += 1
      parts.push(target($ref, scope.root))
      if (references > DEEPEST) return [{}, { ...scope, references }]
    }
    schema = parts.reduce(merged, rest)
  }
  return [schema, { ...scope, references }]
}

// What both say. Patterns add up.
function merged(one, other) {
  if (!isObject(other)) return one
  const both = { ...one, ...other }
  if (isObject(one.properties) && isObject(other.properties))
    both.properties = mergedProperties(one.properties, other.properties)
  for (const name of ['required', 'allOf'])
    if (Array.isArray(one[name]) && Array.isArray(other[name]))
      both[name] = [...one[name], ...other[name]]
  const patterns = [one, other].flatMap(({ pattern = [] }) => pattern)
  if (patterns.length > 1) both.pattern = patterns
  return both
}

function mergedProperties(ones, others) {
  const both = { ...ones }
  for (const [name, schema] of Object.entries(others))
    both[name] = Object.hasOwn(ones, name) ? { allOf: [ones[name], schema] } : schema
  return both
}

function branchOf(branches, { references }) {
  const isNull = (branch) => typeOf(branch) === 'null'
  const holdsItself = (branch) => JSON.stringify(branch)?.includes('"$ref"')
  const isDeep = references > DEEP
  const wanted = isDeep
    ? (branches.find(isNull) ?? branches.find((one) => !holdsItself(one)))
    : undefined
  return wanted ?? branches.find((branch) => !isNull(branch)) ?? branches[0] ?? {}
}

function objectSample(schema, scope) {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const { additionalProperties, minProperties = 0 } = schema
  const isDeep = scope.references > DEEP
  const listed = Array.isArray(schema.required) ? schema.required : undefined
  const wanted = new Set(listed ?? (isDeep ? [] : Object.keys(properties)))
  const least = Math.min(minProperties, MOST_ELEMENTS)
  for (let number = 1; wanted.size < least && number <= least; number += 1)
    wanted.add(Object.keys(properties).find((name) => !wanted.has(name)) ?? `key${number}`)
  const schemaOf = (name) =>
    Object.hasOwn(properties, name) ? properties[name] : (additionalProperties ?? {})
  return Object.fromEntries([...wanted].map((name) => [name, sample(schemaOf(name), scope)]))
}

// Draft 7 has the places of a tuple in `items`, and in `additionalItems` what comes after them.
function arraySample(schema, scope) {
  const isOlder = Array.isArray(schema.items)
  const places = (isOlder ? schema.items : schema.prefixItems) ?? []
  const others = (isOlder ? schema.additionalItems : schema.items) ?? {}
  const least = Number(schema.minItems ?? 0)
  const usual = places.length > 0 || scope.references > DEEP ? places.length : 1
  const most = Math.min(Number(schema.maxItems ?? MOST_ELEMENTS), MOST_ELEMENTS)
  const length = Math.min(Math.max(usual, least), most) || 0
  return Array.from({ length }, (_, at) => sample(places[at] ?? others, scope))
}

// Gemini writes its types in capitals; a list of types may hold "null" beside the real one.
function typeOf(schema, scope) {
  const { type } = schema ?? {}
  const isDeep = scope?.references > DEEP
  if (Array.isArray(type) && isDeep && type.includes('null')) return 'null'
  const name = Array.isArray(type) ? (type.find((entry) => entry !== 'null') ?? 'null') : type
  if (typeof name === 'string') return name.toLowerCase()
  if (isObject(schema?.properties)) return 'object'
  return schema?.items || schema?.prefixItems ? 'array' : 'string'
}

function target(pointer, root) {
  const steps = pointer.replace(/^#\/?/, '').split('/').filter(Boolean)
  return steps.reduce((node, step) => node?.[nameIn(step)], root)
}

function nameIn(step) {
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

module.exports = { sampleOf }
