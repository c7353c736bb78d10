'use strict'

// JSON in, JSON out.

const { bodyOf } = require('../arguments')

function embeddings(requests) {
  return {
    create: async (body, request) =>
      requests.whole({ endpoint: 'embeddings', json: bodyOf(body) }, request)
  }
}

function moderations(requests) {
  return {
    create: async (body, request) =>
      requests.whole({ endpoint: 'moderations', json: bodyOf(body) }, request)
  }
}

function rerank(requests) {
  return {
    create: async (body, request) =>
      requests.whole({ endpoint: 'rerank', json: bodyOf(body) }, request)
  }
}

module.exports = { embeddings, moderations, rerank }
