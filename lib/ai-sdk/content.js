'use strict'

// A whole answer as the AI SDK's content (specification V4).
//
// | `choices[0].message` | content |
// |---|---|
// | `reasoning_content`, `reasoning_details` | `reasoning`, one for each block that the vendor signed |
// | `content` | `text`, with its citations (citations.js) |
// | `annotations` | `source` |
// | `images`, `audio` | `file` |
// | `tool_calls` | `tool-call` |
// | entries of `reasoning_details` that are no reasoning | `providerMetadata` of the part that they belong to |
// | whatever else the vendor did | parts that are shown (vendor-parts.js) |

const { Citations } = require('./citations')
const { callIdOf, isReasoning, metadataOf, readable } = require('./state')
const { stringify } = require('../stringify')
const { VendorParts } = require('./vendor-parts')

function contentOf(message) {
  const details = (message.reasoning_details ?? []).map((entry, at) => ({ at, entry }))
  const reasoning = reasoningParts(message.reasoning_content ?? '', details)
  const calls = toolCalls(message.tool_calls ?? [], details)
  const taken = new Set([...reasoning, ...calls].flatMap(({ details }) => details))
  const rest = details.filter((detail) => !taken.has(detail))
  const vendor = new VendorParts()
  const shown = rest.flatMap((detail) => vendor.of(detail))
  const citations = new Citations()
  const sources = [
    ...(message.annotations ?? []).flatMap((annotation) => citations.annotation(annotation)),
    ...rest.flatMap(({ entry }) => citations.detail(entry))
  ]
  const text = textParts(message, rest, citations.take())
  const carriers = [...reasoning, ...text, ...calls]
  // What no part of the answer stands for goes with the last one, or alone.
  if (text.length === 0 && rest.length > 0) {
    const last = carriers.at(-1)
    if (last === undefined) reasoning.push({ part: { type: 'reasoning', text: '' }, details: rest })
    else last.details.push(...rest)
  }
  return [
    ...reasoning.map(withState),
    ...shown,
    ...text.map(withState),
    ...sources,
    ...filesOf(message),
    ...calls.map(withState)
  ]
}

function withState({ part, details, members }) {
  const providerMetadata = metadataOf(details, members)
  return providerMetadata === undefined ? part : { ...part, providerMetadata }
}

// One part for each signed block where the blocks say all that is readable; else one for all of it.
function reasoningParts(text, details) {
  const own = details.filter(({ entry }) => isReasoning(entry))
  const words = own.map(({ entry }) => readable(entry) ?? '')
  if (own.length > 0 && (text === '' || words.join('') === text || own.length === 1)) {
    return own.map((detail, at) => ({
      part: { type: 'reasoning', text: own.length === 1 ? text || words[at] : words[at] },
      details: [detail]
    }))
  }
  if (text === '') return []
  const thoughts = details.filter(({ entry }) => entry?.type === 'thought')
  return [{ part: { type: 'reasoning', text }, details: [...own, ...thoughts] }]
}

function textParts({ content, refusal }, details, citations) {
  const text = content ?? refusal
  if (text === null || text === undefined || text === '') return []
  const members = content ? {} : { refusal: true }
  return [{ part: { type: 'text', text, ...(citations && { citations }) }, details, members }]
}

function toolCalls(calls, details) {
  return calls.map((call) => ({
    part: toolCallOf(call),
    details: details.filter(({ entry }) => !isReasoning(entry) && callIdOf(entry) === call.id),
    members: callMembers(call)
  }))
}

function toolCallOf(call) {
  const { name, input } = nameAndInput(call)
  return { type: 'tool-call', toolCallId: call.id, toolName: name, input }
}

// The input of a custom tool is text, which the AI SDK wants as JSON.
function nameAndInput(call) {
  if (call.type === 'custom') {
    return { name: call.custom.name, input: stringify(call.custom.input) }
  }
  return { name: call.function.name, input: call.function.arguments }
}

// What a call must be sent back with: its own text where JSON.stringify would write it in another way, and the
// vendor's members.
function callMembers(call) {
  const members = {}
  if (call.type === 'custom') members.custom = true
  else if (isWrittenOtherwise(call.function.arguments)) members.arguments = call.function.arguments
  if (call.extra_content !== undefined) members.extraContent = call.extra_content
  return members
}

function isWrittenOtherwise(text) {
  try {
    return stringify(JSON.parse(text)) !== text
  } catch {
    return false
  }
}

function filesOf({ images, audio }) {
  const files = (images ?? []).map((image) => fileOf(image.image_url.url))
  if (audio?.data)
    files.push(dataFile(audio.format ? `audio/${audio.format}` : 'audio/wav', audio.data))
  return files
}

function fileOf(url) {
  const [, mediaType, data] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(url) ?? []
  if (data !== undefined) return dataFile(mediaType || 'image/png', data)
  return { type: 'file', mediaType: 'image/*', data: { type: 'url', url: new URL(url) } }
}

function dataFile(mediaType, data) {
  return { type: 'file', mediaType, data: { type: 'data', data } }
}

module.exports = { callMembers, contentOf, filesOf, nameAndInput }
