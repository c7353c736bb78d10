import type { RequestOptions } from '../options'
import type { APIPromise } from '../streams'

/**
 * Documents in the order in which they answer a query.
 *
 * @example
 * const { results } = await client.rerank.create({
 *   model: 'jina-reranker-m0', query: 'fruit', documents: ['an apple', 'a car'], top_n: 1
 * })
 * results[0].index // 0
 */
export interface RerankResource {
  /** `POST /v1/rerank` */
  create(body: RerankCreateParams, request?: RequestOptions): APIPromise<RerankResponse>
}

/** @see https://docs.aihubmix.com/en/api/Jina-AI */
export interface RerankCreateParams {
  model: string
  query: string
  /** Texts; some models take images too. */
  documents: readonly (string | { text: string } | { image: string })[]
  /** Default: all. */
  top_n?: number | undefined
  return_documents?: boolean | undefined
}

/** The documents' order. */
export interface RerankResponse {
  model: string
  /** Best first. */
  results: {
    /** Which document. */
    index: number
    relevance_score: number
    document?: { text?: string; image?: string }
  }[]
  usage?: { total_tokens?: number; prompt_tokens?: number }
}
