'use strict'

// What Gemini refuses: https://ai.google.dev/gemini-api/docs/troubleshooting
// Parameters and tools stand here, conversations in gemini-history.js.

const { HISTORY_RULES } = require('./gemini-history')
const { REQUEST } = require('./members-gemini')
const { firstOfWrongKind, firstUnknown, valueAt } = require('../shape')

const API = 'https://ai.google.dev/api/generate-content'
const FUNCTIONS = 'https://ai.google.dev/gemini-api/docs/function-calling'
const THINKING = 'https://ai.google.dev/gemini-api/docs/thinking'
const SCHEMAS = 'https://ai.google.dev/gemini-api/docs/structured-output'
const MODELS = 'https://ai.google.dev/gemini-api/docs/models'

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/
const MOST_STOP_SEQUENCES = 5

const RULES = [
  {
    id: 'gemini.adaptor',
    page: 'https://docs.aihubmix.com/en/api/Gemini-Guides',
    always: true,
    // Suffixes of the gateway's own, which its Gemini route does not know.
    check: ({ model }) =>
      /-(?:nothink|search)$/.test(model)
        ? { gateway: true, message: 'get_adaptor_failed' }
        : undefined
  },
  {
    id: 'gemini.contents',
    page: API,
    always: true,
    check: ({ body }) =>
      Array.isArray(body?.contents) && body.contents.length > 0
        ? undefined
        : '* GenerateContentRequest.contents: contents is not specified'
  },
  {
    id: 'gemini.form',
    page: API,
    always: true,
    check: ({ body }) => {
      const misfit = firstOfWrongKind(body, REQUEST)
      if (misfit === undefined) return undefined
      const found = JSON.stringify(valueAt(body, misfit.path))
      return `Invalid value${place(misfit.path)} (${misfit.expected}), ${found.slice(0, 80)}`
    }
  },
  {
    id: 'gemini.unknown-member',
    page: API,
    check: ({ body }) => {
      const unknown = firstUnknown(body, REQUEST)
      if (unknown === undefined) return undefined
      const name = unknown.path.at(-1)
      return `Invalid JSON payload received. Unknown name "${name}"${place(unknown.path.slice(0, -1))}: Cannot find field.`
    }
  },
  ...HISTORY_RULES,
  {
    id: 'gemini.function-name',
    page: FUNCTIONS,
    check: ({ body }) => {
      const names = []
      for (const { declaration, path } of declarationsOf(body)) {
        if (!NAME.test(declaration.name ?? '')) {
          return (
            `* GenerateContentRequest.${path}.name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. ` +
            'Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.'
          )
        }
        if (names.includes(declaration.name))
          return `Duplicate function declaration found: ${declaration.name}`
        names.push(declaration.name)
      }
    }
  },
  {
    id: 'gemini.function-schema',
    page: FUNCTIONS,
    check: ({ body }) => {
      for (const { declaration, path } of declarationsOf(body)) {
        const { parameters, parametersJsonSchema } = declaration
        if (parameters !== undefined && parametersJsonSchema !== undefined)
          return `* GenerateContentRequest.${path}: only one of parameters and parameters_json_schema may be set`
        const fault = schemaFault(parameters, `${path}.parameters`)
        if (fault) return fault
      }
    }
  },
  {
    id: 'gemini.response-schema',
    page: SCHEMAS,
    check: ({ body: { generationConfig: config } }) => {
      const { responseSchema, responseJsonSchema, responseMimeType } = config ?? {}
      if (responseSchema !== undefined && responseJsonSchema !== undefined)
        return 'Only one of response_schema and response_json_schema may be set.'
      if ((responseSchema ?? responseJsonSchema) !== undefined && !responseMimeType)
        return '* GenerateContentRequest.generation_config.response_mime_type: response_schema requires a response mime type of application/json.'
      return schemaFault(responseSchema, 'generation_config.response_schema')
    }
  },
  {
    id: 'gemini.tool-config',
    page: FUNCTIONS,
    check: ({ body }) => {
      const { mode: said, allowedFunctionNames: allowed } =
        body.toolConfig?.functionCallingConfig ?? {}
      const mode = String(said).toUpperCase()
      if (allowed?.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED')
        return 'Function calling config allowed_function_names should be set only when the mode is ANY or VALIDATED.'
      const declared = [...declarationsOf(body)].map(({ declaration }) => declaration.name)
      if (mode === 'ANY' && declared.length === 0)
        return 'Function calling config is set without function_declarations.'
      const unknown = allowed?.find((name) => !declared.includes(name))
      return unknown && `allowed_function_names contains the undeclared function ${unknown}.`
    }
  },
  {
    id: 'gemini.thinking',
    page: THINKING,
    check: ({ body, facts, model }) => {
      const { thinkingBudget: budget, thinkingLevel } = body.generationConfig?.thinkingConfig ?? {}
      if (budget !== undefined && thinkingLevel !== undefined)
        return 'You can only set only one of thinking budget and thinking level.'
      if (thinkingLevel !== undefined) {
        const level = String(thinkingLevel).toLowerCase()
        if (facts.levels === undefined) return 'Thinking level is not supported for this model.'
        if (!facts.levels.includes(level))
          return `Thinking level ${level.toUpperCase()} is not supported for this model. Please retry with other thinking level.`
      }
      if (budget === undefined || budget === -1) return undefined
      if (facts.levels === undefined && facts.budget === undefined)
        return `Unable to submit request because thinking is not supported by ${model}.`
      if (facts.budget === undefined) return undefined
      if (budget === 0)
        return facts.canBeOff
          ? undefined
          : 'Budget 0 is invalid. This model only works in thinking mode.'
      const [least, most] = facts.budget
      return budget < least || budget > most
        ? `The thinking budget ${budget} is invalid. Please choose a value between ${least} and ${most}.`
        : undefined
    }
  },
  {
    id: 'gemini.generation-config',
    page: MODELS,
    check: ({ body, facts, model }) => {
      const config = body.generationConfig ?? {}
      if (config.maxOutputTokens < 1 || config.maxOutputTokens > facts.output)
        return `Unable to submit request because it has a maxOutputTokens value of ${config.maxOutputTokens} but the supported range is from 1 (inclusive) to ${facts.output + 1} (exclusive).`
      if (config.temperature < 0 || config.temperature > 2)
        return '* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].'
      if (config.stopSequences?.length > MOST_STOP_SEQUENCES)
        return `* GenerateContentRequest.generation_config.stop_sequences: at most ${MOST_STOP_SEQUENCES} stop sequences are allowed.`
      if (facts.several) return undefined
      if (config.candidateCount > 1) return 'Multiple candidates is not enabled for this model'
      if (config.responseLogprobs) return `Logprobs is not enabled for models/${model}`
      return config.presencePenalty || config.frequencyPenalty
        ? 'Penalty is not enabled for this model'
        : undefined
    }
  },
  {
    id: 'gemini.drawing',
    page: 'https://ai.google.dev/gemini-api/docs/image-generation',
    check: ({ body, facts }) => {
      if (!facts.images) return undefined
      if ([...declarationsOf(body)].length > 0)
        return 'Function calling is not enabled for this model'
      return body.generationConfig?.responseMimeType === 'application/json'
        ? 'JSON mode is not enabled for this model'
        : undefined
    }
  },
  {
    id: 'gemini.combination',
    page: FUNCTIONS,
    check: ({ body, facts }) => {
      if (facts.levels !== undefined) return undefined
      const functions = [...declarationsOf(body)].length > 0
      if (functions && body.generationConfig?.responseMimeType === 'application/json')
        return "Function calling with a response mime type: 'application/json' is unsupported"
      const own = (body.tools ?? []).some((tool) =>
        Object.keys(tool).some((name) => name !== 'functionDeclarations' && tool[name])
      )
      return functions && own
        ? 'Tool use with function calling is unsupported by the model.'
        : undefined
    }
  }
]

// OpenAPI's schemas as Google takes them.
function schemaFault(schema, path) {
  if (schema === null || typeof schema !== 'object') return undefined
  const field = `* GenerateContentRequest.${path}`
  const type = typeof schema.type === 'string' ? schema.type.toUpperCase() : undefined
  if (Array.isArray(schema.type))
    return `Invalid value at '${path}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), ${JSON.stringify(schema.type)}`
  if (type === 'ARRAY' && schema.items === undefined) return `${field}.items: missing field.`
  if (schema.enum !== undefined && type !== 'STRING' && type !== undefined)
    return `${field}.enum: only allowed for STRING type`
  if (schema.enum?.includes('')) return `${field}.enum[${schema.enum.indexOf('')}]: cannot be empty`
  const lost = schema.required?.findIndex((name) => !Object.hasOwn(schema.properties ?? {}, name))
  if (lost >= 0) return `${field}.required[${lost}]: property is not defined`
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const fault = schemaFault(property, `${path}.properties[${name}]`)
    if (fault) return fault
  }
  for (const [at, branch] of (schema.anyOf ?? []).entries()) {
    const fault = schemaFault(branch, `${path}.any_of[${at}]`)
    if (fault) return fault
  }
  return schemaFault(schema.items, `${path}.items`)
}

// Names may be written either way; what is the caller's own (arguments, schemas' properties) stays.
const OWN = new Set([
  'args',
  'response',
  'properties',
  'parametersJsonSchema',
  'responseJsonSchema',
  'labels'
])

function camelCased(value) {
  if (Array.isArray(value)) return value.map(camelCased)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const camel = name.replace(/(?!^)_([a-z])/g, (_, letter) => letter.toUpperCase())
      if (camel === 'properties') return [camel, mapped(member, camelCased)]
      return [camel, OWN.has(camel) ? member : camelCased(member)]
    })
  )
}

function mapped(object, change) {
  if (object === null || typeof object !== 'object') return object
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}

function place(path) {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${snakeCased(step)}`))
    .join('')
  return text === '' ? '' : ` at '${text.slice(1)}'`
}

function snakeCased(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function* declarationsOf({ tools }) {
  for (const [at, tool] of (tools ?? []).entries()) {
    for (const [position, declaration] of (tool.functionDeclarations ?? []).entries()) {
      yield { declaration, path: `tools[${at}].function_declarations[${position}]` }
    }
  }
}

module.exports = { GEMINI_RULES: RULES, camelCased }
