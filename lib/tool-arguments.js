'use strict'

// Tools whose arguments are read for the caller: those of a Standard Schema, those that the `openai` package's helpers
// make, and strict ones. Chats and Responses describe the same tools in two shapes.

const { checked, readJson } = require('./output-format')
const { isStandardSchema, isStrict, jsonSchemaOf } = require('./schema')

// `{ tools, readerOf(call) }`: the tools as they are sent, and what reads the arguments' text of a call, if anything does.
// `tools` is undefined where nothing would be read.
function chatTools(given) {
  const readers = new Map()
  const tools = listOf(given).map((tool, index) => {
    if (tool?.type !== 'function' || !tool.function) return tool
    const { sent, read } = readable(tool, tool.function, `tools[${index}].function`)
    if (read !== undefined) readers.set(sent.name, read)
    return sent === tool.function ? tool : { ...tool, function: sent }
  })
  const readerOf = ({ function: called }) => readers.get(called?.name)
  return { tools: readers.size > 0 ? tools : undefined, readerOf }
}

// Functions may stand in a namespace, and are then called by both names.
function responseTools(given) {
  const readers = new Map()
  const keyOf = (namespace, name) => JSON.stringify([namespace ?? null, name])
  const entered = (tool, param, namespace) => {
    if (tool?.type !== 'function') return tool
    const { sent, read } = readable(tool, tool, param)
    if (read !== undefined) readers.set(keyOf(namespace, sent.name), read)
    return sent
  }
  const tools = listOf(given).map((tool, index) => {
    const param = `tools[${index}]`
    if (tool?.type !== 'namespace' || !Array.isArray(tool.tools)) return entered(tool, param)
    const inside = tool.tools.map((one, at) => entered(one, `${param}.tools[${at}]`, tool.name))
    return { ...tool, tools: inside }
  })
  // A function that a search has found is called by its name twice.
  const readerOf = ({ namespace, name }) =>
    readers.get(keyOf(namespace, name)) ??
    (namespace === name ? readers.get(keyOf(undefined, name)) : undefined)
  return { tools: readers.size > 0 ? tools : undefined, readerOf }
}

// `described` holds the name and the parameters.
function readable(tool, described, param) {
  if (typeof tool.$parseRaw === 'function')
    return { sent: described, read: async (text) => tool.$parseRaw(text) }
  const { parameters } = described
  if (isStandardSchema(parameters)) {
    const json = jsonSchemaOf(parameters, `${param}.parameters`)
    const sent = { strict: isStrict(json), ...described, parameters: json }
    return { sent, read: async (text) => checked(parameters, readJson(text)) }
  }
  return {
    sent: described,
    read: described.strict === true ? async (text) => readJson(text) : undefined
  }
}

function listOf(tools) {
  return Array.isArray(tools) ? tools : []
}

module.exports = { chatTools, responseTools }
