'use strict'

// Gemini: POST /gemini/v1beta/models/{model}:generateContent and :streamGenerateContent
// https://ai.google.dev/api/generate-content

const { argumentsOf } = require('../content')
const { googleError, gatewayError } = require('../errors')
const { words } = require('../pieces')
const { signatureOf } = require('../signature')
const { GEMINI_RULES, camelCased } = require('../strict/gemini')
const models = require('../strict/models')

const FINISH_REASONS = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY'
}

function view({ headers, body }, { params: { model } }) {
  return { headers, body: camelCased(body), model, facts: models.gemini(model) }
}

function refusal({ message, gateway }, { requestId }) {
  return gateway ? gatewayError(message, requestId, { native: true }) : googleError(message)
}

function issue(issued, payload, { params: { model } }) {
  issued.issue(payload, () => ({ model }))
}

function readTurn({ body, path, query }, { params }) {
  const contents = body?.contents ?? []
  const config = body?.generationConfig ?? {}
  const lastUser = contents.findLast(
    (content) => content.role !== 'model' && textOf(content) !== ''
  )
  const responses = (contents.at(-1)?.parts ?? []).filter((part) => part.functionResponse)
  const endsWithResponse = contents.at(-1)?.parts?.at(-1)?.functionResponse !== undefined
  return {
    model: params.model,
    stream: streaming(path, query),
    promptText: JSON.stringify([body?.systemInstruction, contents]),
    userText: textOf(lastUser),
    toolResult: endsWithResponse
      ? responses.map(({ functionResponse }) => resultOf(functionResponse.response)).join('; ')
      : undefined,
    ...toolsOf(body ?? {}),
    outputSchema: outputSchema(config),
    wantsReasoning: config.thinkingConfig?.includeThoughts === true,
    wantsImage: config.responseModalities?.includes('IMAGE') ?? false,
    choiceCount: config.candidateCount ?? 1
  }
}

// Without `alt=sse` Google streams one JSON array.
function streaming(path, query) {
  if (!path.endsWith(':streamGenerateContent')) return false
  return query.alt === 'sse' ? true : 'array'
}

function textOf(content) {
  return (content?.parts ?? [])
    .filter(({ text, thought }) => typeof text === 'string' && !thought)
    .map(({ text }) => text)
    .join('')
}

function resultOf(response) {
  const values = Object.values(response ?? {})
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(response)
}

function toolsOf({ tools, toolConfig }) {
  const declared = (tools ?? []).flatMap((tool) => tool.functionDeclarations ?? [])
  const { mode, allowedFunctionNames: allowed } = toolConfig?.functionCallingConfig ?? {}
  const offered =
    allowed?.length > 0 ? declared.filter(({ name }) => allowed.includes(name)) : declared
  const forced = allowed?.length === 1 ? { name: allowed[0] } : 'required'
  return {
    tools: offered.map((tool) => ({
      name: tool.name,
      schema: tool.parametersJsonSchema ?? tool.parameters
    })),
    toolChoice: mode === 'ANY' ? forced : mode?.toLowerCase()
  }
}

function outputSchema({ responseMimeType, responseJsonSchema, responseSchema }) {
  if (responseJsonSchema ?? responseSchema) return responseJsonSchema ?? responseSchema
  return responseMimeType === 'application/json'
    ? { type: 'object', properties: { answer: { type: 'string' } } }
    : undefined
}

function renderWhole(answer, _turn, context) {
  const candidates = answer.choices.map((choice) => ({
    content: { parts: partsOf(choice.message, answer.model, (text) => [text]), role: 'model' },
    finishReason: finishReason(choice),
    index: choice.index,
    ...grounding(choice.message)
  }))
  return response(candidates, usageOf(answer.usage), answer, context)
}

function renderEvents(answer, _turn, context) {
  return answer.choices.flatMap((choice, position) => {
    const parts = partsOf(choice.message, answer.model, words)
    const pieces = parts.length > 0 ? parts : [{ text: '' }]
    return pieces.map((part, place) => {
      const isLast = place === pieces.length - 1
      const candidate = {
        content: { parts: [part], role: 'model' },
        ...(isLast && { finishReason: finishReason(choice) }),
        index: choice.index,
        ...(isLast && grounding(choice.message))
      }
      const isEnd = isLast && position === answer.choices.length - 1
      return response(
        [candidate],
        isEnd ? usageOf(answer.usage) : usageSoFar(answer.usage),
        answer,
        context
      )
    })
  })
}

function response(candidates, usageMetadata, answer, { number }) {
  return {
    candidates,
    usageMetadata,
    modelVersion: answer.model,
    responseId: answer.id ?? `mock${number}`
  }
}

// The thought's signature rides on the first function call, or else on the last part of the text. Gemini 3 signs
// calls without a thought too, and its models that draw sign what begins an answer and every image.
function partsOf(message, model, cut) {
  const {
    reasoning_content: thought,
    content,
    refusal,
    tool_calls: calls = [],
    images = []
  } = message
  const { signed, images: draws } = models.gemini(model)
  const ofThought = thought ? signature(thought) : {}
  const texts = cut(content ?? refusal ?? '').filter((text) => text !== '')
  const drawn = signed && draws
  return [
    ...(thought ? cut(thought) : []).map((text) => ({ text, thought: true })),
    ...texts.map((text, place) => ({
      text,
      ...(drawn && place === 0 && signature(text)),
      ...(calls.length === 0 && place === texts.length - 1 && ofThought)
    })),
    ...calls.map((call, place) => ({
      functionCall: functionCall(call),
      ...(place === 0 && signed && signature(JSON.stringify(call))),
      ...(place === 0 && ofThought),
      ...givenSignature(call)
    })),
    ...images.map(({ image_url: { url } }) => ({
      inlineData: inlineData(url),
      ...(drawn && signature(url))
    }))
  ]
}

function signature(text) {
  return { thoughtSignature: signatureOf(text) }
}

function functionCall({ id, function: called }) {
  return { ...(id !== undefined && { id }), name: called.name, args: argumentsOf(called.arguments) }
}

// Google's own place for it in an OpenAI-shaped answer.
function givenSignature({ extra_content: extra }) {
  const given = extra?.google?.thought_signature
  return given === undefined ? {} : { thoughtSignature: given }
}

function inlineData(dataUrl) {
  const [, mimeType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(dataUrl) ?? [
    dataUrl,
    'image/png',
    ''
  ]
  return { mimeType, data }
}

function finishReason({ finish_reason: reason, native_finish_reason: native }) {
  return native ?? FINISH_REASONS[reason] ?? 'STOP'
}

function grounding({ annotations }) {
  const links = (annotations ?? [])
    .filter(({ type }) => type === 'url_citation')
    .map((annotation) => annotation.url_citation)
  if (links.length === 0) return {}
  return {
    groundingMetadata: {
      groundingChunks: links.map(({ url, title }) => ({ web: { uri: url, title } })),
      groundingSupports: links.map(({ start_index: startIndex, end_index: endIndex }, index) => ({
        segment: { startIndex, endIndex },
        groundingChunkIndices: [index]
      }))
    }
  }
}

// OpenAI counts the reasoning among what was written; Google counts it apart.
function usageOf(usage) {
  const thoughts = usage.completion_tokens_details.reasoning_tokens ?? 0
  const cached = usage.prompt_tokens_details.cached_tokens ?? 0
  return {
    ...usageSoFar(usage),
    candidatesTokenCount: usage.completion_tokens - thoughts,
    totalTokenCount: usage.total_tokens,
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    ...(cached > 0 && { cachedContentTokenCount: cached })
  }
}

function usageSoFar({ prompt_tokens: prompt }) {
  return {
    promptTokenCount: prompt,
    totalTokenCount: prompt,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }]
  }
}

module.exports = {
  rules: GEMINI_RULES,
  view,
  refusal,
  issue,
  readTurn,
  renderWhole,
  renderEvents,
  namesEvents: false,
  native: true
}
