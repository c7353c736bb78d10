'use strict'

// POST /v1/embeddings: https://platform.openai.com/docs/api-reference/embeddings

const { createHash } = require('node:crypto')
const { checkForm } = require('../form')
const { jsonReply } = require('../replies')
const { NUMBER, TEXT, textOr } = require('../shape')

const FORM = {
  model: TEXT,
  // A text, its tokens, or a list of either.
  input: textOr((value) => [
    Array.isArray(value?.[0]) ? [NUMBER] : typeof value?.[0] === 'number' ? NUMBER : TEXT
  ]),
  dimensions: NUMBER
}

const DEFAULT_DIMENSIONS = 8

const embeddings = {
  answer({ body }) {
    checkForm(body, ['model', 'input'], FORM)
    const inputs = inputsOf(body.input)
    const data = inputs.map((input, index) => {
      const vector = vectorOf(JSON.stringify(input), body.dimensions ?? DEFAULT_DIMENSIONS)
      return {
        object: 'embedding',
        index,
        embedding: body.encoding_format === 'base64' ? packed(vector) : vector
      }
    })
    const tokens = inputs.reduce(
      (sum, input) => sum + Math.ceil(input.length / (Array.isArray(input) ? 1 : 4)),
      0
    )
    return jsonReply({
      object: 'list',
      data,
      model: body.model,
      usage: { prompt_tokens: tokens, total_tokens: tokens }
    })
  }
}

// One text, one list of token numbers, or a list of either.
function inputsOf(input) {
  return typeof input === 'string' || typeof input[0] === 'number' ? [input] : input
}

/** The same text always has the same vector, of length 1. */
function vectorOf(text, dimensions) {
  const raw = Array.from({ length: dimensions }, (_, place) =>
    createHash('sha256').update(`${place}:${text}`).digest().readInt32BE(0)
  )
  const length = Math.hypot(...raw)
  return raw.map((value) => Math.fround(value / length))
}

function packed(vector) {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((value, place) => bytes.writeFloatLE(value, place * 4))
  return bytes.toString('base64')
}

module.exports = { embeddings }
