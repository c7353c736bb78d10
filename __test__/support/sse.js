'use strict'

// Streams of chat completions as OpenAI's servers write them, and a reader without any cleverness.

const HEAD = {
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'gpt-5.4-mini'
}
const USAGE = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }

// One chunk with one choice; `members` stand beside `choices`, `choice` beside `delta`.
function chunk(delta, members = {}, choice = {}) {
  return { ...HEAD, choices: [{ index: 0, delta, finish_reason: null, ...choice }], ...members }
}

function finish(reason = 'stop', members = {}) {
  return chunk({}, members, { finish_reason: reason })
}

function usageChunk(usage = USAGE) {
  return { ...HEAD, choices: [], usage }
}

// A whole stream that says these texts.
function saying(...texts) {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...texts.map((content) => chunk({ content })),
    finish(),
    usageChunk(),
    '[DONE]'
  ]
}

async function readAll(stream) {
  const chunks = []
  for await (const one of stream) chunks.push(one)
  return chunks
}

function textOf(chunks) {
  return chunks.map((one) => one.choices[0]?.delta.content ?? '').join('')
}

module.exports = { HEAD, USAGE, chunk, finish, usageChunk, saying, readAll, textOf }
