'use strict'

// An answer as every wire receives it to render: OpenAI's chat completion, without the envelope.
//
//   { id?, model, created, choices: [{ index, message, finish_reason, ... }], usage }
//
// A script may write it short: a string, the members of one message, or a whole completion.

const MESSAGE_MEMBERS = [
  'content',
  'refusal',
  'reasoning_content',
  'reasoning_details',
  'tool_calls',
  'annotations',
  'images',
  'audio'
]
const CHOICE_MEMBERS = ['finish_reason', 'native_finish_reason', 'logprobs']

/** @param turn what was asked (see wires/), for the model's name and the token counts */
function completeAnswer(given, turn, context) {
  const written = typeof given === 'string' ? { content: given } : given
  const choices = written.choices ?? [shortChoice(written)]
  const completed = choices.map((choice, position) => completeChoice(choice, position, context))
  return {
    id: written.id,
    model: written.model ?? turn.model,
    created: written.created ?? CREATED,
    choices: completed,
    usage: completeUsage(written.usage, completed, turn, cachedBy(turn, context))
  }
}

// A fixed moment, so that the same conversation always gives the same answer.
const CREATED = 1_767_225_600

function shortChoice(written) {
  const choice = { message: { role: 'assistant' } }
  for (const name of MESSAGE_MEMBERS)
    if (written[name] !== undefined) choice.message[name] = written[name]
  for (const name of CHOICE_MEMBERS) if (written[name] !== undefined) choice[name] = written[name]
  return choice
}

function completeChoice(choice, position, context) {
  const given = choice.message ?? {}
  const present = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  const message = { role: 'assistant', content: null, ...Object.fromEntries(present) }
  if (given.tool_calls) {
    message.tool_calls = given.tool_calls.map((call, place) =>
      completeToolCall(call, `${context.number}_${position}_${place}`)
    )
  }
  const called = message.tool_calls?.length > 0
  return {
    index: position,
    ...choice,
    message,
    finish_reason: choice.finish_reason ?? (called ? 'tool_calls' : 'stop')
  }
}

// OpenAI's shape, or short: { name, arguments, id? } with the arguments as text or as an object.
// `serial` is what a wire makes an id of where the script gives none.
function completeToolCall(call, serial) {
  const { name, arguments: written = {} } = call.function ?? call
  const text = typeof written === 'string' ? written : JSON.stringify(written)
  const extra = call.extra_content === undefined ? {} : { extra_content: call.extra_content }
  return { id: call.id, serial, type: 'function', function: { name, arguments: text }, ...extra }
}

// What the vendor's prompt cache has of this request.
function cachedBy({ model, cachesMarksOnly = false }, { state, request }) {
  return state.promptCache.count(model, request.body, cachesMarksOnly)
}

function completeUsage(given = {}, choices, turn, cached) {
  const written = choices.map(({ message }) => message)
  const reasoning = sum(written, ({ reasoning_content: text }) => tokens(text))
  const visible = sum(
    written,
    ({ content, refusal, tool_calls: calls }) =>
      tokens(content) +
      tokens(refusal) +
      sum(calls ?? [], (call) => tokens(call.function.name + call.function.arguments))
  )
  const prompt = given.prompt_tokens ?? Math.max(1, tokens(turn.promptText))
  const completion = given.completion_tokens ?? Math.max(1, visible + reasoning)
  return {
    ...given,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: given.total_tokens ?? prompt + completion,
    prompt_tokens_details: {
      ...(given.prompt_tokens === undefined ? cacheDetails(cached, prompt) : { cached_tokens: 0 }),
      ...given.prompt_tokens_details
    },
    completion_tokens_details: { reasoning_tokens: reasoning, ...given.completion_tokens_details }
  }
}

// No more than was read at all, tools being counted among the cached alone.
function cacheDetails({ read, written5m, written1h }, prompt) {
  const cached = Math.min(read, prompt)
  const written = Math.min(written5m + written1h, prompt - cached)
  if (written === 0) return { cached_tokens: cached }
  const oneHour = Math.min(written1h, written)
  return {
    cached_tokens: cached,
    cache_creation_tokens: written,
    cache_creation_1h_tokens: oneHour
  }
}

// Four characters to a token: near enough to be plausible.
function tokens(text) {
  return typeof text === 'string' ? Math.ceil(text.length / 4) : 0
}

function sum(items, weight) {
  return items.reduce((total, item) => total + weight(item), 0)
}

module.exports = { completeAnswer }
