'use strict'

// A provider for the AI SDK. The models speak the specification V4 (`ai` 7) or V3 (`ai` 6).

const { AihubmixModelClient } = require('../client')
const { configError } = require('../error')
const { LanguageModel } = require('./language-model')
const {
  EmbeddingModel,
  ImageModel,
  RerankingModel,
  SpeechModel,
  TranscriptionModel
} = require('./other-models')
const { NAMESPACE } = require('./state')
const { installedSpecification } = require('./specification')
const { LanguageModelV3, asV3 } = require('./v3')
const { VideoModel, VideoModelV3 } = require('./video-model')

function createAihubmix(options = {}) {
  const {
    client: given,
    specificationVersion: asked,
    ...clientOptions
  } = typeof options === 'string' ? { apiKey: options } : options
  const version = asked ?? installedSpecification() ?? 'v4'
  if (version !== 'v3' && version !== 'v4') {
    throw configError('specificationVersion', "`specificationVersion` must be 'v3' or 'v4'")
  }
  // Construction needs a key; a program may make its provider before it has one.
  let client = given
  const lazyClient = () => (client ??= new AihubmixModelClient(clientOptions))
  const Chat = version === 'v3' ? LanguageModelV3 : LanguageModel
  const versioned = version === 'v3' ? asV3 : (model) => model
  const made = (Model) => (modelId) => versioned(new Model(lazyClient(), NAMESPACE, modelId))

  const languageModel = (modelId) => new Chat(lazyClient(), NAMESPACE, modelId)
  const provider = (modelId) => languageModel(modelId)
  const embeddingModel = made(EmbeddingModel)
  return Object.assign(provider, {
    specificationVersion: version,
    languageModel,
    chat: languageModel,
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    imageModel: made(ImageModel),
    image: made(ImageModel),
    transcriptionModel: made(TranscriptionModel),
    transcription: made(TranscriptionModel),
    speechModel: made(SpeechModel),
    speech: made(SpeechModel),
    rerankingModel: made(RerankingModel),
    reranking: made(RerankingModel),
    videoModel: made(version === 'v3' ? VideoModelV3 : VideoModel),
    video: made(version === 'v3' ? VideoModelV3 : VideoModel)
  })
}

// The provider of the environment's configuration, made when it is first used.
let shared
const aihubmix = (modelId) => (shared ??= createAihubmix())(modelId)

module.exports = { aihubmix, createAihubmix }
