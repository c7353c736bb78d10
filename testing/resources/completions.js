'use strict'

// POST /v1/completions, as models before chats have it.
// https://platform.openai.com/docs/api-reference/completions

const { openaiError } = require('../errors')
const { words } = require('../pieces')
const { jsonReply, eventStreamReply } = require('../replies')
const { encodeEvent } = require('../sse')

const completions = {
  answer({ body }, { number }) {
    if (!body?.model) throw openaiError('you must provide a model parameter')
    const prompts = [body.prompt ?? ''].flat().map(String)
    const envelope = {
      id: `cmpl-mock${number}`,
      object: 'text_completion',
      created: 1_767_225_600,
      model: body.model
    }
    const choices = prompts.map((prompt, index) => choiceOf(`You said: ${prompt}`, index, 'stop'))
    const usage = usageOf(prompts, choices)
    if (body.stream !== true) return jsonReply({ ...envelope, choices, usage })
    const chunks = choices.flatMap(({ text, index }) => [
      ...words(text).map((piece) => ({ ...envelope, choices: [choiceOf(piece, index, null)] })),
      { ...envelope, choices: [choiceOf('', index, 'stop')] }
    ])
    const last = body.stream_options?.include_usage ? [{ ...envelope, choices: [], usage }] : []
    return eventStreamReply(
      [...chunks, ...last, '[DONE]'].map((event) => encodeEvent(event, false))
    )
  }
}

function choiceOf(text, index, reason) {
  return { text, index, logprobs: null, finish_reason: reason }
}

function usageOf(prompts, choices) {
  const read = prompts.reduce((sum, prompt) => sum + words(prompt).length, 0)
  const written = choices.reduce((sum, { text }) => sum + words(text).length, 0)
  return { prompt_tokens: read, completion_tokens: written, total_tokens: read + written }
}

module.exports = { completions }
