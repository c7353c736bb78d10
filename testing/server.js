'use strict'

// The gateway: takes requests, records them, and has each one answered by the first
// script in the queue that fits or else by the endpoint the path names.

const { listen } = require('./loopback')
const { receive } = require('./request')
const { findEndpoint } = require('./routes')
const { checkCredentials } = require('./credentials')
const { PromptCache } = require('./prompt-cache')
const { Rulebook } = require('./strict/rulebook')
const { ScriptQueue } = require('./script-queue')
const { scriptedReply } = require('./scripted-reply')
const { deliver } = require('./faults')
const { Refusal, gatewayError } = require('./errors')
const { jsonReply } = require('./replies')
const { ResponseStore } = require('./resources/responses')
const { VideoStore } = require('./resources/videos')

async function startMockGateway(options = {}) {
  const { apiKey, strict } = knownOptions(options)
  const state = {
    requests: [],
    scripts: new ScriptQueue(),
    videos: new VideoStore(),
    responses: new ResponseStore(),
    rulebook: new Rulebook(strict),
    promptCache: new PromptCache(),
    served: 0,
    closedEarly: 0,
    apiKey
  }
  const server = await listen((incoming, response) => exchange(state, incoming, response), giveUp)
  state.server = server

  return {
    url: server.url,
    requests: state.requests,
    refusals: state.rulebook.refusals,
    rules: state.rulebook.rules,
    get openSockets() {
      return server.openSockets
    },
    get closedEarly() {
      return state.closedEarly
    },
    get pendingScripts() {
      return state.scripts.length
    },
    enqueue(scripts) {
      state.scripts.add(scripts)
    },
    disown() {
      state.rulebook.issued?.disown()
    },
    reset() {
      state.requests.length = 0
      state.scripts.clear()
      state.videos.clear()
      state.responses.clear()
      state.rulebook.clear()
      state.promptCache.clear()
      state.served = 0
      state.closedEarly = 0
    },
    close: server.close
  }
}

async function exchange(state, incoming, response) {
  state.served += 1
  const requestId = `mock-${String(state.served).padStart(6, '0')}`
  let cutByScript = false
  response.once('close', () => {
    if (!response.writableFinished && !cutByScript && !state.server.closing) state.closedEarly += 1
  })
  response.setHeader('X-Request-Id', requestId)

  const request = await receive(incoming)
  if (request === undefined) return
  state.requests.push(request)

  const { endpoint, params } = findEndpoint(request)
  const { served: number, server } = state
  const context = { state, request, params, requestId, number, url: server.url }
  const refused = state.rulebook.isStrict ? refusalOf(request, endpoint, context) : undefined
  const script = refused ? undefined : state.scripts.take(request)
  const reply = refused ?? answer(request, endpoint, script, context)
  await deliver(response, reply, script ?? {}, () => {
    cutByScript = true
  })
}

// A strict gateway looks at every request, whatever a script would answer to it.
function refusalOf(request, endpoint, context) {
  if (endpoint?.wire === undefined) return undefined
  return attempt(context, () => {
    checkBody(request, endpoint, context)
    context.state.rulebook.examine(endpoint.wire, request, context)
  })
}

// Any other script answers in place of the gateway: it goes before every check of the request.
function answer(request, endpoint, script, context) {
  const reply = attempt(context, () => {
    const scripted = script && scriptedReply(script, request, endpoint, context)
    return scripted ?? unscriptedReply(request, endpoint, context)
  })
  if (script === undefined) return reply
  return {
    ...reply,
    status: script.status ?? reply.status,
    headers: { ...reply.headers, ...script.headers }
  }
}

function attempt(context, makeReply) {
  try {
    return makeReply()
  } catch (error) {
    const { body, status } =
      error instanceof Refusal ? error : failure(error.message, context.requestId)
    return jsonReply(body, status)
  }
}

// A fault of the gateway's own, or of a script's `match`, must not look like a fault of the network.
function giveUp(response, message) {
  response.writeHead(500, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(failure(message, response.getHeader('X-Request-Id')).body))
}

function failure(message, requestId) {
  return gatewayError(`the mock gateway failed: ${message}`, requestId, { status: 500 })
}

function unscriptedReply(request, endpoint, context) {
  if (endpoint === undefined) {
    throw new Refusal(404, {
      error: {
        message: `Invalid URL (${request.method} ${request.path})`,
        type: 'invalid_request_error',
        param: '',
        code: ''
      }
    })
  }
  checkCredentials(request, endpoint, context)
  checkBody(request, endpoint, context)
  const { rulebook } = context.state
  if (endpoint.wire !== undefined && !rulebook.isStrict) {
    rulebook.examine(endpoint.wire, request, context)
  }
  return endpoint.answer(request, context)
}

function checkBody({ malformedBody }, { native }, { requestId }) {
  if (malformedBody)
    throw gatewayError(`invalid JSON in the request body: ${malformedBody}`, requestId, { native })
}

const OPTIONS = ['apiKey', 'strict']

function knownOptions(options) {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name))
      throw new TypeError(
        `startMockGateway: unknown option "${name}" (known: ${OPTIONS.join(', ')})`
      )
  }
  return options
}

module.exports = { startMockGateway }
