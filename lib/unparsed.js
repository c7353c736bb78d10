'use strict'

// What `parse` adds to an answer (`parsed`, `parsed_arguments`), taken off where the answer goes back as a part of the
// conversation: no server knows it. Nothing of the caller's is changed; without such members nothing is copied.

// The body of a chat.
function unparsedChat(body) {
  return changed(body, 'messages', (messages) => each(messages, unparsedMessage))
}

// The body of a request to the Responses API.
function unparsedResponse(body) {
  return changed(body, 'input', (input) => each(input, unparsedItem))
}

function unparsedMessage(message) {
  if (message?.role !== 'assistant') return message
  return changed(without(message, 'parsed'), 'tool_calls', (calls) => each(calls, unparsedCall))
}

function unparsedCall(call) {
  return changed(call, 'function', (called) => without(called, 'parsed_arguments'))
}

function unparsedItem(item) {
  if (item?.type === 'function_call') return without(item, 'parsed_arguments')
  if (item?.type !== 'message' || item.role !== 'assistant') return item
  return changed(item, 'content', (parts) => each(parts, (part) => without(part, 'parsed')))
}

function without(object, name) {
  if (!isPlain(object) || !Object.hasOwn(object, name)) return object
  const { [name]: _, ...rest } = object
  return rest
}

function changed(object, name, change) {
  if (!isPlain(object) || !Object.hasOwn(object, name)) return object
  const value = object[name]
  const made = change(value)
  return made === value ? object : { ...object, [name]: made }
}

function each(list, change) {
  if (!Array.isArray(list)) return list
  let copy
  for (let at = 0; at < list.length; at += 1) {
    const made = change(list[at])
    if (made === list[at]) continue
    copy ??= list.slice()
    copy[at] = made
  }
  return copy ?? list
}

// What writes itself says what it is by itself.
function isPlain(value) {
  return typeof value === 'object' && value !== null && value.toJSON === undefined
}

module.exports = { unparsedChat, unparsedResponse }
