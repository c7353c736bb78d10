'use strict'

// The binding, or one sentence that says what is missing and which command brings it. What the
// generated loader found wrong is the error's `cause`.

const { withoutContext } = require('./call-context')

function explained(failure) {
  const { name, version } = require('../package.json')
  const { PUBLISHED, platformName } = require('./platform')
  const platform = platformName()
  const wanted = `${name}-${platform}`
  const install = `\`npm install --save-optional ${wanted}@${version}\``
  const forbidden = forbiddenIn(failure)
  const refusal = refusalIn(failure)
  if (forbidden !== undefined) return made(`The binary of ${name} cannot be loaded: ${forbidden}`)
  if (refusal !== undefined) {
    return made(
      `The binary of ${wanted} cannot be loaded here (${refusal}): get the one of this version with ${install}`
    )
  }
  if (!PUBLISHED.includes(platform)) {
    return made(`There is no binary of ${name} for ${platform}, only for ${PUBLISHED.join(', ')}`)
  }
  return made(
    `The binary of ${name} for this platform is not installed: get the package ${wanted} with ${install}`
  )

  function made(message) {
    const error = new Error(message, { cause: failure })
    const isThere = refusal !== undefined || forbidden !== undefined
    error.code = isThere ? 'ERR_DLOPEN_FAILED' : 'MODULE_NOT_FOUND'
    return error
  }
}

// What keeps every addon from being loaded here, whether or not this one is installed.
const FORBIDDEN = [
  [
    /loading addons is disabled/,
    'Node.js was told to load no addons (`--no-addons`, or `--permission` without `--allow-addons`)'
  ],
  [
    /Access to this API has been restricted/,
    'the permission model of Node.js forbids it: allow the reading of its files and `--allow-addons`'
  ],
  [
    /Dynamic require of|require is not defined/,
    'a bundler has left it no `require`: leave the package out of the bundle (`external`)'
  ]
]

function forbiddenIn(failure) {
  const messages = messagesOf(failure)
  return FORBIDDEN.find(([words]) => messages.some((message) => words.test(message)))?.[1]
}

// What the system said of a binary that is there; the system names the file, whichever the system.
function refusalIn(failure) {
  const refusal = messagesOf(failure).find(
    (message) => message.includes('.node') && !message.startsWith('Cannot find module')
  )
  return refusal?.replace(/\s+/g, ' ').trim()
}

// The loader tries several places and chains what went wrong, without the codes.
function messagesOf(failure) {
  const messages = []
  for (let at = failure; at; at = at.cause) messages.push(String(at.message))
  return messages
}

try {
  module.exports = withoutContext(() => require('../native'))
} catch (error) {
  throw explained(error)
}
