// Vectors of texts, and documents in the order in which they answer a question.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()
const documents = [
  'The cat sat on the mat.',
  'Stocks fell on Monday.',
  'A kitten was sleeping on the rug.'
]

const { data } = await client.embeddings.create({
  model: 'text-embedding-3-small',
  input: documents
})
const [cat, ...others] = data.map(({ embedding }) => embedding)
for (const [index, other] of others.entries()) {
  console.log(cosine(cat, other).toFixed(3), documents[index + 1])
}

const ranked = await client.rerank.create({
  model: 'jina-reranker-m0',
  query: 'Where is the cat?',
  documents,
  top_n: 2
})
for (const { index, relevance_score } of ranked.results)
  console.log(relevance_score.toFixed(3), documents[index])

function cosine(one, other) {
  const dot = (a, b) => a.reduce((sum, value, at) => sum + value * b[at], 0)
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
}
