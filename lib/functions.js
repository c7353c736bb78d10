'use strict'

// The synchronous functions. Their rules are the core's; only what works on JavaScript objects is here.

const native = require('./native')
const { membersOf, objectOf, textOf } = require('./arguments')
const { errorFromNative } = require('./error')
const { toJson } = require('./json')

function routeModel(model) {
  return native.routeModel(text(model, 'model'))
}

function resolveRoute(model, options) {
  const given = membersOf(options ?? {}, ['openaiApi', 'request'], 'options')
  const openaiApi = given.openaiApi ?? undefined
  if (openaiApi !== undefined) text(openaiApi, 'openaiApi')
  const request = given.request ?? undefined
  const asked = request === undefined ? undefined : asRequest(text(model, 'model'), request)
  const [route, family, baseURL] = native.resolveRoute(text(model, 'model'), openaiApi, asked)
  if (family === undefined) throw errorFromNative(route)
  return { route, family, baseURL }
}

// Removes `tool_choice` when `tools` is an empty list; `tools: []` stays. The same object comes back.
function fixToolChoice(body) {
  if (Array.isArray(body?.tools) && body.tools.length === 0 && body.tool_choice)
    delete body.tool_choice
  return body
}

function setFileExtension(mediaType) {
  return typeof mediaType === 'string' ? native.setFileExtension(mediaType) : 'bin'
}

function processCacheTags(content) {
  const without = native.processCacheTags(text(content, 'content'))
  if (without === null) return { content }
  return { content: without, cacheControl: { type: 'ephemeral' } }
}

// Options of a chat, whose messages make no difference.
function asRequest(model, request) {
  return toJson({
    messages: [{ role: 'user', content: '' }],
    ...objectOf(request, 'request'),
    model
  })
}

// Whether it is a name is the core's to say.
function text(value, name) {
  return value === '' ? value : textOf(value, name)
}

module.exports = { fixToolChoice, processCacheTags, resolveRoute, routeModel, setFileExtension }
