'use strict'

// POST /v1/rerank, in the form of Jina's reranker: https://docs.aihubmix.com/en/api/Jina-AI

const { checkForm } = require('../form')
const { jsonReply } = require('../replies')
const { NUMBER, TEXT, textOr } = require('../shape')

const FORM = {
  model: TEXT,
  query: textOr({ text: TEXT }),
  documents: [textOr({ text: TEXT })],
  top_n: NUMBER
}

const rerank = {
  answer({ body }) {
    checkForm(body, ['model', 'query', 'documents'], FORM)
    const wanted = wordsOf(textOf(body.query))
    const results = body.documents
      .map((document, index) => {
        const text = textOf(document)
        const shown =
          body.return_documents === false
            ? {}
            : { document: typeof document === 'string' ? { text } : document }
        return { index, relevance_score: relevance(wanted, wordsOf(text)), ...shown }
      })
      .sort((one, other) => other.relevance_score - one.relevance_score || one.index - other.index)
      .slice(0, body.top_n ?? body.documents.length)
    const tokens = Math.ceil(JSON.stringify(body.documents).length / 4)
    return jsonReply({
      model: body.model,
      results,
      usage: { total_tokens: tokens, prompt_tokens: tokens }
    })
  }
}

function textOf(document) {
  return typeof document === 'string' ? document : (document.text ?? '')
}

function wordsOf(text) {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
}

// The share of the query's words that the document has.
function relevance(wanted, present) {
  const shared = [...wanted].filter((word) => present.has(word)).length
  return wanted.size === 0 ? 0 : Number((shared / wanted.size).toFixed(4))
}

module.exports = { rerank }
