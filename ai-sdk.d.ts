import type { AihubmixModelClient, ClientOptions } from './index'

/**
 * What a provider is made with: the options of a client, or a client that there is already.
 */
export type AihubmixProviderOptions = (
  | (ClientOptions & { client?: undefined })
  | { client: AihubmixModelClient }
) & {
  /**
   * The specification that the models speak: `v4` for `ai` 7, `v3` for `ai` 6. Default: by the package `ai` that the
   * program has (looked for from the working directory and the main module), else `v4`.
   */
  specificationVersion?: SpecificationVersion | undefined
}

/** The AI SDK's specification of a provider: `v4` is that of `ai` 7, `v3` that of `ai` 6. */
export type SpecificationVersion = 'v3' | 'v4'

/**
 * A provider for the AI SDK over one client. Each model keeps what its vendor needs back (signed reasoning, thought
 * signatures, encrypted items) in `providerMetadata.aihubmix` of the part that it belongs to, so that a conversation
 * that is stored and sent again goes on where it was.
 *
 * Retries are the client's own: its errors are never `isRetryable`.
 *
 * @example
 * import { createAihubmix } from 'aihubmix-native/ai-sdk'
 *
 * const aihubmix = createAihubmix({ appCode: 'CODE1234' })
 * const model = aihubmix('claude-sonnet-4-6')
 * const embeddings = aihubmix.embeddingModel('text-embedding-3-small')
 */
export interface AihubmixProvider<Version extends SpecificationVersion = 'v4'> {
  /** A chat model. */
  (modelId: string): AihubmixLanguageModel<Version>
  readonly specificationVersion: Version
  /** A chat model. */
  languageModel(modelId: string): AihubmixLanguageModel<Version>
  /** The same as {@link AihubmixProvider.languageModel}. */
  chat(modelId: string): AihubmixLanguageModel<Version>
  /** A model that makes vectors of texts. */
  embeddingModel(modelId: string): AihubmixEmbeddingModel<Version>
  /** The older name of {@link AihubmixProvider.embeddingModel}. */
  textEmbeddingModel(modelId: string): AihubmixEmbeddingModel<Version>
  /** A model that makes and edits images. */
  imageModel(modelId: string): AihubmixImageModel<Version>
  /** The same as {@link AihubmixProvider.imageModel}. */
  image(modelId: string): AihubmixImageModel<Version>
  /** A model that writes down what is said. */
  transcriptionModel(modelId: string): AihubmixTranscriptionModel<Version>
  /** The same as {@link AihubmixProvider.transcriptionModel}. */
  transcription(modelId: string): AihubmixTranscriptionModel<Version>
  /** A model that says what is written. */
  speechModel(modelId: string): AihubmixSpeechModel<Version>
  /** The same as {@link AihubmixProvider.speechModel}. */
  speech(modelId: string): AihubmixSpeechModel<Version>
  /** A model that ranks documents. */
  rerankingModel(modelId: string): AihubmixRerankingModel<Version>
  /** The same as {@link AihubmixProvider.rerankingModel}. */
  reranking(modelId: string): AihubmixRerankingModel<Version>
  /** A model that makes videos. */
  videoModel(modelId: string): AihubmixVideoModel<Version>
  /** The same as {@link AihubmixProvider.videoModel}. */
  video(modelId: string): AihubmixVideoModel<Version>
}

/** What all models have. The AI SDK calls their methods; their own types stand in `@ai-sdk/provider`. */
export interface AihubmixModel<Version extends SpecificationVersion> {
  readonly specificationVersion: Version
  readonly provider: string
  readonly modelId: string
}

/** A chat model, for `generateText`, `streamText` and what is built on them. */
export interface AihubmixLanguageModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  /** Addresses that the vendor fetches itself, by media type. */
  readonly supportedUrls: Record<string, RegExp[]>
  doGenerate(options: any): PromiseLike<any>
  doStream(options: any): PromiseLike<any>
}

/** For `embed` and `embedMany`. */
export interface AihubmixEmbeddingModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  readonly maxEmbeddingsPerCall: number
  readonly supportsParallelCalls: boolean
  doEmbed(options: any): PromiseLike<any>
}

/** For `generateImage`. */
export interface AihubmixImageModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  readonly maxImagesPerCall: number
  doGenerate(options: any): PromiseLike<any>
}

/** For `transcribe`. */
export interface AihubmixTranscriptionModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  doGenerate(options: any): PromiseLike<any>
}

/** For `generateSpeech`. */
export interface AihubmixSpeechModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  doGenerate(options: any): PromiseLike<any>
}

/** For `rerank`. */
export interface AihubmixRerankingModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  doRerank(options: any): PromiseLike<any>
}

/**
 * For `experimental_generateVideo`. `providerOptions.aihubmix` may have `pollIntervalMs` (default 5 000) and
 * `pollTimeoutMs` (default 1 800 000) beside members of the body. V4 models have `doStart` and `doStatus` too.
 *
 * @see https://docs.aihubmix.com/en/api/Video-Gen
 */
export interface AihubmixVideoModel<Version extends SpecificationVersion = 'v4'>
  extends AihubmixModel<Version> {
  readonly maxVideosPerCall: number
  doGenerate(options: any): PromiseLike<any>
  doStart: Version extends 'v4' ? (options: any) => PromiseLike<any> : undefined
  doStatus: Version extends 'v4' ? (options: any) => PromiseLike<any> : undefined
}

/** A provider whose models speak the specification V3, for `ai` 6. */
export declare function createAihubmix(
  options: AihubmixProviderOptions & { specificationVersion: 'v3' }
): AihubmixProvider<'v3'>
/**
 * A provider for the AI SDK; a string is the API key. The client is made with the first model.
 *
 * @throws AihubmixError `CONFIG_ERROR` for an option that is wrong, at the latest with the first model.
 */
export declare function createAihubmix(
  options?: string | AihubmixProviderOptions
): AihubmixProvider<'v4'>

/** A chat model of the provider that the environment configures (`AIHUBMIX_API_KEY`, …). */
export declare function aihubmix(modelId: string): AihubmixLanguageModel<'v4'>
