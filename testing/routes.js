'use strict'

// Method and path -> endpoint. `{name}` stands for one path segment.

const { chatEndpoint } = require('./chat-endpoint')
const audio = require('./resources/audio')
const { completions } = require('./resources/completions')
const { embeddings } = require('./resources/embeddings')
const { ideogram } = require('./resources/ideogram')
const images = require('./resources/images')
const models = require('./resources/models')
const { moderations } = require('./resources/moderations')
const kept = require('./resources/responses')
const { countTokens } = require('./resources/count-tokens')
const predictions = require('./resources/predictions')
const { rerank } = require('./resources/rerank')
const videos = require('./resources/videos')
const { predict } = require('./wires/predict')

const chatCompletions = chatEndpoint(require('./wires/chat-completions'))
const responses = chatEndpoint(require('./wires/responses'))
const messages = chatEndpoint(require('./wires/messages'))
const generateContent = chatEndpoint(require('./wires/generate-content'))

const ROUTES = [
  ['POST', '/v1/chat/completions', chatCompletions],
  ['POST', '/v1/responses', responses],
  ['GET', '/v1/responses/{id}', kept.retrieve],
  ['DELETE', '/v1/responses/{id}', kept.remove],
  ['POST', '/v1/responses/{id}/cancel', kept.cancel],
  ['POST', '/v1/messages', messages],
  ['POST', '/v1/messages/count_tokens', countTokens],
  // `@google/genai` says `v1` where nobody tells it otherwise.
  ...['v1', 'v1beta'].flatMap((version) => [
    ['POST', `/gemini/${version}/models/{model}:generateContent`, generateContent],
    ['POST', `/gemini/${version}/models/{model}:streamGenerateContent`, generateContent],
    ['POST', `/gemini/${version}/models/{model}:predict`, predict]
  ]),

  ['POST', '/v1/completions', completions],
  ['POST', '/v1/embeddings', embeddings],
  ['POST', '/v1/rerank', rerank],
  ['POST', '/v1/moderations', moderations],
  ['POST', '/v1/images/generations', images.generations],
  ['POST', '/v1/images/edits', images.edits],
  ['POST', '/v1/models/{vendor}/{model}/predictions', predictions.create],
  ['POST', '/v1/models/{model}/predictions', predictions.create],
  ['GET', '/v1/predictions/{id}', predictions.poll],
  // Black Forest Labs' own address of the same, as some clients build it.
  ['GET', '/v1/tasks/{id}', predictions.poll],
  ['POST', '/ideogram/v1/ideogram-v3/{action}', ideogram],
  ['POST', '/ideogram/{action}', ideogram],
  ['GET', '/files/image.png', images.file],
  ['POST', '/v1/audio/speech', audio.speech],
  ['POST', '/v1/audio/transcriptions', audio.transcriptions],
  ['POST', '/v1/audio/translations', audio.translations],
  ['POST', '/v1/videos', videos.create],
  ['GET', '/v1/videos/{id}', videos.retrieve],
  ['DELETE', '/v1/videos/{id}', videos.remove],
  ['GET', '/v1/videos/{id}/content', videos.content],
  ['POST', '/v1/videos/{id}/remix', videos.remix],
  ['GET', '/api/v1/models', models.catalog],
  ['GET', '/v1/models', models.list],
  ['GET', '/v1/models/{id}', models.retrieve]
].map(([method, path, endpoint]) => ({ method, pattern: patternOf(path), endpoint }))

/** @returns {{ endpoint?: object, params: Record<string, string> }} no endpoint: no such route */
function findEndpoint({ method, path }) {
  for (const route of ROUTES) {
    if (route.method !== method) continue
    const found = route.pattern.exec(path)
    if (found === null || doublesABase(found.groups.prefix)) continue
    const { prefix, ...encoded } = found.groups
    const params = Object.fromEntries(
      Object.entries(encoded).map(([name, value]) => [name, decode(value)])
    )
    return { endpoint: route.endpoint, params }
  }
  return { endpoint: undefined, params: {} }
}

function patternOf(path) {
  const literal = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^(?<prefix>(?:/[^/]+)*?)${literal.replace(/\{(\w+)\}/g, '(?<$1>[^/]+?)')}$`)
}

// Any prefix will do, as behind a reverse proxy, but not one that comes of joining a base URL twice.
function doublesABase(prefix) {
  return prefix
    .split('/')
    .some((segment) => segment === 'v1' || segment === 'v1beta' || segment === 'gemini')
}

function decode(segment) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

module.exports = { findEndpoint }
