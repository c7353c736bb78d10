'use strict'

// Any schema of zod, with words that say which: for property tests of what answers to one.

const fc = require('fast-check')
const { z } = require('zod')

const named = (name, schema) => ({ name, schema })
const FORMATS =
  'email url uuid uuidv4 uuidv6 uuidv7 guid ipv4 ipv6 cidrv4 cidrv6 base64 base64url nanoid cuid cuid2 ulid xid ksuid emoji e164 jwt hostname hex mac'
    .split(' ')
    .filter((format) => typeof z[format] === 'function')
const PATTERNS = [
  /^[A-Z]{2,5}-\d+$/,
  /^(?:foo|bar)+$/,
  /^\p{Lu}\p{Ll}+$/u,
  /^[^a-z]{3}$/,
  /^\w+@\w+\.(com|org)$/,
  /^(?!abc)[a-z]{3}$/,
  /^(?=.*\d)[a-z\d]{4,8}$/,
  /^#[0-9a-f]{6}$/i,
  /a.c/,
  /^\s*$/,
  /^[\u4e00-\u9fa5]+$/,
  /^(\d{3})-\1$/,
  /^(?<year>\d{4})\/\k<year>$/,
  /^v?\d+\.\d+\.\d+$/,
  /[x-z]$/
]

const pair = (least, most) =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([a, b]) => (a < b ? [a, b] : [b, a]))
const apart = (least, most) => pair(least, most).filter(([a, b]) => b - a > 1)
const word = fc.string({ maxLength: 6, unit: 'grapheme-ascii' })

const text = fc.oneof(
  pair(0, 60).map(([a, b]) => named(`string ${a}..${b}`, z.string().min(a).max(b))),
  fc.constantFrom(...FORMATS).map((format) => named(format, z[format]())),
  fc
    .constantFrom('date', 'time', 'datetime', 'duration')
    .map((format) => named(`iso.${format}`, z.iso[format]())),
  fc
    .constantFrom({ offset: true }, { local: true }, { precision: 3 }, { precision: -1 })
    .map((options) => named(`datetime ${Object.keys(options)}`, z.iso.datetime(options))),
  fc
    .constantFrom('md5', 'sha256', 'sha512')
    .chain((kind) =>
      fc
        .constantFrom('hex', 'base64', 'base64url')
        .map((enc) => named(kind + enc, z.hash(kind, { enc })))
    ),
  fc.constantFrom(...PATTERNS).map((pattern) => named(String(pattern), z.string().regex(pattern))),
  fc
    .tuple(word, fc.constantFrom('startsWith', 'endsWith', 'includes'))
    .map(([part, method]) => named(`${method} ${part}`, z.string()[method](part))),
  fc
    .tuple(fc.constantFrom('lowercase', 'uppercase'), pair(0, 20))
    .map(([method, [a, b]]) => named(`${method} ${a}..${b}`, z.string()[method]().min(a).max(b))),
  pair(0, 20).map(([a, b]) =>
    named(
      `email ${a}..`,
      z
        .email()
        .min(a)
        .max(b + 30)
    )
  ),
  word.map((part) =>
    named('template', z.templateLiteral([part, z.number(), '/', z.enum(['a', 'b'])]))
  )
)

const number = fc.oneof(
  pair(-99, 99).map(([a, b]) => named(`${a}..${b}`, z.number().min(a).max(b))),
  apart(-99, 99).map(([a, b]) => named(`>${a} <${b}`, z.number().gt(a).lt(b))),
  apart(-99, 99).map(([a, b]) => named(`int >${a} <${b}`, z.int().gt(a).lt(b))),
  apart(-99, 99).map(([a, b]) => named(`>${a} <=${b}`, z.number().gt(a).lte(b))),
  fc
    .tuple(fc.constantFrom(0.1, 0.25, 3, 7, 10), fc.integer({ min: -50, max: 50 }))
    .map(([step, least]) =>
      named(`times ${step} >=${least}`, z.number().multipleOf(step).min(least))
    ),
  fc
    .constantFrom('positive', 'negative', 'nonnegative', 'nonpositive')
    .map((method) => named(method, z.number()[method]())),
  fc
    .constantFrom('int32', 'uint32', 'float32', 'float64')
    .map((method) => named(method, z[method]())),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(1e-6, 0.01, 0.5))
    .map(([a, width]) =>
      named(
        `>${a} +${width}`,
        z
          .number()
          .gt(a)
          .lt(a + width)
      )
    )
)

const fixed = fc.oneof(
  fc
    .constantFrom('boolean', 'null', 'any', 'unknown', 'json')
    .map((kind) => named(kind, z[kind]())),
  fc
    .oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    .map((value) => named(`literal ${value}`, z.literal(value))),
  fc
    .uniqueArray(fc.string(), { minLength: 1, maxLength: 3 })
    .map((values) => named('enum', z.enum(values)))
)

const KEYS = ['a', 'b', 'name', 'type', 'value', '$ref', 'const', 'enum']
const MODES = {
  required: (schema) => schema,
  optional: (schema) => schema.optional(),
  nullable: (schema) => schema.nullable(),
  nullish: (schema) => schema.nullish(),
  readonly: (schema) => schema.readonly()
}

function objectOf(members, kind) {
  const shape = {}
  for (const [key, [{ schema }, mode]] of Object.entries(members)) shape[key] = MODES[mode](schema)
  const names = Object.entries(members).map(([key, [{ name }, mode]]) => `${key}:${mode} ${name}`)
  return named(`${kind}{${names}}`, z[kind](shape))
}

function recursive({ name, schema }) {
  const node = z.object({
    value: schema,
    get next() {
      return node.nullable()
    },
    get others() {
      return z.array(node)
    }
  })
  return named(`recursive ${name}`, node)
}

const { any: zodSchemas } = fc.letrec((tie) => {
  const any = tie('any')
  const many = fc.array(any, { minLength: 1, maxLength: 3 })
  const wrapped = (name, wrap) => any.map((one) => named(`${name} ${one.name}`, wrap(one.schema)))
  const names = (list) => list.map(({ name }) => name)
  const schemas = (list) => list.map(({ schema }) => schema)
  return {
    any: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      text,
      number,
      fixed,
      fc
        .tuple(
          fc.dictionary(
            fc.constantFrom(...KEYS),
            fc.tuple(any, fc.constantFrom(...Object.keys(MODES))),
            { maxKeys: 4, noNullPrototype: true }
          ),
          fc.constantFrom('object', 'strictObject', 'looseObject')
        )
        .map(([members, kind]) => objectOf(members, kind)),
      fc
        .tuple(any, pair(0, 4))
        .map(([{ name, schema }, [a, b]]) =>
          named(`${a}..${b} of ${name}`, z.array(schema).min(a).max(b))
        ),
      many.map((list) => named(`tuple ${names(list)}`, z.tuple(schemas(list)))),
      fc
        .tuple(any, any)
        .map(([one, rest]) =>
          named(`tuple ${one.name}, ${rest.name}…`, z.tuple([one.schema], rest.schema))
        ),
      many.map((list) => named(`union ${names(list)}`, z.union(schemas(list)))),
      wrapped('nullable', (schema) => schema.nullable()),
      wrapped('record', (schema) => z.record(z.string(), schema)),
      wrapped('record of keys', (schema) => z.record(z.enum(['k1', 'k2']), schema)),
      wrapped('catchall', (schema) => z.object({ q: z.string() }).catchall(schema)),
      wrapped('both', (schema) =>
        z.intersection(z.object({ x: schema }), z.object({ y: z.int() }))
      ),
      wrapped('kinds', (schema) =>
        z.discriminatedUnion('k', [
          z.object({ k: z.literal('p'), v: schema }),
          z.object({ k: z.literal('q') })
        ])
      ),
      any.map(recursive)
    )
  }
})

module.exports = { zodSchemas }
