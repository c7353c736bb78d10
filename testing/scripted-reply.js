'use strict'

// Turns a script into the reply it describes, in the form of the endpoint that was called.

const { completeAnswer } = require('./answer')
const { gatewayError } = require('./errors')
const { jsonReply, textReply, eventStreamReply } = require('./replies')
const { encodeScriptedEvent, payloadsOf } = require('./sse')

const MESSAGES = {
  400: 'Bad request',
  401: 'Invalid token',
  402: 'Your account balance is insufficient. Please recharge and try again',
  403: 'You do not have permission to use this model',
  404: 'The resource was not found',
  408: 'Request timeout',
  429: 'Too many requests',
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service temporarily unavailable',
  504: 'Gateway timeout',
  529: 'Overloaded'
}

/** @returns a reply, or undefined for a script that has no body of its own (faults, headers) */
function scriptedReply(script, request, endpoint, context) {
  if (script.json !== undefined) {
    issueIn([script.json], endpoint, context)
    return jsonReply(script.json)
  }
  if (script.text !== undefined) return textReply(script.text)
  if (script.sse !== undefined) {
    const named = endpoint?.wire?.namesEvents ?? false
    issueIn(script.sse.flatMap(payloadsOf), endpoint, context)
    return eventStreamReply(script.sse.map((entry) => encodeScriptedEvent(entry, named)))
  }
  if (script.status >= 400) {
    const message =
      typeof script.chat === 'string'
        ? script.chat
        : (MESSAGES[script.status] ?? `Error ${script.status}`)
    throw gatewayError(message, context.requestId, {
      status: script.status,
      native: endpoint?.native
    })
  }
  if (script.chat !== undefined) {
    if (endpoint?.renderImages !== undefined) return endpoint.renderImages(script.chat)
    if (endpoint?.wire === undefined) {
      throw gatewayError(
        `a chat script met ${request.method} ${request.path}, which is no chat route`,
        context.requestId,
        { status: 500 }
      )
    }
    const turn = endpoint.readTurn(request, context)
    return endpoint.render(completeAnswer(script.chat, turn, context), turn, context)
  }
  return undefined
}

// What a script says in the vendor's name is the vendor's own.
function issueIn(payloads, endpoint, context) {
  if (endpoint?.wire === undefined) return
  for (const payload of payloads) context.state.rulebook.issue(endpoint.wire, payload, context)
}

module.exports = { scriptedReply }
