'use strict'

// The AI SDK's files as OpenAI's content parts.

// The first bytes, in base64, of images whose media type is only said to be `image`.
const SIGNATURES = [
  ['iVBORw', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp']
]

// `route`: the family of the model, whose own members of a file are read of the provider options.
function filePart(file, route) {
  const made = plainFile(file)
  if (route === 'gemini') return { ...made, ...googleMembers(file) }
  return route === 'anthropic' ? anthropicFile(made, file) : made
}

// https://ai.google.dev/api/caching#Part
function googleMembers({ providerOptions }) {
  const { videoMetadata, mediaResolution, partMetadata } = providerOptions?.google ?? {}
  const members = { videoMetadata, mediaResolution, partMetadata }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

// A document with a title, a context or citations is the vendor's own block.
// https://docs.anthropic.com/en/docs/build-with-claude/citations
function anthropicFile(made, { providerOptions }) {
  const { title, context, citations, containerUpload } = providerOptions?.anthropic ?? {}
  if (containerUpload && made.file?.file_id) {
    return { type: 'container_upload', file_id: made.file.file_id }
  }
  if (title === undefined && context === undefined && citations === undefined) return made
  const source = made.type === 'file' ? documentSource(made.file) : undefined
  if (source === undefined) return made
  return {
    type: 'document',
    source,
    title: title ?? made.file.filename,
    ...(context !== undefined && { context }),
    ...(citations !== undefined && { citations })
  }
}

function documentSource({ file_id: id, file_data: data }) {
  if (id !== undefined) return { type: 'file', file_id: id }
  const [, type, base64] = /^data:([^;,]*)[^,]*;base64,(.*)$/s.exec(data) ?? []
  if (type === undefined) return { type: 'url', url: data }
  if (type === 'application/pdf') return { type: 'base64', media_type: type, data: base64 }
  if (!type.startsWith('text/')) return undefined
  const text = Buffer.from(base64, 'base64').toString('utf8')
  return { type: 'text', media_type: 'text/plain', data: text }
}

function plainFile({ data, mediaType, filename, providerOptions }) {
  const detail = providerOptions?.aihubmix?.imageDetail ?? providerOptions?.openai?.imageDetail
  if (data.type === 'text') return textFile(data.text, mediaType, filename)
  if (data.type === 'reference')
    return { type: 'file', file: { file_id: referenceOf(data.reference) } }
  const kind = mediaType.split('/')[0]
  if (data.type === 'url') {
    const url = data.originalUrl ?? data.url.href
    if (kind === 'image') return image(url, detail)
    if (kind === 'video') return { type: 'video_url', video_url: { url } }
    return { type: 'file', file: { ...(filename && { filename }), file_data: url } }
  }
  const text = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64')
  const type = fullType(mediaType, text)
  if (kind === 'image') return image(`data:${type};base64,${text}`, detail)
  if (kind === 'audio')
    return { type: 'input_audio', input_audio: { data: text, format: audioFormat(type) } }
  return {
    type: 'file',
    file: { filename: filename ?? nameOf(type), file_data: `data:${type};base64,${text}` }
  }
}

function image(url, detail) {
  return { type: 'image_url', image_url: { url, ...(detail && { detail }) } }
}

function textFile(text, mediaType, filename) {
  const type = mediaType.includes('/') && !mediaType.endsWith('/*') ? mediaType : 'text/plain'
  const data = Buffer.from(text, 'utf8').toString('base64')
  return {
    type: 'file',
    file: { filename: filename ?? nameOf(type), file_data: `data:${type};base64,${data}` }
  }
}

function referenceOf(reference) {
  return reference.aihubmix ?? reference.openai ?? Object.values(reference)[0]
}

function fullType(mediaType, base64) {
  if (mediaType.includes('/') && !mediaType.endsWith('/*')) return mediaType
  const [, found] = SIGNATURES.find(([start]) => base64.startsWith(start)) ?? []
  const fallback = {
    image: 'image/png',
    audio: 'audio/wav',
    video: 'video/mp4',
    text: 'text/plain'
  }
  return found ?? fallback[mediaType.split('/')[0]] ?? 'application/octet-stream'
}

function audioFormat(type) {
  return (
    { 'audio/mpeg': 'mp3', 'audio/mp3': 'mp3', 'audio/x-wav': 'wav' }[type] ?? type.split('/')[1]
  )
}

function nameOf(type) {
  return type === 'application/pdf' ? 'document.pdf' : 'document'
}

module.exports = { filePart }
