'use strict'

// Members in camel case, as the AI SDK writes them, and in snake case, as most vendors do.

function camel(text) {
  return text.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())
}

function snake(text) {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function renamed(value, rename) {
  if (Array.isArray(value)) return value.map((element) => renamed(element, rename))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [rename(key), renamed(member, rename)])
  )
}

const camelMembers = (value) => renamed(value, camel)
const snakeMembers = (value) => renamed(value, snake)

module.exports = { camel, camelMembers, snake, snakeMembers }
