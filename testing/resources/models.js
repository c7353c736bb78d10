'use strict'

// GET /v1/models (OpenAI's list), /v1/models/{id} (one of it) and GET /api/v1/models (the gateway's catalog, with an entity tag).
// https://docs.aihubmix.com/en/api/Models-API

const { createHash } = require('node:crypto')
const { openaiError } = require('../errors')
const { jsonReply, bytesReply } = require('../replies')

// As the real catalog has it: lists as comma-separated text, prices in US dollars per million tokens.
const LLM = {
  types: 'llm',
  features: 'tools,function_calling,structured_outputs',
  input_modalities: 'text,image'
}
const CATALOG = [
  {
    ...LLM,
    model_id: 'claude-sonnet-4-6',
    features: `thinking,${LLM.features}`,
    endpoints: 'chat_completions,claude_api',
    context_length: 200_000
  },
  {
    ...LLM,
    model_id: 'gemini-3.5-flash',
    input_modalities: 'text,image,audio,video,pdf',
    endpoints: 'chat_completions,gemini_api',
    context_length: 1_048_576
  },
  {
    ...LLM,
    model_id: 'gpt-5.4-mini',
    endpoints: 'chat_completions,responses',
    context_length: 128_000
  },
  { ...LLM, model_id: 'deepseek-v3.2', input_modalities: 'text', endpoints: 'chat_completions' },
  { model_id: 'text-embedding-3-small', types: 'embedding', endpoints: 'embeddings' },
  {
    model_id: 'jina-reranker-m0',
    types: 'rerank',
    endpoints: 'rerank',
    input_modalities: 'text,image'
  },
  { model_id: 'gpt-image-2', types: 'image_generation', endpoints: 'image_generation' },
  { model_id: 'whisper-1', types: 'stt', endpoints: 'audio', input_modalities: 'audio' },
  { model_id: 'veo-3.1-generate-001', types: 'video', endpoints: 'videos' },
  // On its way out, and still what many a program asks for.
  { ...LLM, model_id: 'gpt-4o-mini', endpoints: 'chat_completions,responses' }
].map((model) => ({
  features: '',
  input_modalities: 'text',
  context_length: 8_192,
  max_output: 8_192,
  pricing: { input: 1, output: 4, cache_read: 0.1, cache_write: 1.25 },
  ...model
}))

const list = {
  open: true,
  answer() {
    return jsonReply({ object: 'list', data: CATALOG.map(listed) })
  }
}

const retrieve = {
  answer(_request, { params: { id } }) {
    const model = CATALOG.find(({ model_id: known }) => known === id)
    if (model === undefined) {
      throw openaiError(`The model '${id}' does not exist`, {
        status: 404,
        param: 'model',
        code: 'model_not_found'
      })
    }
    return jsonReply(listed(model))
  }
}

function listed({ model_id: id }) {
  return { id, object: 'model', created: 1_626_777_600, owned_by: 'mock' }
}

const catalog = {
  open: true,
  answer({ query, headers }) {
    const data = sorted(
      CATALOG.filter((model) => fits(model, query)),
      query
    )
    const tag = `"${createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)}"`
    const caching = { ETag: tag, 'Cache-Control': 'public, max-age=300' }
    if (tags(headers['if-none-match']).includes(tag)) {
      return { ...bytesReply(Buffer.alloc(0), 'application/json', 304, caching), writes: [] }
    }
    return jsonReply({ success: true, message: '', data }, 200, caching)
  }
}

function fits(model, { type, types = type, model: name, modalities, features }) {
  return (
    (types === undefined || types.split(',').includes(model.types)) &&
    (name === undefined || model.model_id.includes(name)) &&
    hasAll(model.input_modalities, modalities) &&
    hasAll(model.features, features)
  )
}

function hasAll(present, wanted) {
  return wanted === undefined || wanted.split(',').every((one) => present.split(',').includes(one))
}

// Numbers are compared as text, as the real catalog does.
function sorted(models, { sort_by: field, sort_order: order }) {
  if (field === undefined) return models
  const direction = order === 'desc' ? -1 : 1
  return models.sort(
    (one, other) => direction * (String(one[field]) < String(other[field]) ? -1 : 1)
  )
}

function tags(header = '') {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
}

module.exports = { list, retrieve, catalog }
