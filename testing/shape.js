'use strict'

// What a request may hold, member by member. A shape is
//
//   ANY                     whatever it likes
//   TEXT, NUMBER, OBJECT    a string, a number, an object with any members
//   { name: shape, … }      an object with these members and no others
//   [shape]                 a list of them
//   textOr(shape)           a string, or that
//   tagged(shapes, …)       an object that says by one of its members which shape it has
//   (value) => shape        a shape that holds itself, or that depends on the value
//
// Whether a member may be missing, and which values it takes, is for rules to say. `null` is as good as missing.

const ANY = Symbol('any')
const TEXT = Symbol('string')
const NUMBER = Symbol('number')
const OBJECT = Symbol('object')
const TAG = Symbol('tag')
const STRING_OR = Symbol('string or')

// Members that are the same on every wire.
const SIMPLE = {
  ...textual(
    'type role name text id model call_id tool_call_id tool_use_id data media_type mimeType'
  ),
  ...textual(
    'signature thoughtSignature thinking encrypted_content arguments url image_url fileUri'
  ),
  ...textual('previous_response_id reasoning_effort user_id'),
  ...Object.fromEntries(
    'max_tokens max_output_tokens max_completion_tokens budget_tokens temperature top_p n maxOutputTokens'
      .split(' ')
      .map((name) => [name, NUMBER])
  )
}

function textual(names) {
  return Object.fromEntries(names.split(' ').map((name) => [name, TEXT]))
}

/** @param otherwise the shape of an object without the member; none: it must have it */
function tagged(shapes, { by = 'type', otherwise } = {}) {
  return { [TAG]: by, shapes, otherwise }
}

function textOr(shape) {
  return { [STRING_OR]: shape }
}

/** An object's shape of its members' names; what they hold is simple, or anything, where `shapes` does not say. */
function members(names, shapes = {}) {
  const own = names.split(' ').map((name) => [name, SIMPLE[name] ?? ANY])
  return { ...Object.fromEntries(own), ...shapes }
}

/**
 * What in a value does not fit its shape, each `{ path, … }`:
 *
 *   { expected }      what stands at `path` is not of that kind: `list`, `object`, `string`, `number`
 *   { tag, known }    the member at `path` names a shape that does not exist
 *   {}                the last step of `path` is a member that nobody knows
 */
function* misfitsIn(value, shape, path = []) {
  if (shape === ANY || value === undefined) return
  if (typeof shape === 'symbol') {
    if (kindName(value) !== shape.description) yield { path, expected: shape.description }
  } else if (typeof shape === 'function') {
    yield* misfitsIn(value, shape(value), path)
  } else if (shape[STRING_OR] !== undefined) {
    if (typeof value !== 'string') yield* misfitsIn(value, shape[STRING_OR], path)
  } else if (Array.isArray(shape)) {
    yield* misfitsInList(value, shape[0], path)
  } else if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    yield { path, expected: 'object' }
  } else if (shape[TAG] !== undefined) {
    yield* misfitsInTagged(value, shape, path)
  } else {
    yield* misfitsInObject(value, shape, path)
  }
}

function* misfitsInList(value, shape, path) {
  if (!Array.isArray(value)) return yield { path, expected: 'list' }
  for (const [position, element] of value.entries()) {
    yield* misfitsIn(element, shape, [...path, position])
  }
}

function* misfitsInObject(value, shape, path) {
  for (const [name, member] of Object.entries(value)) {
    if (!Object.hasOwn(shape, name)) yield { path: [...path, name] }
    else if (member !== null) yield* misfitsIn(member, shape[name], [...path, name])
  }
}

function* misfitsInTagged(value, { [TAG]: by, shapes, otherwise }, path) {
  const tag = value[by]
  const shape = tag === undefined || tag === null ? otherwise : shapes[tag]
  if (shape === undefined)
    yield { path: [...path, by], tag: String(tag), known: Object.keys(shapes) }
  else yield* misfitsIn(value, shape, path)
}

/** The first of them that is of another kind than it should be. */
function firstOfWrongKind(value, shape) {
  for (const misfit of misfitsIn(value, shape)) if (misfit.expected !== undefined) return misfit
}

/** The first of them that is unknown. */
function firstUnknown(value, shape) {
  for (const misfit of misfitsIn(value, shape)) if (misfit.expected === undefined) return misfit
}

/** What a value is, as vendors call it. */
function kindName(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value
}

function valueAt(value, path) {
  return path.reduce((inner, step) => inner?.[step], value)
}

module.exports = {
  ANY,
  TEXT,
  NUMBER,
  OBJECT,
  tagged,
  textOr,
  members,
  firstOfWrongKind,
  firstUnknown,
  kindName,
  valueAt
}
