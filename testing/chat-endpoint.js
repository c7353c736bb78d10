'use strict'

// An endpoint that answers chats on one wire. A wire is:
//
//   check(request, context)               throws a Refusal for what the vendor would refuse
//   readTurn(request, context)            what was asked, in one form for all wires:
//     { model, stream, userText, promptText, toolResult?, tools: [{ name, schema }], outputSchema?,
//       toolChoice?: 'auto' | 'none' | 'required' | { name }, wantsReasoning, wantsImage?, choiceCount? }
//   renderWhole(answer, turn, context)    the whole answer's JSON
//   renderEvents(answer, turn, context)   the payloads of the streamed answer's events
//   namesEvents                           whether events carry an `event:` line
//   native                                whether the gateway's own errors have a top-level type there

const { completeAnswer } = require('./answer')
const { defaultAnswer } = require('./default-answer')
const { jsonReply, eventStreamReply } = require('./replies')
const { encodeEvent } = require('./sse')

function chatEndpoint(wire) {
  const render = (answer, turn, context) => {
    if (!turn.stream) return jsonReply(wire.renderWhole(answer, turn, context))
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
      wire.check(request, context)
      const turn = wire.readTurn(request, context)
      return render(completeAnswer(defaultAnswer(turn), turn, context), turn, context)
    }
  }
}

module.exports = { chatEndpoint }
