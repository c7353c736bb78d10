'use strict'

// Tools that the vendor itself runs: how they are offered, and what an answer says of them.

const { stringify } = require('../stringify')

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

function camel(text) {
  return text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
}

function snake(text) {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function snakeMembers(value) {
  if (Array.isArray(value)) return value.map(snakeMembers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [snake(key), snakeMembers(member)])
  )
}

// The calls and results among the entries of an answer's state, as parts. The entries stay where they are: they are
// what goes back to the vendor, these parts are what an application shows.
function providerExecuted(details) {
  return details.flatMap(({ entry }) => callPart(entry) ?? resultPart(entry) ?? [])
}

function callPart(entry) {
  if (entry?.type === 'server_tool_use' || entry?.type === 'mcp_tool_use') {
    return [call(entry.id, entry.name, entry.input ?? {})]
  }
  if (typeof entry?.type !== 'string' || !entry.type.endsWith('_call')) return undefined
  if (entry.type === 'function_call' || entry.type === 'custom_tool_call') return undefined
  const { type, id, status, format, ...rest } = entry
  const name = type.slice(0, -'_call'.length)
  return [call(id, name, rest.action ?? {}), result(id, name, { status, ...rest })]
}

function resultPart(entry) {
  if (typeof entry?.type !== 'string' || !entry.type.endsWith('_tool_result')) return undefined
  const name = entry.type.slice(0, -'_tool_result'.length)
  const isError = typeof entry.content?.type === 'string' && entry.content.type.endsWith('_error')
  return [result(entry.tool_use_id, name, entry.content ?? null, isError)]
}

function call(toolCallId, toolName, input) {
  return {
    type: 'tool-call',
    toolCallId,
    toolName,
    input: stringify(input),
    providerExecuted: true,
    dynamic: true
  }
}

function result(toolCallId, toolName, value, isError = false) {
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    result: value ?? {},
    dynamic: true,
    ...(isError && { isError })
  }
}

module.exports = { camel, offeredTool, providerExecuted, snake, snakeMembers }
