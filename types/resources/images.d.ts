import type { AihubmixWarning } from '../completion'
import type { RequestOptions } from '../options'
import type { APIPromise, Stream } from '../streams'
import type { Uploadable, UploadRequestOptions } from '../uploads'

/** Images made and changed. */
export interface ImagesResource {
  /**
   * `POST /v1/images/generations`; `imagen*` models go through Gemini's `:predict`, with the same result.
   *
   * @example
   * import { writeFile } from 'node:fs/promises'
   *
   * const { data } = await client.images.generate({ model: 'gpt-image-2', prompt: 'a red fox', size: '1024x1024' })
   * await writeFile('fox.png', data?.[0]?.b64_json ?? '', 'base64')
   */
  generate(
    body: ImageGenerateParams & { stream?: false | null | undefined },
    request?: RequestOptions
  ): APIPromise<ImagesResponse>
  generate(
    body: ImageGenerateParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<ImageGenerateEvent>>
  /** Where the parameters do not say which of these it is. */
  generate(
    body: ImageGenerateParams,
    request?: RequestOptions
  ): APIPromise<ImagesResponse | Stream<ImageGenerateEvent>>
  /**
   * `POST /v1/images/edits`, as multipart.
   *
   * @example
   * await client.images.edit({ model: 'gpt-image-2', image: './fox.png', prompt: 'make it blue' })
   */
  edit(
    body: ImageEditParams & { stream?: false | null | undefined },
    request?: UploadRequestOptions
  ): APIPromise<ImagesResponse>
  edit(
    body: ImageEditParams & { stream: true },
    request?: UploadRequestOptions
  ): APIPromise<Stream<ImageEditEvent>>
  /** Where the parameters do not say which of these it is. */
  edit(
    body: ImageEditParams,
    request?: UploadRequestOptions
  ): APIPromise<ImagesResponse | Stream<ImageEditEvent>>
}

/** What making and changing have in common. Other members are sent as they are, for models with parameters of their own. */
export interface ImageParams {
  model?: string | null | undefined
  prompt: string
  /** How many. Default 1. */
  n?: number | null | undefined
  /** `1024x1024`, `auto`, …, by model. */
  size?: string | null | undefined
  quality?:
    | 'low'
    | 'medium'
    | 'high'
    | 'auto'
    | 'standard'
    | 'hd'
    | (string & {})
    | null
    | undefined
  background?: 'transparent' | 'opaque' | 'auto' | null | undefined
  output_format?: 'png' | 'webp' | 'jpeg' | (string & {}) | null | undefined
  /** 0 to 100, for webp and jpeg. */
  output_compression?: number | null | undefined
  response_format?: 'url' | 'b64_json' | (string & {}) | null | undefined
  /** 0 to 3, with `stream`. */
  partial_images?: number | null | undefined
  user?: string | undefined
  stream?: boolean | null | undefined
  [parameter: string]: any
}

/** @see https://platform.openai.com/docs/api-reference/images/create */
export interface ImageGenerateParams extends ImageParams {
  moderation?: 'low' | 'auto' | null | undefined
  style?: 'vivid' | 'natural' | null | undefined
}

/** @see https://platform.openai.com/docs/api-reference/images/createEdit */
export interface ImageEditParams extends ImageParams {
  image: Uploadable | readonly Uploadable[]
  /** A PNG whose transparent places may be changed. */
  mask?: Uploadable | undefined
  input_fidelity?: 'high' | 'low' | null | undefined
}

/** Images that were made. */
export interface ImagesResponse {
  /** Unix seconds. */
  created: number
  data?: Image[]
  background?: 'transparent' | 'opaque'
  output_format?: 'png' | 'webp' | 'jpeg'
  quality?: 'low' | 'medium' | 'high'
  size?: string
  usage?: ImageUsage
  /** Where Imagen withheld some of the images: why. Where it withheld all, the call fails. */
  aihubmix?: { warnings: AihubmixWarning[] }
}

/** One image: its bytes or its place. */
export interface Image {
  b64_json?: string
  /** For a while only. */
  url?: string
  revised_prompt?: string
}

/** What images cost, in tokens. */
export interface ImageUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  input_tokens_details: { image_tokens: number; text_tokens: number }
}

interface ImageEvent {
  b64_json: string
  /** Unix seconds. */
  created_at: number
  background: 'transparent' | 'opaque' | 'auto'
  output_format: string
  quality: string
  size: string
}

/** One event of a streamed image. */
export type ImageGenerateEvent =
  | (ImageEvent & { type: 'image_generation.partial_image'; partial_image_index: number })
  | (ImageEvent & { type: 'image_generation.completed'; usage: ImageUsage })

/** One event of a streamed change. */
export type ImageEditEvent =
  | (ImageEvent & { type: 'image_edit.partial_image'; partial_image_index: number })
  | (ImageEvent & { type: 'image_edit.completed'; usage: ImageUsage })

export {}
