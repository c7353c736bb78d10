'use strict'

// What the vendor did besides speaking, as parts that an application can show. All of it is read out of the entries of
// an answer's state (`reasoning_details`), which stay where they are: they go back to the vendor, these parts do not.
//
// | entry | part |
// |---|---|
// | `server_tool_use`, `mcp_tool_use`, `…_call`; code that ran on Gemini | `tool-call`, `providerExecuted` |
// | `…_tool_result`, what a `…_call` came to; what code of Gemini's wrote | `tool-result` |
// | `mcp_approval_request` | `tool-call` and `tool-approval-request` |
// | a picture that was made while thinking | `reasoning-file` |
// | any other (`compaction`, `container_upload`, `mcp_list_tools`, a call that waits for the caller, …) | `custom` |

const { NAMESPACE, isReasoning } = require('./state')
const { stringify } = require('../stringify')

const PREFIX = 'aihubmix.'
// The names of the vendors by the format of their entries.
const VENDORS = { anthropic: 'anthropic', gemini: 'google', responses: 'openai' }
// Entries that stand for another part of the answer.
const SPOKEN = new Set([
  'text',
  'message',
  'thought',
  'function_call',
  'custom_tool_call',
  'tool_use',
  'image',
  'image_generation_call',
  'audio'
])
// Calls of Responses that the caller is to answer: https://platform.openai.com/docs/guides/tools
const CALLERS = new Set(['apply_patch_call', 'computer_call', 'local_shell_call', 'shell_call'])

// Reads the entries of one answer, in their order.
class VendorParts {
  // The last code that ran on Gemini: its result follows, often without an id.
  #code

  of({ at, entry }) {
    const vendor = vendorOf(entry)
    if (vendor === undefined || isReasoning(entry) || SPOKEN.has(entry.type)) return []
    if (vendor === 'google') return this.#googleParts(entry, at)
    return callParts(entry) ?? resultParts(entry) ?? approvalParts(entry) ?? [custom(vendor, entry)]
  }

  #googleParts(entry, at) {
    const { executableCode, codeExecutionResult, inlineData, thought, ...rest } = entry.part ?? {}
    if (executableCode) {
      this.#code = executableCode.id ?? `${CODE}-${at}`
      return [call(this.#code, CODE, executableCode)]
    }
    if (codeExecutionResult) {
      const { id = this.#code, outcome } = codeExecutionResult
      return [result(id, CODE, codeExecutionResult, outcome !== 'OUTCOME_OK')]
    }
    if (thought && inlineData?.data) return [thoughtFile(inlineData)]
    // A signature alone.
    if (inlineData === undefined && Object.keys(rest).every((key) => key === 'thoughtSignature')) {
      return []
    }
    return [custom('google', entry)]
  }
}

const CODE = 'code_execution'

function vendorOf(entry) {
  const { format, type } = entry ?? {}
  if (typeof format !== 'string' || typeof type !== 'string') return undefined
  return format.startsWith(PREFIX) ? VENDORS[format.slice(PREFIX.length)] : undefined
}

function callParts(entry) {
  const { type } = entry
  if (type === 'server_tool_use' || type === 'mcp_tool_use') {
    return [call(entry.id, entry.name, entry.input ?? {})]
  }
  if (!type.endsWith('_call') || CALLERS.has(type)) return undefined
  const { format, type: _type, id, status, ...rest } = entry
  const name = type.slice(0, -'_call'.length)
  return [call(id, name, rest.action ?? {}), result(id, name, { status, ...rest })]
}

function resultParts(entry) {
  if (!entry.type.endsWith('_tool_result')) return undefined
  const name = entry.type.slice(0, -'_tool_result'.length)
  const isError =
    entry.is_error === true ||
    (typeof entry.content?.type === 'string' && entry.content.type.endsWith('_error'))
  return [result(entry.tool_use_id, name, entry.content ?? null, isError)]
}

function approvalParts({ type, id, name, arguments: input }) {
  if (type !== 'mcp_approval_request') return undefined
  return [
    { ...call(id, name, {}), input: input ?? '{}' },
    { type: 'tool-approval-request', approvalId: id, toolCallId: id }
  ]
}

function thoughtFile({ mimeType: mediaType, data }) {
  return { type: 'reasoning-file', mediaType, data: { type: 'data', data }, ...shown({}) }
}

function custom(vendor, { format, ...block }) {
  return { type: 'custom', kind: `${vendor}.${block.type}`, ...shown({ block }) }
}

// Marks a part that is only shown.
function shown(members) {
  return { providerMetadata: { [NAMESPACE]: { shown: true, ...members } } }
}

function call(toolCallId, toolName, input) {
  return {
    type: 'tool-call',
    toolCallId,
    toolName,
    input: stringify(input),
    providerExecuted: true,
    dynamic: true
  }
}

function result(toolCallId, toolName, value, isError = false) {
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    result: value ?? {},
    dynamic: true,
    ...(isError && { isError })
  }
}

module.exports = { VendorParts }
