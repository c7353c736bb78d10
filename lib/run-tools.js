'use strict'

// A conversation in which the model's tool calls are answered by functions, until it calls none.

const { setMaxListeners } = require('node:events')
const { AihubmixError } = require('./aihubmix-error')
const { ChatCompletionRunner } = require('./chat-runner')
const { aborted, atCaller, invalidRequest, invalidResponse } = require('./error')
const { Meter } = require('./meter')
const { wholeJson } = require('./partial-json')
const { messageOf } = require('./thrown')
const { isStandardSchema, jsonSchemaOf, validated } = require('./schema')
const { onAbort, signalOf } = require('./signal')
const { stringify } = require('./stringify')

const MOST_COMPLETIONS = 10

// `create(body, request)` asks the model.
function runTools(create, body, request) {
  const run = new ToolRun(body, request ?? {})
  run._run(() => run._converse(create), request?.signal ?? undefined)
  return run
}

// The run as events; awaiting it gives its result.
class ToolRun extends ChatCompletionRunner {
  #body
  #settings
  #options
  // The caller's, for its functions.
  #context
  #tools = new Map()
  #slots
  // Answers under way to the calls of the turn that is being written, by their index.
  #started = new Map()

  constructor(body, request) {
    super(body?.messages)
    const {
      maxChatCompletions,
      maxParallel,
      onMessage,
      stopWhen,
      approve,
      afterCompletion,
      ...rest
    } = request
    this.#body = body
    this.#settings = {
      maxChatCompletions,
      maxParallel,
      onMessage,
      stopWhen,
      approve,
      afterCompletion
    }
    this.#options = rest
    // Every tool that is called may listen.
    setMaxListeners(0, this.controller.signal)
  }

  // biome-ignore lint/suspicious/noThenProperty: it is awaited like the promise that it is declared to be
  then(fulfilled, rejected) {
    return this.#result().then(fulfilled, rejected)
  }

  catch(rejected) {
    return this.#result().catch(rejected)
  }

  finally(settled) {
    return this.#result().finally(settled)
  }

  get [Symbol.toStringTag]() {
    return 'ToolRun'
  }

  async #result() {
    await this.done()
    const completion = this._last()
    const { content } = completion.choices[0].message
    const completions = this.allChatCompletions()
    return { completion, completions, messages: this.messages, content, ...sumOf(completions) }
  }

  async _converse(create) {
    signalOf(this.#options)
    const { most, stops } = this.#checked()
    const { tools, messages, toolContext, ...rest } = bodyOf(this.#body)
    this.#context = toolContext
    const sent = tools.map((tool, index) => described(tool, index, this.#tools))
    try {
      for (;;) {
        const turn = { ...rest, tools: sent, messages: [...this.messages] }
        const completion = await this.#ask(create, turn)
        const calls = completion.choices[0].message.tool_calls ?? []
        const isLast = calls.length === 0 || this.allChatCompletions().length === most
        if (!isLast) await this.#answer(calls)
        await this.#settings.afterCompletion?.(completion, this)
        this._throwIfAborted()
        if (isLast || (await this.#stops(stops, completion))) return
      }
    } catch (error) {
      // Tools that still run learn that nobody waits.
      this.controller.abort(error)
      throw error
    }
  }

  async #ask(create, body) {
    this.#started.clear()
    const { signal } = this.controller
    const answer = await create(body, { ...this.#options, signal })
    if (this._last() === undefined) this._connected()
    const isStream = body.stream === true
    const completion = isStream
      ? await this._read(answer, undefined, () => answer.finalChatCompletion())
      : answer
    if (completion.choices[0]?.message === undefined)
      throw invalidResponse('the answer has no choice to go on with')
    this._addCompletion(completion)
    return completion
  }

  // A call of a streamed answer starts when its arguments are complete, unless it would be the last turn's.
  _callComplete(index, call) {
    if (this.allChatCompletions().length + 1 === this.#checked().most) return
    if (wholeJson(call.function.arguments) !== undefined) this.#start(index, call)
  }

  #start(index, call) {
    const answer = this.#answered(call)
    // Whoever answers the turn is told.
    answer.catch(() => {})
    this.#started.set(index, answer)
  }

  async #answer(calls) {
    calls.forEach((call, index) => {
      if (!this.#started.has(index)) this.#start(index, call)
    })
    const work = Promise.all(calls.map((_call, index) => this.#started.get(index)))
    for (const message of await untilAborted(work, this.controller.signal))
      this._addMessage(message)
  }

  async #answered(call) {
    const { approve } = this.#settings
    const { signal } = this.controller
    // Of calls that nobody can answer nobody is asked.
    if (approve !== undefined && this.#tools.has(call.function?.name)) {
      const verdict = await approve(call, { messages: [...this.messages], signal })
      if (verdict !== true) return denied(call, verdict)
    }
    return this.#slots.hold(() => answered(call, this.#tools, signal, this.#context))
  }

  async #stops(conditions, completion) {
    const completions = this.allChatCompletions()
    for (const condition of conditions) {
      if (await condition({ completion, completions, messages: [...this.messages] })) return true
    }
    return false
  }

  _addMessage(message) {
    super._addMessage(message)
    this.#settings.onMessage?.(message)
  }

  #checked() {
    const { maxChatCompletions, maxParallel, stopWhen, approve, afterCompletion } = this.#settings
    const most = wholeNumber('maxChatCompletions', maxChatCompletions ?? MOST_COMPLETIONS)
    const parallel =
      maxParallel === undefined ? Number.POSITIVE_INFINITY : wholeNumber('maxParallel', maxParallel)
    const stops = [stopWhen ?? []].flat()
    for (const condition of stops) functionOf('stopWhen', condition)
    if (approve !== undefined) functionOf('approve', approve)
    if (afterCompletion !== undefined) functionOf('afterCompletion', afterCompletion)
    this.#slots ??= new Slots(parallel)
    return { most, stops }
  }
}

// So much work at a time; first come, first served.
class Slots {
  #free
  #waiting = []

  constructor(most) {
    this.#free = most
  }

  async hold(work) {
    if (this.#free > 0) this.#free -= 1
    else await new Promise((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}

function wholeNumber(name, value) {
  if (Number.isInteger(value) && value >= 1) return value
  throw invalidRequest(name, `\`${name}\` must be a whole number, 1 or greater`)
}

function functionOf(name, value) {
  if (typeof value !== 'function') throw invalidRequest(name, `\`${name}\` must be a function`)
}

function denied({ id }, reason) {
  const why = typeof reason === 'string' && reason !== '' ? `: ${reason}` : ''
  return { role: 'tool', tool_call_id: id, content: `Error: the call was not approved${why}` }
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
  if ((body.n ?? 1) !== 1)
    throw invalidRequest('n', '`runTools` goes on with one answer: `n` must be 1')
  return body
}

// A tool as it is sent; one with a function is entered under its name. Others are the vendor's to run.
function described(tool, index, byName) {
  const own = tool?.type === 'function' ? tool.function : undefined
  if (own === undefined) return tool
  const { function: given, parse: parser, parameters, ...rest } = own
  // Of the `openai` package's helpers (`zodFunction`).
  const work = given ?? tool.$callback
  const parse = parser ?? (tool.$parseRaw && ((text) => tool.$parseRaw(text)))
  // A function without a name of its own has that of the member it stands in.
  rest.name ??= work?.name === 'function' ? undefined : work?.name
  if (typeof rest.name !== 'string' || rest.name === '')
    throw invalidRequest(`tools[${index}].function.name`, 'the tool has no name')
  if (typeof work !== 'function') {
    throw invalidRequest(
      `tools[${index}].function.function`,
      `the tool \`${rest.name}\` has no function to call`
    )
  }
  const schema = isStandardSchema(parameters) ? parameters : undefined
  byName.set(rest.name, { work, parse, schema })
  const json =
    schema === undefined ? parameters : jsonSchemaOf(schema, `tools[${index}].function.parameters`)
  return { type: 'function', function: json === undefined ? rest : { ...rest, parameters: json } }
}

// The message that answers a call. What goes wrong is told to the model.
async function answered(toolCall, byName, signal, context) {
  if (signal.aborted) throw aborted(signal.reason)
  const message = (content) => ({ role: 'tool', tool_call_id: toolCall.id, content })
  try {
    const { name, arguments: text } = toolCall.function ?? {}
    const tool = byName.get(name)
    if (tool === undefined) {
      const known = [...byName.keys()].map((one) => `\`${one}\``).join(', ')
      throw new Error(`there is no tool \`${name}\`; there are ${known}`)
    }
    const about = { toolCall, signal, context }
    const result = await tool.work(await argumentsOf(tool, text), about, context)
    if (result === undefined) return message('')
    return message(typeof result === 'string' ? result : stringify(result))
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

// The figures of several answers, and what they cost if each of them says it.
function sumOf(completions) {
  const sum = new Meter()
  for (const completion of completions) sum.add(completion)
  const { usage, cost, unpriced } = sum
  return unpriced === 0 ? { usage, cost } : { usage }
}

module.exports = { runTools }
