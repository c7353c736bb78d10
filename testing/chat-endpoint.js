'use strict'

// An endpoint that answers chats on one wire. A wire is:
//
//   rules                                 what its vendors refuse: rows of strict/rulebook.js
//   view(request, context)                the request as those rules read it
//   refusal(found, context)               what a rule found, as the vendor answers it
//   issue(issued, payload, context)       notes the state (signatures, …) that an answer carries
//   readTurn(request, context)            what was asked, in one form for all wires:
//     { model, stream, userText, promptText, toolResult?, tools: [{ name, schema }], outputSchema?,
//       toolChoice?: 'auto' | 'none' | 'required' | { name }, wantsReasoning, wantsImage?, choiceCount?,
//       cachesMarksOnly? }
//   renderWhole(answer, turn, context)    the whole answer's JSON
//   renderEvents(answer, turn, context)   the payloads of the streamed answer's events
//   keep?(whole, turn, context)           keeps it for those who ask later; how it is shown at first
//   namesEvents                           whether events carry an `event:` line
//   native                                whether the gateway's own errors have a top-level type there

const { completeAnswer } = require('./answer')
const { defaultAnswer } = require('./default-answer')
const { jsonReply, eventStreamReply } = require('./replies')
const { encodeEvent } = require('./sse')

function chatEndpoint(wire) {
  const render = (answer, turn, context) => {
    const whole = wire.renderWhole(answer, turn, context)
    context.state.rulebook.issue(wire, whole, context)
    const shown = wire.keep?.(whole, turn, context) ?? whole
    if (!turn.stream) return jsonReply(shown)
    const events = wire.renderEvents(answer, turn, context)
    if (turn.stream === 'array') return jsonReply(events)
    return eventStreamReply(events.map((payload) => encodeEvent(payload, wire.namesEvents)))
  }
  return {
    wire,
    native: wire.native,
    readTurn: wire.readTurn,
    render,
    answer(request, context) {
      const turn = wire.readTurn(request, context)
      return render(completeAnswer(defaultAnswer(turn), turn, context), turn, context)
    }
  }
}

module.exports = { chatEndpoint }
