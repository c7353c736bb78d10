'use strict'

// Reads one request from the socket into the record that `gateway.requests` shows.

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
  const { body, malformedBody } = await readBody(
    bytes,
    String(incoming.headers['content-type'] ?? '')
  )
  request.body = body
  Object.defineProperties(request, {
    malformedBody: { value: malformedBody },
    bytes: { value: bytes }
  })
  return request
}

async function readBody(bytes, contentType) {
  if (bytes.length === 0) return {}
  try {
    const isForm = /^multipart\/form-data/i.test(contentType)
    return {
      body: isForm ? await readForm(bytes, contentType) : JSON.parse(bytes.toString('utf8'))
    }
  } catch (error) {
    return { malformedBody: error.message }
  }
}

async function readForm(bytes, contentType) {
  const headers = { 'Content-Type': contentType }
  const form = await new Response(bytes, { headers }).formData()
  const fields = {}
  const files = []
  for (const [name, value] of form) {
    if (typeof value === 'string') addField(fields, name, value)
    else files.push({ name, filename: value.name, contentType: value.type, size: value.size })
  }
  return { fields, files }
}

// A name that comes more than once (`image[]`, `timestamp_granularities[]`) becomes an array.
function addField(fields, name, value) {
  fields[name] = Object.hasOwn(fields, name) ? [fields[name], value].flat() : value
}

module.exports = { receive }
