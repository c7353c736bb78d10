'use strict'

// GET and DELETE /v1/responses/{id}, POST …/cancel: answers that are kept, those in the background too.
// https://platform.openai.com/docs/api-reference/responses/get
// An answer in the background moves one step with every retrieval: queued -> in_progress -> its end.

const { openaiError } = require('../errors')
const { eventStreamReply, jsonReply } = require('../replies')
const { encodeEvent } = require('../sse')
const { eventsOf } = require('../wires/responses-events')

const STEPS = ['queued', 'in_progress']

class ResponseStore {
  #kept = new Map()

  // The answer as it is at first.
  add(whole, background) {
    const kept = { whole: { ...whole, background }, step: background ? 0 : STEPS.length }
    this.#kept.set(whole.id, kept)
    return shown(kept)
  }

  find(id) {
    const kept = this.#kept.get(id)
    if (kept !== undefined) return kept
    throw openaiError(`Response with id '${id}' not found.`, { status: 404, param: 'id' })
  }

  delete(id) {
    this.find(id)
    this.#kept.delete(id)
  }

  clear() {
    this.#kept.clear()
  }
}

const retrieve = {
  answer({ query }, { state, params: { id } }) {
    const kept = state.responses.find(id)
    if (query.stream === 'true') return replayed(kept, query.starting_after)
    kept.step += 1
    return jsonReply(shown(kept))
  }
}

const cancel = {
  answer(_request, { state, params: { id } }) {
    const kept = state.responses.find(id)
    if (!kept.whole.background) {
      throw openaiError('Only responses created with background=true can be cancelled.', {
        status: 400
      })
    }
    if (kept.step < STEPS.length) {
      kept.whole = { ...begun(kept.whole), status: 'cancelled' }
      kept.step = STEPS.length
    }
    return jsonReply(shown(kept))
  }
}

const remove = {
  answer(_request, { state, params: { id } }) {
    state.responses.delete(id)
    return jsonReply({ id, object: 'response', deleted: true })
  }
}

function shown({ whole, step }) {
  return step < STEPS.length ? { ...begun(whole), status: STEPS[step] } : whole
}

function begun(whole) {
  return { ...whole, status: 'in_progress', completed_at: null, output: [], usage: null }
}

function replayed({ whole }, after = '-1') {
  const events = eventsOf(begun(whole), whole)
  const rest = events.filter(({ sequence_number: number }) => number > Number(after))
  return eventStreamReply(rest.map((payload) => encodeEvent(payload, true)))
}

module.exports = { ResponseStore, cancel, remove, retrieve }
