'use strict'

// Long strings go beside the JSON of a conversation, both ways: V8 takes several times longer to write them into
// JSON and to read them out of it than to copy them. Messages that were sent before do not go at all. See
// src/node/body.rs and src/node/answer.rs.

const native = require('./native')
const { toJson } = require('./json')
const { SentMessages } = require('./sent-messages')
const { SentRows } = require('./sent-rows')
const { stringify } = require('./stringify')

// From how many UTF-16 units on a string goes beside.
const LONG = 1024

// How far down they are looked for: in a message, its content, a part, what is in it, a tool's result.
const LEVELS = 6

// The members of a body that grow with a conversation; of several, one.
const CONVERSATIONS = ['messages', 'input', 'contents']

// Stands for what goes beside in the JSON; nobody outside the process ever sees it.
let mark

const sentMessages = new SentMessages((message) => {
  const parts = []
  const json = stringify(shortened(message, parts, LEVELS))
  const length = parts.reduce((sum, part) => sum + part.length, json.length)
  return { text: native.keepText(withParts(json, parts)), length }
})
const sentRows = new SentRows((texts) => native.joinTexts(texts))

// A body as the core takes it: its JSON, or `[json, mark, part, …]`. `refuse`: see toJson.
function toJsonBody(body, refuse) {
  const parts = []
  let short = body
  try {
    short = withoutLongMessages(body, parts)
  } catch {
    // What cannot be looked at cannot be written either, and that is where it is named.
    parts.length = 0
  }
  return withParts(toJson(short, refuse), parts)
}

function withParts(json, parts) {
  return parts.length === 0 ? json : [json, mark, ...parts]
}

// Only what is sent again and again is looked through.
function withoutLongMessages(body, parts) {
  const name = CONVERSATIONS.find((name) => Array.isArray(body?.[name]))
  if (name === undefined) return body
  const messages = body[name]
  if (writesItself(messages) || writesItself(body)) return body
  const written = withoutLongOnes(messages, parts)
  if (parts.length === 0) return body
  if (ownValue(body, name) === messages) return { ...body, [name]: written }
  parts.length = 0
  return body
}

// Messages that were sent before and stand in a row are one element; of new ones the long strings go beside.
function withoutLongOnes(messages, parts) {
  const written = []
  const fresh = []
  let row = []
  const endRow = () => {
    if (row.length > 0) written.push(beside(sentRows.textOf(row), parts))
    row = []
  }
  let at = 0
  while (at < messages.length) {
    const message = messages[at++]
    const isObject = typeof message === 'object' && message !== null
    const sent = isObject ? sentMessages.recall(message) : undefined
    if (sent !== undefined) {
      row.push(sent)
      continue
    }
    endRow()
    written.push(isObject ? shortened(message, parts, LEVELS) : message)
    if (isObject) fresh.push(message)
  }
  endRow()
  // Short ones too: where something is long, a row of it shall have no gaps.
  if (parts.length > 0) for (const message of fresh) sentMessages.remember(message)
  return written
}

// A copy with its long strings beside, or the value itself if it has none.
function shortened(value, parts, levels) {
  if (writesItself(value)) return value
  let copy
  const change = (key) => {
    const member = value[key]
    if (typeof member === 'string' ? member.length < LONG : !isNested(member) || levels === 1)
      return
    // What is computed may be another each time.
    if (ownValue(value, key) !== member) return
    const short =
      typeof member === 'string' ? beside(member, parts) : shortened(member, parts, levels - 1)
    if (short === member) return
    copy ??= Array.isArray(value) ? value.slice() : { ...value }
    copy[key] = short
  }
  if (Array.isArray(value)) for (let at = 0; at < value.length; at += 1) change(at)
  else for (const key in value) change(key)
  return copy ?? value
}

function isNested(value) {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
}

function beside(part, parts) {
  mark ??= require('node:crypto').randomUUID()
  parts.push(part)
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

// The value of an answer's JSON: a text, or `[json, path, content, …]` with what stands beside it, strings and tables.
function readAnswer(answer) {
  if (typeof answer === 'string') return JSON.parse(answer)
  const root = [JSON.parse(answer[0])]
  for (let at = 1; at < answer.length; at += 2) {
    const content = answer[at + 1]
    const path = [0, ...answer[at]]
    const key = path.pop()
    const place = path.reduce((inner, step) => inner[step], root)
    place[key] = typeof content === 'string' ? content : require('./tables').readTable(content)
  }
  return root[0]
}

module.exports = { readAnswer, toJsonBody }
