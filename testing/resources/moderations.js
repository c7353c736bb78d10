'use strict'

// POST /v1/moderations: https://platform.openai.com/docs/api-reference/moderations

const { checkForm } = require('../form')
const { jsonReply } = require('../replies')
const { TEXT, textOr } = require('../shape')

const FORM = { model: TEXT, input: textOr([textOr({ type: TEXT, text: TEXT })]) }

// What flags a text here: its category's own words.
const CATEGORIES = {
  harassment: /\bharass/i,
  hate: /\bhate/i,
  'self-harm': /\bself-harm/i,
  sexual: /\bsexual/i,
  violence: /\b(?:violence|violent|kill|harm)\b/i
}

const moderations = {
  answer({ body }, { number }) {
    checkForm(body, ['input'], FORM)
    const results = textsOf(body.input).map(judge)
    return jsonReply({
      id: `modr-mock${number}`,
      model: body.model ?? 'omni-moderation-latest',
      results
    })
  }
}

// A text, a list of texts (one result each), or the parts of one multi-modal input (one result).
function textsOf(input) {
  if (typeof input === 'string') return [input]
  if (input.every((entry) => typeof entry === 'string')) return input
  return [input.map((part) => part.text ?? '').join(' ')]
}

function judge(text) {
  const categories = Object.fromEntries(
    Object.entries(CATEGORIES).map(([name, words]) => [name, words.test(text)])
  )
  const scores = Object.fromEntries(
    Object.entries(categories).map(([name, flagged]) => [name, flagged ? 0.95 : 0.001])
  )
  return { flagged: Object.values(categories).includes(true), categories, category_scores: scores }
}

module.exports = { moderations }
