'use strict'

// Who may ask. The gateway takes any of its three headers (or Gemini's `?key=`) on any route.

const { gatewayError } = require('./errors')

function checkCredentials(request, endpoint, context) {
  if (endpoint.open) return
  const key = presentedKey(request)
  const { native } = endpoint
  if (key === undefined)
    throw gatewayError('no key provided', context.requestId, { status: 401, native })

  const { apiKey } = context.state
  if (apiKey !== undefined && bare(key) !== bare(apiKey)) {
    // The real gateway echoes the key it was shown, without its `sk-`.
    throw gatewayError(`Invalid token: ${bare(key)}`, context.requestId, { status: 401, native })
  }
}

function presentedKey({ headers, query }) {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return bearer || headers['x-api-key'] || headers['x-goog-api-key'] || query.key || undefined
}

function bare(key) {
  return key.replace(/^sk-/, '')
}

module.exports = { checkCredentials }
