'use strict'

// What Gemini refuses in a conversation: roles, parts, calls and their responses, signatures.

const API = 'https://ai.google.dev/api/generate-content'
const FUNCTIONS = 'https://ai.google.dev/gemini-api/docs/function-calling'
const SIGNATURES = 'https://ai.google.dev/gemini-api/docs/thought-signatures'

// What Google documents for turns that another model made.
const SENTINELS = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

const HISTORY_RULES = [
  {
    id: 'gemini.role',
    page: API,
    always: true,
    check: ({ body }) =>
      body.contents.every(({ role }) => [undefined, 'user', 'model', 'function'].includes(role))
        ? undefined
        : 'Please use a valid role: user, model.'
  },
  {
    id: 'gemini.parts',
    page: API,
    always: true,
    check: ({ body }) => {
      const at = body.contents.findIndex(({ parts }) => !Array.isArray(parts) || parts.length === 0)
      return at < 0
        ? undefined
        : `* GenerateContentRequest.contents[${at}].parts: contents.parts must not be empty.`
    }
  },
  {
    id: 'gemini.part-data',
    page: API,
    check: ({ body }) => {
      const data = [
        'text',
        'inlineData',
        'fileData',
        'functionCall',
        'functionResponse',
        'executableCode',
        'codeExecutionResult',
        'toolCall',
        'toolResponse'
      ]
      for (const { part, at, place: where } of partsOf(body)) {
        const held = data.filter((name) => part[name] !== undefined)
        // A signature may stand alone.
        if (held.length === 0 && !part.thoughtSignature)
          return `* GenerateContentRequest.contents[${at}].parts[${where}].data: required oneof field 'data' must have one initialized field`
        if (held.length > 1)
          return `Invalid value at 'contents[${at}].parts[${where}]' (oneof), oneof field 'data' is already set. Cannot set '${held[1]}'`
      }
    }
  },
  {
    id: 'gemini.function-response-count',
    page: FUNCTIONS,
    always: true,
    check: ({ body: { contents } }) => {
      for (const [at, { parts }] of contents.entries()) {
        const responses = count(parts, 'functionResponse')
        const calls = count(contents[at - 1]?.parts, 'functionCall')
        if (responses !== calls)
          return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
      }
    }
  },
  {
    id: 'gemini.function-call-turn',
    page: FUNCTIONS,
    check: ({ body: { contents } }) => {
      const at = contents.findIndex(
        ({ parts }, i) =>
          count(parts, 'functionCall') > 0 && (i === 0 || contents[i - 1].role === 'model')
      )
      return at < 0
        ? undefined
        : 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.'
    }
  },
  {
    id: 'gemini.function-response',
    page: FUNCTIONS,
    check: ({ body }) => {
      for (const { part, at, place: where } of partsOf(body)) {
        const { functionResponse } = part
        if (functionResponse === undefined) continue
        const path = `contents[${at}].parts[${where}].function_response`
        const { name, response } = functionResponse
        if (!name) return `* GenerateContentRequest.${path}.name: Name cannot be empty.`
        if (response === null || typeof response !== 'object' || Array.isArray(response))
          return `Invalid value at '${path}.response' (type.googleapis.com/google.protobuf.Struct), ${JSON.stringify(response)}`
      }
    }
  },
  {
    id: 'gemini.function-response-name',
    page: FUNCTIONS,
    check: ({ body: { contents } }) => {
      for (const [at, { parts }] of contents.entries()) {
        const called = named(contents[at - 1]?.parts, 'functionCall')
        const answered = named(parts, 'functionResponse')
        if (called.length === answered.length && !sameNames(called, answered))
          return 'Please ensure that function response parts have the names of the function calls that they answer.'
      }
    },
    guess: 'the words'
  },
  {
    id: 'gemini.base64',
    page: API,
    check: ({ body }) => {
      for (const { part, at, place: where } of partsOf(body)) {
        const path = `contents[${at}].parts[${where}]`
        const { data, mimeType } = part.inlineData ?? {}
        if (part.inlineData !== undefined && !isBase64(data))
          return `Invalid value at '${path}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for "${String(data).slice(0, 40)}"`
        if (part.inlineData !== undefined && !/^[\w.+-]+\/[\w.+-]+/.test(mimeType ?? ''))
          return `Unsupported MIME type: ${mimeType ?? ''}`
        const { thoughtSignature: signature } = part
        if (signature !== undefined && !SENTINELS.includes(signature) && !isBase64(signature))
          return `Invalid value at '${path}.thought_signature' (TYPE_BYTES), Base64 decoding failed for "${String(signature).slice(0, 40)}"`
      }
    }
  },
  {
    id: 'gemini.signature',
    page: SIGNATURES,
    check: ({ body, issued }) => {
      for (const { part } of partsOf(body)) {
        const { thoughtSignature: signature } = part
        if (signature === undefined || SENTINELS.includes(signature)) continue
        if (issued.find(signature) === undefined) return 'Corrupted thought signature.'
      }
    }
  },
  {
    id: 'gemini.signature-missing',
    page: `${SIGNATURES}#function-calling`,
    check: ({ body: { contents }, facts }) => {
      if (!facts.signed) return undefined
      // Of the current turn alone: what stands behind the last words of the user's.
      const said = contents.findLastIndex(
        ({ role, parts }) => role !== 'model' && parts.some((part) => part.text !== undefined)
      )
      for (const [at, { role, parts }] of contents.entries()) {
        if (at <= said || role !== 'model') continue
        const first = parts.findIndex((part) => part.functionCall)
        if (first < 0 || parts[first].thoughtSignature) continue
        const { name } = parts[first].functionCall
        return (
          'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, ' +
          'and missing thought_signature may lead to degraded model performance. Additional data, function call ' +
          `\`default_api:${name}\` , position ${first + 1}. Please refer to ${SIGNATURES} for more details.`
        )
      }
    }
  },
  {
    id: 'gemini.image-signature-missing',
    page: `${SIGNATURES}#image-generation-editing`,
    check: ({ body: { contents }, facts }) => {
      if (!facts.images || !facts.signed) return undefined
      for (const [at, { role, parts }] of contents.entries()) {
        if (role !== 'model') continue
        const said = parts.filter((part) => !part.thought)
        const bare = said.findIndex(
          (part, i) => (i === 0 || part.inlineData) && !part.thoughtSignature
        )
        if (bare < 0) continue
        const kind = said[bare].inlineData ? 'Image' : 'Text'
        return `${kind} part is missing a thought_signature in content position ${at + 1}, part position ${bare + 1}. Please refer to ${SIGNATURES} for more details.`
      }
    }
  }
]

function* partsOf({ contents }) {
  for (const [at, { parts }] of contents.entries()) {
    for (const [position, part] of parts.entries()) yield { part: part ?? {}, at, place: position }
  }
}

function count(parts, kind) {
  return named(parts, kind).length
}

function named(parts, kind) {
  return (parts ?? []).filter((part) => part?.[kind]).map((part) => part[kind].name)
}

function sameNames(some, others) {
  return [...some].sort().join('\n') === [...others].sort().join('\n')
}

function isBase64(text) {
  return typeof text === 'string' && text !== '' && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text)
}

module.exports = { HISTORY_RULES }
