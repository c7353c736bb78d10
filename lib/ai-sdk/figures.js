'use strict'

// Usage, finish reasons, warnings and headers in the AI SDK's words.

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls'
}

function finishReasonOf(choice) {
  const reason = choice?.finish_reason
  return {
    unified: FINISH_REASONS[reason] ?? 'other',
    raw: choice?.native_finish_reason ?? reason ?? undefined
  }
}

function usageOf(usage, vendor) {
  const prompt = usage?.prompt_tokens_details
  const total = usage?.prompt_tokens
  const cacheRead = prompt?.cached_tokens
  const cacheWrite = prompt?.cache_creation_tokens ?? prompt?.cache_write_tokens
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens
  const written = usage?.completion_tokens
  return {
    inputTokens: {
      total,
      noCache: total === undefined ? undefined : total - (cacheRead ?? 0) - (cacheWrite ?? 0),
      cacheRead,
      cacheWrite
    },
    outputTokens: {
      total: written,
      text: written === undefined ? undefined : written - (reasoning ?? 0),
      reasoning
    },
    ...(usage && { raw: vendor?.usage ?? usage })
  }
}

// Codes of warnings (docs/translation.md) by the AI SDK's kinds; any other is `other`.
const KINDS = {
  unsupported_parameter: 'unsupported',
  unsupported_value: 'unsupported',
  unsupported_content: 'unsupported',
  unsupported_tool: 'unsupported',
  clamped: 'compatibility',
  approximated: 'compatibility',
  schema_simplified: 'compatibility',
  rerouted: 'compatibility',
  revised: 'compatibility',
  deprecated_model: 'deprecated'
}

function warningsOf(warnings) {
  return (warnings ?? []).map(({ code, param, message }) => {
    const type = KINDS[code] ?? 'other'
    if (type === 'deprecated') return { type, setting: param ?? 'model', message }
    if (type === 'other') {
      return { type, message: param === undefined ? message : `${param}: ${message}` }
    }
    return { type, feature: param ?? code, details: message }
  })
}

function headersOf(headers) {
  return Object.fromEntries(headers)
}

module.exports = { finishReasonOf, headersOf, usageOf, warningsOf }
