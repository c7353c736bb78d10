'use strict'

// Tools that the vendor itself runs, as they are offered.

const { camel, snakeMembers } = require('./names')

// `<vendor>.<tool>` of the AI SDK is the vendor's own tool: Google names it by a member in camel case, the others by
// `type`, with their members in snake case.
function offeredTool({ id, name, args }) {
  const [vendor, ...rest] = id.split('.')
  const kind = rest.join('.')
  if (vendor === 'google') return { [camel(kind)]: args ?? {} }
  const members = vendor === 'aihubmix' ? (args ?? {}) : snakeMembers(args ?? {})
  return {
    type: kind,
    ...(vendor === 'anthropic' && { name: anthropicName(kind, name) }),
    ...members
  }
}

// Anthropic wants its own name of a tool: that of the type, without the version.
function anthropicName(kind, name) {
  return kind.replace(/_\d{8}$/, '') || name
}

module.exports = { offeredTool }
