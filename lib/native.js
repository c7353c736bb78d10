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
  const refusal = refusalIn(failure)
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
    error.code = refusal === undefined ? 'MODULE_NOT_FOUND' : 'ERR_DLOPEN_FAILED'
    return error
  }
}

// What the system said of a binary that is there. The loader tries several places and chains their
// messages, without their codes; the system names the file, whichever the system.
function refusalIn(failure) {
  const messages = []
  for (let at = failure; at; at = at.cause) messages.push(String(at.message))
  const refusal = messages.find(
    (message) => message.includes('.node') && !message.startsWith('Cannot find module')
  )
  return refusal?.replace(/\s+/g, ' ').trim()
}

try {
  module.exports = withoutContext(() => require('../native'))
} catch (error) {
  throw explained(error)
}
