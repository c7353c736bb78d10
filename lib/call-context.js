'use strict'

// The asynchronous context (`AsyncLocalStorage`) of a call, for the functions of the caller's that are called on
// its way. Answers arrive in nobody's context.

const { AsyncResource } = require('node:async_hooks')

class CallContext extends AsyncResource {
  constructor() {
    super('AIHUBMIX_CALL')
  }

  // For tools that look for what keeps a process alive: this does not.
  hasRef() {
    return false
  }

  run(work) {
    return this.runInAsyncScope(work)
  }
}

// How Node.js keeps contexts in a resource, up to version 22 and from 24 on.
const KEPT = ['kResourceStore', 'context_frame']

// Does `work` in no context, for what lives longer than any call: else the context of the first caller would
// be kept for good. There is no public way to one.
function withoutContext(work) {
  const resource = new CallContext()
  for (const symbol of Object.getOwnPropertySymbols(resource)) {
    if (KEPT.includes(symbol.description)) resource[symbol] = undefined
  }
  return resource.run(work)
}

module.exports = { CallContext, withoutContext }
