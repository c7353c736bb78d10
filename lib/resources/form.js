'use strict'

// The members of a body as the entries of a multipart form, in the way of the `openai` package: lists
// become `name[]`, objects `name[member]`. `files` says which members are files; what is null is left out.

const { invalidRequest } = require('../error')
const { readUpload } = require('../upload')

// `fileName(upload)`: the name under which a file is sent. `request`: the call's, which ends this too.
function formOf(requests, body, request, options) {
  return requests.beforehand(request, (signal) => entriesOf(body, options, signal))
}

async function entriesOf(body, { files, stem, fileName = ({ name }) => name }, signal) {
  const entries = []
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue
    if (!files.includes(name)) {
      addField(entries, name, value)
      continue
    }
    const isList = Array.isArray(value)
    for (const file of isList ? value : [value]) {
      const upload = await readUpload(file, { param: name, stem, signal })
      entries.push([
        isList ? `${name}[]` : name,
        { __proto__: null, ...upload, name: fileName(upload) }
      ])
    }
  }
  return entries
}

function addField(entries, name, value, parents = []) {
  if (value === undefined || value === null) return
  if (['string', 'number', 'boolean', 'bigint'].includes(typeof value)) {
    entries.push([name, String(value)])
  } else if (parents.includes(value)) {
    throw invalidRequest(name, `\`${name}\` refers back to what it is part of`)
  } else if (Array.isArray(value)) {
    for (const element of value) addField(entries, `${name}[]`, element, [...parents, value])
  } else if (typeof value === 'object') {
    for (const [member, below] of Object.entries(value))
      addField(entries, `${name}[${member}]`, below, [...parents, value])
  } else {
    throw invalidRequest(name, `\`${name}\` cannot be sent in a form`)
  }
}

module.exports = { formOf }
