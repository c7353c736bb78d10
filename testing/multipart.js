'use strict'

// multipart/form-data (RFC 7578), as far as uploads to the gateway use it.

/** @returns {{ fields: Record<string, string | string[]>, files: object[] } | undefined} */
function parseMultipart(bytes, contentType) {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (boundary === null) return undefined
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2]}`)

  const fields = {}
  const files = []
  for (const part of split(bytes, delimiter)) {
    const headerEnd = part.indexOf('\r\n\r\n')
    if (headerEnd < 0) continue
    const headers = part.toString('utf8', 0, headerEnd)
    const content = part.subarray(headerEnd + 4)
    const name = parameter(headers, 'name')
    const filename = parameter(headers, 'filename')
    if (name === undefined) continue
    if (filename === undefined) {
      addField(fields, name, content.toString('utf8'))
    } else {
      const partType = /^content-type:\s*(.+?)\s*$/im.exec(headers)?.[1]
      files.push({ name, filename, contentType: partType, size: content.length })
    }
  }
  return { fields, files }
}

function* split(bytes, delimiter) {
  let start = bytes.indexOf(delimiter)
  while (start >= 0) {
    const contentStart = start + delimiter.length + 2
    const next = bytes.indexOf(delimiter, contentStart)
    if (next < 0) return
    yield bytes.subarray(contentStart, next - 2)
    start = next
  }
}

// A name that comes more than once (`image[]`, `timestamp_granularities[]`) becomes an array.
function addField(fields, name, value) {
  if (!Object.hasOwn(fields, name)) fields[name] = value
  else if (Array.isArray(fields[name])) fields[name].push(value)
  else fields[name] = [fields[name], value]
}

function parameter(headers, name) {
  const found = new RegExp(
    `^content-disposition:.*;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`,
    'im'
  ).exec(headers)
  return found?.[1]
}

module.exports = { parseMultipart }
