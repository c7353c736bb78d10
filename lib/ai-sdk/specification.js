'use strict'

// Which specification the AI SDK of this program speaks: `ai` 6 refuses models of V4, and nothing in a call tells the
// versions apart.

const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')

// `undefined` where no `ai` is found, as in a bundle.
function installedSpecification() {
  const places = [
    process.cwd(),
    ...(require.main?.filename ? [path.dirname(require.main.filename)] : [])
  ]
  for (const place of places) {
    const major = majorOf(place)
    if (major !== undefined) return major < 7 ? 'v3' : 'v4'
  }
  return undefined
}

function majorOf(folder) {
  try {
    let at = path.dirname(createRequire(path.join(folder, 'package.json')).resolve('ai'))
    while (path.dirname(at) !== at) {
      const { name, version } = manifestOf(at)
      if (name === 'ai') return Number.parseInt(version, 10)
      at = path.dirname(at)
    }
  } catch {
    // Not installed there.
  }
  return undefined
}

function manifestOf(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  } catch {
    return {}
  }
}

module.exports = { installedSpecification }
