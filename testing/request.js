'use strict'

// Reads one request from the socket into the record that `gateway.requests` shows.

const { parseMultipart } = require('./multipart')

/** @returns the record, or undefined if the client went away before its request was complete */
async function receive(incoming) {
  const chunks = []
  try {
    for await (const chunk of incoming) chunks.push(chunk)
  } catch {
    return undefined
  }
  const bytes = Buffer.concat(chunks)
  const target = new URL(incoming.url, 'http://loopback')
  const request = {
    method: incoming.method,
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers: { ...incoming.headers },
    body: undefined,
    bodyText: bytes.toString('utf8')
  }
  // Of interest to the gateway alone, so it does not show in the record.
  const { body, malformedBody } = readBody(bytes, String(incoming.headers['content-type'] ?? ''))
  request.body = body
  Object.defineProperties(request, {
    malformedBody: { value: malformedBody },
    bytes: { value: bytes }
  })
  return request
}

function readBody(bytes, contentType) {
  if (bytes.length === 0) return {}
  if (/^multipart\/form-data/i.test(contentType)) {
    const body = parseMultipart(bytes, contentType)
    return body ? { body } : { malformedBody: 'the multipart body has no usable boundary' }
  }
  try {
    return { body: JSON.parse(bytes.toString('utf8')) }
  } catch (error) {
    return { malformedBody: error.message }
  }
}

module.exports = { receive }
