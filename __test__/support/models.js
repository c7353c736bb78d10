'use strict'

// The model ids that README, docs, examples, types and tests name. One list, so that a model that goes is replaced in
// one pass; `npm run models:check` says what others know of them. Dates are of the vendors' announcements.

const REVIEWED = '2026-11-27'

// An id -> when it retires, where that is announced.
const MODELS = {
  'claude-opus-5': undefined,
  'claude-opus-5-5': undefined,
  'claude-sonnet-4-6': undefined,
  'deepseek-v4-pro': undefined,
  'gemini-3.1-pro-preview': undefined,
  'gemini-3.5-flash': undefined,
  // The gateway's own names of the same model.
  'gemini-3.5-flash-nothink': undefined,
  'gemini-3.5-flash-search': undefined,
  'gemini-3.8-flash': undefined,
  'gemini-4-argon': undefined,
  'gpt-5.4': undefined,
  'gpt-5.4-mini': undefined,
  'gpt-5.4-pro': undefined,
  'gpt-5.5': undefined,
  'gpt-5.5-pro': undefined,
  'gpt-6-sol': undefined,
  'gpt-image-2': undefined,
  'imagen-4.0-generate-001': undefined,
  'jina-reranker-m0': undefined,
  'qwen3-max': undefined,
  'text-embedding-3-small': undefined,
  'veo-3.1-generate-001': undefined
}

// Announced to go within six months, without a model of their kind to name in their place.
const WITHOUT_SUCCESSOR = {
  'gpt-4o-mini-tts': '2027-01-06',
  'tts-1': '2027-01-06',
  'whisper-1': '2027-02-26'
}

// Suites whose subject are the manners of models, the old ones included: what routes, tables and the mock know of them.
const ABOUT_MODELS = [
  'cost.spec.js',
  'helpers.spec.js',
  'matrix.spec.js',
  'stream-ends.spec.js',
  'testing-clients.spec.js',
  'testing-refusals.spec.js',
  'testing-resources.spec.js',
  'testing-strict.spec.js'
]

module.exports = { ABOUT_MODELS, MODELS, REVIEWED, WITHOUT_SUCCESSOR }
