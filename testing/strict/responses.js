'use strict'

// What OpenAI refuses on Responses: https://platform.openai.com/docs/api-reference/responses/create

const { REQUEST } = require('./members-responses')
const openai = require('./openai')

const API = 'https://platform.openai.com/docs/api-reference/responses/create'
const STATE = 'https://platform.openai.com/docs/guides/conversation-state'
const REASONING = 'https://platform.openai.com/docs/guides/reasoning'
const FUNCTIONS = 'https://platform.openai.com/docs/guides/function-calling'
const SCHEMAS = 'https://platform.openai.com/docs/guides/structured-outputs'
const MODELS = 'https://platform.openai.com/docs/models'

const LEAST_OUTPUT = 16
const ID_PREFIXES = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  web_search_call: 'ws',
  image_generation_call: 'ig'
}
const PARTS = {
  user: ['input_text', 'input_image', 'input_file', 'input_audio'],
  system: ['input_text', 'input_image', 'input_file'],
  developer: ['input_text', 'input_image', 'input_file'],
  assistant: ['output_text', 'refusal']
}
const OUTPUTS = {
  function_call: 'function_call_output',
  custom_tool_call: 'custom_tool_call_output'
}

const RULES = [
  {
    id: 'responses.required',
    page: API,
    always: true,
    check: ({ body }) => {
      const name = ['model', 'input'].find((member) => body?.[member] === undefined)
      return name && !body?.prompt && openai.required(name)
    }
  },
  {
    id: 'responses.form',
    page: API,
    always: true,
    check: ({ body }) => openai.wrongKind(body, REQUEST)
  },
  {
    id: 'responses.adaptor',
    page: 'https://docs.aihubmix.com/en/api/Gemini-Guides',
    always: true,
    check: ({ model }) =>
      /^gemini/i.test(model) ? { gateway: true, message: 'get_adaptor_failed' } : undefined
  },
  {
    id: 'responses.unknown-member',
    page: API,
    check: ({ body }) => openai.unknownMember(body, REQUEST)
  },
  {
    id: 'responses.reasoning-summary',
    page: REASONING,
    always: true,
    check: ({ items }) => {
      const at = items.findIndex(
        (item) => item.type === 'reasoning' && !Array.isArray(item.summary)
      )
      return at < 0 ? undefined : openai.required(`input[${at}].summary`)
    }
  },
  {
    id: 'responses.output-without-call',
    page: FUNCTIONS,
    always: true,
    check: ({ items, body }) => {
      if (body.previous_response_id || body.conversation) return undefined
      for (const [kind, output] of Object.entries(OUTPUTS)) {
        const calls = items.filter(({ type }) => type === kind).map((item) => item.call_id)
        const lost = items.find((item) => item.type === output && !calls.includes(item.call_id))
        if (lost) {
          return {
            message: `No tool call found for function call output with call_id ${lost.call_id}.`,
            param: 'input'
          }
        }
      }
    }
  },
  {
    id: 'responses.call-without-output',
    page: FUNCTIONS,
    check: ({ items }) => {
      for (const [kind, output] of Object.entries(OUTPUTS)) {
        const answered = items.filter(({ type }) => type === output).map((item) => item.call_id)
        const open = items.find((item) => item.type === kind && !answered.includes(item.call_id))
        if (open)
          return {
            message: `No tool output found for function call ${open.call_id}.`,
            param: 'input'
          }
      }
    }
  },
  {
    id: 'responses.call-id',
    page: API,
    check: ({ items }) => {
      for (const [at, item] of items.entries()) {
        if (!/^(function|custom_tool)_call(_output)?$/.test(item.type)) continue
        const fault = openai.badCallId(`input[${at}].call_id`, item.call_id)
        if (fault) return fault
      }
    }
  },
  {
    id: 'responses.item-id',
    page: API,
    check: ({ items, facts }) => {
      if (facts.lenient) return undefined
      const ids = new Set()
      for (const [at, { id, ...item }] of items.entries()) {
        if (id === undefined || id === null || item.type === 'item_reference') continue
        const prefix = ID_PREFIXES[item.type ?? 'message']
        if (prefix !== undefined && !id.startsWith(prefix)) {
          const param = `input[${at}].id`
          return {
            message: `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`,
            param,
            code: 'invalid_value'
          }
        }
        if (ids.has(id)) {
          return {
            message: `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
            param: 'input'
          }
        }
        ids.add(id)
      }
    }
  },
  {
    id: 'responses.reasoning-alone',
    page: REASONING,
    check: ({ items, body }) => {
      if (body.previous_response_id || body.conversation) return undefined
      const at = items.findIndex((item, i) => {
        const next = items[i + 1]
        const follows = next !== undefined && (next.type ?? 'message') !== 'message'
        return item.type === 'reasoning' && !(follows || next?.role === 'assistant')
      })
      if (at < 0) return undefined
      return {
        message: `Item '${items[at].id}' of type 'reasoning' was provided without its required following item.`,
        param: 'input'
      }
    }
  },
  {
    id: 'responses.reasoning-not-stored',
    page: STATE,
    check: ({ items, body }) => {
      if (body.store !== false) return undefined
      const lost = items.find((item) => item.type === 'reasoning' && !item.encrypted_content)
      return (
        lost && {
          status: 404,
          message: `Item with id '${lost.id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
          param: 'input'
        }
      )
    }
  },
  {
    id: 'responses.encrypted-content',
    page: `${REASONING}#encrypted-reasoning-items`,
    check: ({ items, issued }) => {
      const foreign = items.find(
        (item) =>
          item.type === 'reasoning' &&
          item.encrypted_content &&
          issued.find(item.encrypted_content) === undefined
      )
      return (
        foreign && {
          message: `The encrypted content for item ${foreign.id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
          code: 'invalid_encrypted_content'
        }
      )
    }
  },
  {
    id: 'responses.previous-response',
    page: STATE,
    check: ({ body, issued }) => {
      const { previous_response_id: id } = body
      if (!id || issued.find(id) !== undefined) return undefined
      return {
        message: `Previous response with id '${id}' not found.`,
        param: 'previous_response_id',
        code: 'previous_response_not_found'
      }
    }
  },
  {
    id: 'responses.reasoning-model',
    page: REASONING,
    check: ({ items, facts, body }) => {
      if (facts.lenient || facts.efforts !== undefined) return undefined
      if (items.some(({ type }) => type === 'reasoning')) {
        return {
          message:
            'Reasoning input items can only be provided to a reasoning or computer use model. Remove reasoning items from your input and try again.',
          param: 'input'
        }
      }
      return body.reasoning?.effort ? openai.unsupportedParameter('reasoning.effort') : undefined
    }
  },
  {
    id: 'responses.effort',
    page: REASONING,
    check: ({ facts, body }) => {
      const effort = body.reasoning?.effort
      if (!effort || facts.efforts === undefined || facts.efforts.includes(effort)) return undefined
      return openai.unsupportedValue('reasoning.effort', effort, facts.efforts)
    }
  },
  {
    id: 'responses.sampling',
    page: MODELS,
    check: ({ facts, body }) => {
      const thinks = facts.efforts && (body.reasoning?.effort ?? facts.unasked) !== 'none'
      const name =
        thinks && ['temperature', 'top_p', 'top_logprobs'].find((key) => openai.isSet(body[key]))
      if (name) return openai.unsupportedParameter(name)
      return openai.outOfRange('temperature', [0, 2], body.temperature)
    }
  },
  {
    id: 'responses.max-output-tokens',
    page: API,
    check: ({ facts, body: { max_output_tokens: most, model } }) => {
      if (most === undefined || most === null) return undefined
      if (facts.lenient) return undefined
      if (most < LEAST_OUTPUT) return openai.belowMinimum('max_output_tokens', LEAST_OUTPUT, most)
      return most > facts.output
        ? {
            message: `max_output_tokens is too large: ${most}. This model (${model}) supports at most ${facts.output} output tokens.`,
            param: 'max_output_tokens',
            code: 'invalid_value'
          }
        : undefined
    }
  },
  {
    id: 'responses.content-part',
    page: API,
    check: ({ items }) => {
      for (const [at, { role, content }] of items.entries()) {
        if (!Array.isArray(content) || PARTS[role] === undefined) continue
        const wrong = content.findIndex(({ type }) => !PARTS[role].includes(type))
        if (wrong >= 0)
          return openai.invalidValue(
            `input[${at}].content[${wrong}]`,
            content[wrong].type,
            PARTS[role]
          )
      }
    }
  },
  {
    id: 'responses.image',
    page: 'https://platform.openai.com/docs/guides/images-vision',
    check: ({ items }) => {
      for (const [at, { content }] of items.entries()) {
        for (const [place, part] of (Array.isArray(content) ? content : []).entries()) {
          const { type, image_url: url } = part
          if (type !== 'input_image' || url === undefined) continue
          if (/^(https?:\/\/|data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]+={0,2}$)/.test(url)) continue
          const param = `input[${at}].content[${place}].image_url`
          return {
            message: `Invalid '${param}'. Expected a valid URL, but got a value with an invalid format.`,
            param,
            code: 'invalid_value'
          }
        }
      }
    }
  },
  {
    id: 'responses.function',
    page: FUNCTIONS,
    check: ({ body }) => {
      for (const [at, tool] of (body.tools ?? []).entries()) {
        if (tool.type !== 'function' && tool.type !== 'custom') continue
        const fault = openai.badName(`tools[${at}].name`, tool.name)
        if (fault) return fault
        // Without a word, a function here is strict, and its schema is mended by the server; `true` is meant.
        if (tool.type !== 'function' || tool.strict !== true) continue
        const subject = `function '${tool.name}'`
        const wrong = openai.strictSchemaFault(tool.parameters, subject, `tools[${at}].parameters`)
        if (wrong) return { ...wrong, code: 'invalid_function_parameters' }
      }
    }
  },
  {
    id: 'responses.tool-choice',
    page: FUNCTIONS,
    check: ({ body: { tool_choice: choice, tools } }) => {
      if (!choice || choice === 'none') return undefined
      if (!(tools?.length > 0) && choice !== 'auto')
        return {
          message: "Tool choice 'required' must be specified with 'tools' parameter.",
          param: 'tool_choice'
        }
      const missing = choice.type === 'function' && !tools.some(({ name }) => name === choice.name)
      return missing
        ? {
            message: `Tool choice 'function' not found in 'tools' parameter.`,
            param: 'tool_choice'
          }
        : undefined
    }
  },
  {
    id: 'responses.format',
    page: SCHEMAS,
    check: ({ body, items }) => {
      const format = body.text?.format
      if (format?.type === 'json_object' && openai.lacksTheWordJson(items)) {
        return {
          message:
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
          param: 'input'
        }
      }
      if (format?.type !== 'json_schema') return undefined
      const fault = openai.badName('text.format.name', format.name)
      if (fault || format.strict === false || format.strict === undefined) return fault
      return openai.strictSchemaFault(
        format.schema,
        `response_format '${format.name}'`,
        'text.format.schema'
      )
    }
  }
]

/** The input as items, whatever form it has. */
function itemsOf({ input }) {
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  return Array.isArray(input) ? input.map((item) => item ?? {}) : []
}

module.exports = { RESPONSES_RULES: RULES, itemsOf }
