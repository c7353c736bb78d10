'use strict'

// Long strings go beside the JSON of a conversation, both ways: V8 takes several times longer to write them into
// JSON and to read them out of it than to copy them. See src/node/body.rs and src/node/answer.rs.

const { toJson } = require('./json')

// From how many UTF-16 units on a string goes beside.
const LONG = 1024

// Stands for a long string in the JSON; nobody outside the process ever sees it.
let mark

// A body as the core takes it: its JSON, or `[json, mark, string, …]`. `refuse`: see toJson.
function toJsonBody(body, refuse) {
  const strings = []
  const short = withoutLongMessages(body, strings)
  const json = toJson(short, refuse)
  return strings.length === 0 ? json : [json, mark, ...strings]
}

// Only what is sent again and again is looked through: the contents of messages.
function withoutLongMessages(body, strings) {
  const messages = ownValue(body, 'messages')
  if (!Array.isArray(messages) || writesItself(messages) || writesItself(body)) return body
  const changed = changedElements(messages, (message) => shortMessage(message, strings))
  return changed === messages ? body : { ...body, messages: changed }
}

function shortMessage(message, strings) {
  const content = ownValue(message, 'content')
  if (typeof content === 'string') {
    return content.length < LONG || writesItself(message)
      ? message
      : { ...message, content: beside(content, strings) }
  }
  if (!Array.isArray(content) || writesItself(content) || writesItself(message)) return message
  const changed = changedElements(content, (part) => shortMembers(part, strings, 2))
  return changed === content ? message : { ...message, content: changed }
}

// The members of a part, and those of the objects in it: `image_url.url`, `source.data`.
function shortMembers(value, strings, levels) {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || writesItself(value))
    return value
  let copy
  for (const key of Object.keys(value)) {
    const member = ownValue(value, key)
    const changed =
      typeof member === 'string'
        ? member.length < LONG
          ? member
          : beside(member, strings)
        : levels > 1
          ? shortMembers(member, strings, levels - 1)
          : member
    if (changed === member) continue
    copy ??= { ...value }
    copy[key] = changed
  }
  return copy ?? value
}

function changedElements(list, change) {
  let copy
  for (let at = 0; at < list.length; at += 1) {
    const element = list[at]
    const changed = change(element)
    if (changed === element) continue
    copy ??= list.slice()
    copy[at] = changed
  }
  return copy ?? list
}

function beside(string, strings) {
  mark ??= require('node:crypto').randomUUID()
  strings.push(string)
  return mark
}

// What JSON would write of this member, unless it is computed when somebody looks.
function ownValue(object, key) {
  if (typeof object !== 'object' || object === null) return undefined
  const member = Object.getOwnPropertyDescriptor(object, key)
  return member?.enumerable ? member.value : undefined
}

function writesItself(value) {
  return value.toJSON !== undefined
}

// The value of an answer's JSON: a text, or `[json, choice, key, string, …]` with what stands beside it. `completion`
// finds the completion in it.
function readAnswer(answer, completion = (value) => value) {
  if (typeof answer === 'string') return JSON.parse(answer)
  const value = JSON.parse(answer[0])
  const { choices } = completion(value)
  for (let at = 1; at < answer.length; at += 3) {
    choices[answer[at]].message[answer[at + 1]] = answer[at + 2]
  }
  return value
}

module.exports = { readAnswer, toJsonBody }
