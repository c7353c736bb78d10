'use strict'

// What a request may hold, member by member. A shape is
//
//   ANY                     whatever it likes
//   { name: shape, … }      an object with these members and no others
//   [shape]                 a list of them; a value that is no list is left to other rules
//   tagged(shapes, …)       an object that says by one of its members which shape it has
//   (value) => shape        a shape that holds itself, or that depends on the value
//
// Whether a member may be missing, and which values it takes, is for rules to say.

const ANY = Symbol('any')

/** @param otherwise the shape of an object without the member; none: it must have it */
function tagged(shapes, { by = 'type', otherwise } = {}) {
  return { [TAG]: by, shapes, otherwise }
}

const TAG = Symbol('tag')

/** An object's shape of its members' names, each of which may hold anything. */
function members(names, shapes = {}) {
  return { ...Object.fromEntries(names.split(' ').map((name) => [name, ANY])), ...shapes }
}

/**
 * The members of a value that its shape does not know, each `{ path, tag? }`. `tag`: the member at `path`
 * names a shape that does not exist; else the last step of `path` is the unknown member.
 */
function* unknownIn(value, shape, path = []) {
  if (shape === ANY || value === null || typeof value !== 'object') return
  if (typeof shape === 'function') yield* unknownIn(value, shape(value), path)
  else if (Array.isArray(shape)) yield* unknownInList(value, shape[0], path)
  else if (Array.isArray(value)) return
  else if (shape[TAG] === undefined) yield* unknownInObject(value, shape, path)
  else yield* unknownInTagged(value, shape, path)
}

function* unknownInList(value, shape, path) {
  if (!Array.isArray(value)) return
  for (const [position, element] of value.entries()) {
    yield* unknownIn(element, shape, [...path, position])
  }
}

function* unknownInObject(value, shape, path) {
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    if (!Object.hasOwn(shape, name)) yield { path: [...path, name] }
    else yield* unknownIn(member, shape[name], [...path, name])
  }
}

function* unknownInTagged(value, { [TAG]: by, shapes, otherwise }, path) {
  const tag = value[by]
  const shape = tag === undefined || tag === null ? otherwise : shapes[tag]
  if (shape === undefined)
    yield { path: [...path, by], tag: String(tag), known: Object.keys(shapes) }
  else yield* unknownIn(value, shape, path)
}

/** The first of them. */
function firstUnknown(value, shape) {
  return unknownIn(value, shape).next().value
}

module.exports = { ANY, tagged, members, firstUnknown }
