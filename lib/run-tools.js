'use strict'

// A conversation in which the model's tool calls are answered by functions, until it calls none.

const { setMaxListeners } = require('node:events')
const { AihubmixError } = require('./aihubmix-error')
const { aborted, atCaller, invalidRequest, invalidResponse } = require('./error')
const { messageOf } = require('./thrown')
const { isStandardSchema, jsonSchemaOf, validated } = require('./schema')
const { onAbort, signalOf } = require('./signal')

const MOST_COMPLETIONS = 10

// `create(body, request)` asks the model.
function runTools(create, body, request = {}) {
  const controller = new AbortController()
  // Every tool that is called may listen.
  setMaxListeners(0, controller.signal)
  const run = conversation(create, body, request ?? {}, controller)
  return Object.assign(run, {
    finalContent: async () => (await run).content,
    finalChatCompletion: async () => (await run).completion,
    abort: () => controller.abort()
  })
}

async function conversation(create, body, request, controller) {
  const { maxChatCompletions = MOST_COMPLETIONS, onMessage, ...options } = request
  if (!Number.isInteger(maxChatCompletions) || maxChatCompletions < 1) {
    throw invalidRequest(
      'maxChatCompletions',
      '`maxChatCompletions` must be a whole number, 1 or greater'
    )
  }
  const outer = signalOf(request)
  const unlink = outer && onAbort(outer, (reason) => controller.abort(reason))
  const { signal } = controller
  try {
    const { tools, messages: given, ...rest } = bodyOf(body)
    const byName = new Map()
    const sent = tools.map((tool, index) => described(tool, index, byName))
    const messages = [...given]
    const completions = []
    for (;;) {
      const completion = await create({ ...rest, tools: sent, messages }, { ...options, signal })
      completions.push(completion)
      const message = completion.choices[0]?.message
      if (message === undefined) throw invalidResponse('the answer has no choice to go on with')
      messages.push(message)
      onMessage?.(message)
      const calls = message.tool_calls ?? []
      if (calls.length === 0 || completions.length === maxChatCompletions) {
        return { completion, completions, messages, content: message.content }
      }
      const answers = await untilAborted(
        Promise.all(calls.map((call) => answered(call, byName, signal))),
        signal
      )
      for (const answer of answers) {
        messages.push(answer)
        onMessage?.(answer)
      }
    }
  } finally {
    unlink?.()
  }
}

// Tools may not know the signal: the run ends without them.
async function untilAborted(work, signal) {
  let unsubscribe
  const ended = new Promise((_resolve, reject) => {
    unsubscribe = onAbort(signal, (reason) => reject(aborted(reason)))
  })
  try {
    return await Promise.race([work, ended])
  } catch (error) {
    throw atCaller(error)
  } finally {
    unsubscribe()
  }
}

function bodyOf(body) {
  if (typeof body !== 'object' || body === null)
    throw invalidRequest('body', '`body` must be an object')
  if (!Array.isArray(body.messages)) throw invalidRequest('messages', '`messages` must be a list')
  if (!Array.isArray(body.tools)) throw invalidRequest('tools', '`tools` must be a list')
  if (body.stream === true) throw invalidRequest('stream', '`runTools` does not stream')
  if ((body.n ?? 1) !== 1)
    throw invalidRequest('n', '`runTools` goes on with one answer: `n` must be 1')
  return body
}

// A tool as it is sent; one with a function is entered under its name. Others are the vendor's to run.
function described(tool, index, byName) {
  const own = tool?.type === 'function' ? tool.function : undefined
  if (own === undefined) return tool
  const { function: work, parse, parameters, ...rest } = own
  if (typeof work !== 'function') {
    throw invalidRequest(
      `tools[${index}].function.function`,
      `the tool \`${own.name}\` has no function to call`
    )
  }
  const schema = isStandardSchema(parameters) ? parameters : undefined
  byName.set(own.name, { work, parse, schema })
  const json =
    schema === undefined ? parameters : jsonSchemaOf(schema, `tools[${index}].function.parameters`)
  return { type: 'function', function: json === undefined ? rest : { ...rest, parameters: json } }
}

// The message that answers a call. What goes wrong is told to the model.
async function answered(toolCall, byName, signal) {
  const message = (content) => ({ role: 'tool', tool_call_id: toolCall.id, content })
  try {
    const { name, arguments: text } = toolCall.function ?? {}
    const tool = byName.get(name)
    if (tool === undefined) {
      const known = [...byName.keys()].map((one) => `\`${one}\``).join(', ')
      throw new Error(`there is no tool \`${name}\`; there are ${known}`)
    }
    const result = await tool.work(await argumentsOf(tool, text), { toolCall, signal })
    if (result === undefined) return message('')
    return message(typeof result === 'string' ? result : JSON.stringify(result))
  } catch (error) {
    return message(`Error: ${messageOf(error)}`)
  }
}

async function argumentsOf({ parse, schema }, text) {
  if (parse !== undefined) return parse(text)
  const value = JSON.parse(text)
  if (schema === undefined) return value
  return validated(
    schema,
    value,
    (reason) => new AihubmixError(`the arguments do not follow the schema: ${reason}`)
  )
}

module.exports = { runTools }
