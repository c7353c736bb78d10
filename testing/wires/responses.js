'use strict'

// OpenAI Responses: POST /v1/responses
// https://platform.openai.com/docs/api-reference/responses
// What is asked is read and checked here; how the answer is streamed stands in responses-events.js.

const { textOf } = require('../content')
const { openaiError, gatewayError } = require('../errors')
const { signatureOf } = require('../signature')
const models = require('../strict/models')
const { RESPONSES_RULES, itemsOf } = require('../strict/responses')
const { eventsOf } = require('./responses-events')

function view({ headers, body }) {
  const model = body?.model
  return { headers, body, model, facts: models.openai(model), items: itemsOf(body ?? {}) }
}

function refusal({ message, gateway, status, param, code }, { requestId }) {
  return gateway
    ? gatewayError(message, requestId, { native: true })
    : openaiError(message, { status, param, code })
}

function issue(issued, payload, { request: { body } }) {
  issued.issue(payload, () => ({ model: body?.model }))
}

function readTurn({ body }) {
  const input =
    typeof body?.input === 'string' ? [{ role: 'user', content: body.input }] : (body?.input ?? [])
  const lastUser = input.findLast(({ role }) => role === 'user')
  return {
    model: body?.model,
    stream: body?.stream === true,
    promptText: JSON.stringify([body?.instructions, input]),
    userText: textOf(lastUser?.content),
    toolResult: toolResult(input),
    tools: (body?.tools ?? [])
      .filter(({ type }) => type === 'function')
      .map(({ name, parameters }) => ({ name, schema: parameters })),
    toolChoice:
      typeof body?.tool_choice === 'object' ? (body.tool_choice ?? undefined) : body?.tool_choice,
    outputSchema: outputSchema(body?.text?.format),
    wantsReasoning: Boolean(body?.reasoning) && body.reasoning.effort !== 'none',
    wantsEncryptedReasoning: body?.include?.includes('reasoning.encrypted_content') ?? false,
    request: body ?? {}
  }
}

// The outputs at the end of the input, if it ends with one.
function toolResult(input) {
  const before = input.findLastIndex(({ type }) => type !== 'function_call_output')
  const outputs = input.slice(before + 1)
  return outputs.length === 0 ? undefined : outputs.map(({ output }) => textOf(output)).join('; ')
}

function outputSchema(format) {
  if (format?.type === 'json_schema') return format.schema ?? {}
  return format?.type === 'json_object'
    ? { type: 'object', properties: { answer: { type: 'string' } } }
    : undefined
}

function renderWhole(answer, turn, context) {
  const choice = answer.choices[0]
  const reason = incompleteReason(choice)
  return {
    ...envelope(answer, turn, context),
    status: reason ? 'incomplete' : 'completed',
    completed_at: reason ? null : answer.created + 1,
    incomplete_details: reason ? { reason } : null,
    output: outputItems(choice.message, reason, turn, context),
    usage: usageOf(answer.usage)
  }
}

function renderEvents(answer, turn, context) {
  const whole = renderWhole(answer, turn, context)
  return eventsOf({ ...envelope(answer, turn, context), status: 'in_progress', output: [] }, whole)
}

// For those who ask for it later.
function keep(whole, { request }, { state }) {
  const background = request.background === true
  return request.store === false && !background ? undefined : state.responses.add(whole, background)
}

// A response repeats what was asked of it.
function envelope(answer, { request }, { number }) {
  return {
    id: answer.id ?? `resp_mock${number}`,
    object: 'response',
    created_at: answer.created,
    completed_at: null,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model: answer.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: null, summary: null, ...request.reasoning },
    service_tier: 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: { type: 'text' }, ...request.text },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map((tool) =>
      tool.type === 'function' ? { strict: true, ...tool } : tool
    ),
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: null,
    user: request.user ?? null,
    metadata: request.metadata ?? {}
  }
}

function incompleteReason({ finish_reason: reason, message }) {
  if (reason === 'length') return 'max_output_tokens'
  return reason === 'content_filter' && !message.refusal ? 'content_filter' : undefined
}

function outputItems(message, incomplete, turn, { number }) {
  const {
    reasoning_content: thought,
    content,
    refusal,
    tool_calls: calls = [],
    images = []
  } = message
  const items = []
  if (thought) {
    const encrypted = turn.wantsEncryptedReasoning
      ? { encrypted_content: signatureOf(thought) }
      : {}
    items.push({
      id: `rs_mock${number}`,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: thought }],
      ...encrypted
    })
  }
  if (content || refusal) {
    const status = incomplete ? 'incomplete' : 'completed'
    items.push({
      id: `msg_mock${number}`,
      type: 'message',
      status,
      role: 'assistant',
      content: contentParts(message)
    })
  }
  for (const { id, serial, function: called } of calls) {
    items.push({
      id: `fc_mock_${serial}`,
      type: 'function_call',
      status: 'completed',
      call_id: id ?? `call_mock_${serial}`,
      name: called.name,
      arguments: called.arguments
    })
  }
  for (const [place, { image_url: image }] of images.entries()) {
    const result = image.url.replace(/^data:[^,]*,/, '')
    items.push({
      id: `ig_mock${number}_${place}`,
      type: 'image_generation_call',
      status: 'completed',
      result
    })
  }
  return items
}

function contentParts({ content, refusal, annotations = [] }) {
  const flat = annotations.map(({ type, url_citation: link }) => ({ type, ...link }))
  return [
    ...(content ? [{ type: 'output_text', text: content, annotations: flat, logprobs: [] }] : []),
    ...(refusal ? [{ type: 'refusal', refusal }] : [])
  ]
}

function usageOf(usage) {
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: { cached_tokens: usage.prompt_tokens_details.cached_tokens },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: usage.completion_tokens_details.reasoning_tokens },
    total_tokens: usage.total_tokens
  }
}

module.exports = {
  rules: RESPONSES_RULES,
  view,
  refusal,
  issue,
  readTurn,
  renderWhole,
  keep,
  renderEvents,
  namesEvents: true,
  native: true
}
