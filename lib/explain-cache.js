'use strict'

// Where the requests of two conversations part, in the order in which vendors cache them. Pure: two bodies in, the
// first difference out.
//
// | wire | cached in this order |
// |---|---|
// | Anthropic | `tools`, `system`, `messages` |
// | Gemini | `tools`, `systemInstruction`, `contents` |
// | Responses | `tools`, `instructions`, `input` |
// | chat completions | `tools`, `messages` |

const ORDER = {
  anthropic: ['tools', 'system', 'messages'],
  gemini: ['tools', 'systemInstruction', 'contents'],
  'openai-responses': ['tools', 'instructions', 'input'],
  openai: ['tools', 'messages']
}
// Marks say where a cache ends; they are no part of what is cached.
const MARKS = new Set(['cache_control'])

// `count(text)`: the tokens of a text. `shared`: those before the difference; `behind`: those of the earlier request
// behind it, which are read anew.
function partingOf(route, previous, next, count) {
  const keys = ORDER[route] ?? ORDER.openai
  const before = keys.flatMap((key) => itemsOf(key, previous[key]))
  const after = keys.flatMap((key) => itemsOf(key, next[key]))
  const at = before.findIndex((item, index) => !isSame(item, after[index]))
  const tokensOf = (items) => items.reduce((sum, { value }) => sum + count(textOf(value)), 0)
  if (previous.model !== next.model) {
    return { path: 'model', change: 'changed', shared: 0, behind: tokensOf(before) }
  }
  if (at === -1) return { shared: tokensOf(before), behind: 0 }
  const [one, other] = [before[at], after[at]]
  const shared = tokensOf(before.slice(0, at))
  const behind = tokensOf(before.slice(at))
  if (other === undefined || one.key !== other.key) {
    // Something new where the next list should begin, or an end where there was more.
    const added = other !== undefined && keys.indexOf(other.key) < keys.indexOf(one.key)
    return { path: (added ? other : one).path, change: added ? 'added' : 'removed', shared, behind }
  }
  const { path, change } = difference(one.value, other.value, one.path)
  return { path, change, shared, behind }
}

function itemsOf(key, value) {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return [{ key, path: key, value }]
  return value.map((item, index) => ({ key, path: `${key}[${index}]`, value: item }))
}

function isSame(one, other) {
  return other !== undefined && one.key === other.key && textOf(one.value) === textOf(other.value)
}

// The bytes that count, without marks.
function textOf(value) {
  return JSON.stringify(value, (name, member) => (MARKS.has(name) ? undefined : member))
}

// The first place within two values that differ.
function difference(one, other, path) {
  if (!isContainer(one) || !isContainer(other) || Array.isArray(one) !== Array.isArray(other))
    return { path, change: 'changed' }
  const names = Object.keys(one).filter((name) => !MARKS.has(name))
  const below = (name) => (Array.isArray(one) ? `${path}[${name}]` : `${path}.${name}`)
  for (const name of names) {
    if (!Object.hasOwn(other, name)) return { path: below(name), change: 'removed' }
    if (textOf(one[name]) !== textOf(other[name]))
      return difference(one[name], other[name], below(name))
  }
  const added = Object.keys(other).find((name) => !MARKS.has(name) && !Object.hasOwn(one, name))
  // The same members in another order are other bytes.
  return added === undefined
    ? { path, change: 'reordered' }
    : { path: below(added), change: 'added' }
}

function isContainer(value) {
  return typeof value === 'object' && value !== null
}

module.exports = { partingOf }
