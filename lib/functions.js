'use strict'

// The synchronous functions. Their rules are the core's; only what works on JavaScript objects is here.

const native = require('./native')
const { errorFromNative, invalidRequest } = require('./error')
const { toJson } = require('./json')

function routeModel(model) {
  return native.routeModel(text(model, 'model'))
}

function resolveRoute(model, options) {
  const openaiApi = options?.openaiApi ?? undefined
  if (openaiApi !== undefined) text(openaiApi, 'openaiApi')
  const request = options?.request ?? undefined
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
  if (typeof request !== 'object' || Array.isArray(request))
    throw invalidRequest('request', '`request` must be an object of chat options')
  return toJson({ messages: [{ role: 'user', content: '' }], ...request, model })
}

function text(value, name) {
  if (typeof value !== 'string') throw invalidRequest(name, `\`${name}\` must be a string`)
  return value
}

module.exports = { fixToolChoice, processCacheTags, resolveRoute, routeModel, setFileExtension }
