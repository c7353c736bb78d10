'use strict'

// The result of a tool as OpenAI's message, and what the user decided about a tool of the vendor.

const { filePart } = require('./files')
const { markOf, marked } = require('./marks')
const { stringify } = require('../stringify')

function toolMessage(part, message, context) {
  const { output, toolCallId } = part
  const cached = markOf(part) ?? markOf(output) ?? pieceMark(output) ?? markOf(message)
  const content = resultContent(output, context)
  const made = { role: 'tool', tool_call_id: toolCallId, content }
  // The others have no place for it; what went wrong stands in the text.
  if (context.route === 'anthropic' && output.type.startsWith('error-')) made.is_error = true
  if (cached === undefined) return made
  const pieces = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  return {
    ...made,
    content: [...pieces.slice(0, -1), ...pieces.slice(-1).map((last) => marked(last, cached))]
  }
}

function pieceMark(output) {
  if (output.type !== 'content') return undefined
  return output.value.map((piece) => markOf(piece)).find((mark) => mark !== undefined)
}

function resultContent(output, context) {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'execution-denied':
      return output.reason ?? 'The execution of the tool was denied.'
    case 'content':
      return output.value.flatMap((piece) => resultPiece(piece, context))
    default:
      return stringify(output.value)
  }
}

function resultPiece(piece, { route, warn }) {
  if (piece.type === 'text') return [{ type: 'text', text: piece.text }]
  if (piece.type === 'file') return [filePart(piece, route)]
  const { type, toolName } = piece.providerOptions?.anthropic ?? {}
  if (type === 'tool-reference') return [{ type: 'tool_reference', tool_name: toolName }]
  warn(piece.type, 'a piece of a result of this kind has no place in a chat, and was left out')
  return []
}

// The entry by which the model's turn says that a call was allowed, or was not; undefined where no call waits for it.
function approvalDetail({ approvalId, approved, reason }, asking) {
  const isAsked = ({ type, id }) => type === 'mcp_approval_request' && id === approvalId
  if (!asking?.reasoning_details?.some(isAsked)) return undefined
  return {
    format: 'aihubmix.responses',
    type: 'mcp_approval_response',
    approval_request_id: approvalId,
    approve: approved,
    ...(reason && { reason })
  }
}

module.exports = { approvalDetail, toolMessage }
