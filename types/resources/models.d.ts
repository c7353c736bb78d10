import type { RequestOptions } from '../options'
import type { APIPromise } from '../streams'

/** The gateway's models. Both lists need no key, so neither can check one. */
export interface ModelsResource {
  /**
   * `GET /v1/models`: what the key's group may use, in OpenAI's shape.
   *
   * @example
   * for await (const model of client.models.list()) console.log(model.id)
   * const { data } = await client.models.list()
   */
  list(request?: RequestOptions): ModelListPromise
  /** `GET /v1/models/{id}`: one of them; `NOT_FOUND` where there is none. */
  retrieve(id: string, request?: RequestOptions): APIPromise<Model>
  /**
   * What the catalog says of one model. It is asked for at most once in five minutes, for all clients of a gateway.
   *
   * @example
   * const { contextLength, price, deprecated } = await client.models.info('gpt-5.4-mini')
   *
   * @throws {AihubmixError} (as a rejection) `NOT_FOUND` with `param: 'id'` for a model that is not in it
   */
  info(id: string, request?: RequestOptions): Promise<ModelInfo>
  /**
   * `GET /api/v1/models`: all models with their features, limits and prices, as the gateway gives them.
   *
   * @example
   * const { data } = await client.models.catalog({ type: 'llm', features: ['tools', 'thinking'] })
   * for (const model of data) console.log(model.model_id, model.context_length, model.pricing?.input)
   */
  catalog(filter?: ModelCatalogFilter, request?: RequestOptions): APIPromise<ModelCatalog>
}

/** What the catalog says of a model. */
export interface ModelInfo {
  id: string
  /** Tokens that fit, those of the answer included: by the catalog, else by our tables. */
  contextLength?: number
  /** The most tokens of an answer: by the catalog, else by our tables. */
  maxOutput?: number
  /** `llm`, `embedding`, … */
  types: string[]
  /** What it reads: `text`, `image`, … */
  modalities: string[]
  features: string[]
  /** `chat_completions`, `claude_api`, … May be empty. */
  endpoints: string[]
  /** The values of `reasoning_effort` that it takes as they are, by the catalog, else by our tables; may be empty. */
  efforts: string[]
  /** US dollars per million tokens, by kind. */
  price?: {
    input?: number
    output?: number
    cache_read?: number
    cache_write?: number
    [kind: string]: number | undefined
  }
  /** The day on which it goes, and what is named in its place. */
  deprecated?: { on: string; successor?: string }
}

/** Await it for the page, or loop over its models. */
export interface ModelListPromise extends APIPromise<ModelList>, AsyncIterable<Model> {}

/** One page, which holds all models. */
export interface ModelList {
  object: 'list'
  data: Model[]
}

/** A model, as OpenAI describes it. */
export interface Model {
  id: string
  object: 'model'
  /** Unix seconds. */
  created: number
  owned_by: string
}

/** Lists are joined with commas. @see https://docs.aihubmix.com/en/api/Models-API */
export interface ModelCatalogFilter {
  /** `llm`, `image_generation`, `video`, `tts`, `stt`, `embedding`, `rerank`, … */
  type?: string | readonly string[] | undefined
  /** What a model must take: `text`, `image`, `audio`, `video`, `pdf`. */
  modalities?: string | readonly string[] | undefined
  /** A part of the model's name. */
  model?: string | undefined
  /** What a model must be able to do: `thinking`, `tools`, `function_calling`, `web`, `structured_outputs`, … */
  features?: string | readonly string[] | undefined
  sort_by?: 'model_id' | 'context_length' | 'max_output' | (string & {}) | undefined
  sort_order?: 'asc' | 'desc' | undefined
}

/** The catalog's answer. */
export interface ModelCatalog {
  success: boolean
  message?: string
  data: CatalogModel[]
}

/** One model, as the gateway describes it: lists are texts with commas, and numbers may be texts. */
export interface CatalogModel {
  model_id: string
  desc?: string
  /** Comma-separated. */
  types?: string
  /** Comma-separated. */
  features?: string
  /** Comma-separated. */
  input_modalities?: string
  /** Comma-separated: `chat_completions`, `claude_api`, `gemini_api`, `responses`, … May be empty. */
  endpoints?: string
  /** Tokens. */
  context_length?: number | string
  /** Tokens. */
  max_output?: number | string
  /** US dollars per million tokens. */
  pricing?: {
    input?: number
    output?: number
    cache_read?: number
    cache_write?: number
    [unit: string]: any
  }
  [member: string]: any
}
