import type { RequestOptions } from '../options'
import type { APIPromise } from '../streams'

/**
 * Vectors of texts.
 *
 * @example
 * const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] })
 * data[0].embedding.length // 1536
 */
export interface EmbeddingsResource {
  /** `POST /v1/embeddings` */
  create(
    body: EmbeddingCreateParams & { encoding_format: 'base64' },
    request?: RequestOptions
  ): APIPromise<Base64EmbeddingResponse>
  create(body: EmbeddingCreateParams, request?: RequestOptions): APIPromise<CreateEmbeddingResponse>
}

/** @see https://platform.openai.com/docs/api-reference/embeddings/create */
export interface EmbeddingCreateParams {
  model: string
  /** Texts or tokens; Jina's multimodal models also take `{ text }` and `{ image }`. */
  input:
    | string
    | readonly string[]
    | readonly number[]
    | readonly (readonly number[])[]
    | readonly ({ text: string } | { image: string })[]
  /** Default: the model's own. */
  dimensions?: number | undefined
  /** Default `float`. */
  encoding_format?: 'float' | 'base64' | undefined
  user?: string | undefined
  /** Jina: what the vectors are for, such as `retrieval.query`. */
  task?: string | undefined
}

/** Vectors, in the order of the inputs. */
export interface CreateEmbeddingResponse {
  object: 'list'
  model: string
  data: Embedding[]
  usage: { prompt_tokens: number; total_tokens: number }
}

/** The vector of one input. */
export interface Embedding {
  object: 'embedding'
  /** Which input. */
  index: number
  embedding: number[]
}

/** Vectors with `encoding_format: 'base64'`, a quarter of the size. */
export interface Base64EmbeddingResponse extends Omit<CreateEmbeddingResponse, 'data'> {
  /** Each vector as base64 of little-endian 32-bit floats. */
  data: (Omit<Embedding, 'embedding'> & { embedding: string })[]
}
