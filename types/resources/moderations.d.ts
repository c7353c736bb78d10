import type { RequestOptions } from '../options'
import type { APIPromise } from '../streams'

/**
 * Whether texts and images are harmful.
 *
 * @example
 * const { results } = await client.moderations.create({ model: 'omni-moderation-latest', input: 'I like trees.' })
 * results[0].flagged // false
 */
export interface ModerationsResource {
  /** `POST /v1/moderations` */
  create(
    body: ModerationCreateParams,
    request?: RequestOptions
  ): APIPromise<ModerationCreateResponse>
}

/** @see https://platform.openai.com/docs/api-reference/moderations/create */
export interface ModerationCreateParams {
  input:
    | string
    | readonly string[]
    | readonly (
        | { type: 'text'; text: string }
        | { type: 'image_url'; image_url: { url: string } }
      )[]
  model?: string | undefined
}

/** A judgement for each input. */
export interface ModerationCreateResponse {
  id: string
  model: string
  results: Moderation[]
}

/** The judgement of one input. */
export interface Moderation {
  flagged: boolean
  /** By category: `harassment`, `self-harm/intent`, … Null: the model does not judge it. */
  categories: {
    [category in Exclude<ModerationCategory, 'illicit' | 'illicit/violent'>]: boolean
  } & {
    [category in 'illicit' | 'illicit/violent']: boolean | null
  } & { [category: string]: boolean | null }
  /** By category, 0 to 1. */
  category_scores: { [category in ModerationCategory]: number } & { [category: string]: number }
  category_applied_input_types: { [category in TextCategory]: 'text'[] } & {
    [category in Exclude<ModerationCategory, TextCategory>]: ('text' | 'image')[]
  } & { [category: string]: ('text' | 'image')[] }
}

type TextCategory =
  | 'harassment'
  | 'harassment/threatening'
  | 'hate'
  | 'hate/threatening'
  | 'illicit'
  | 'illicit/violent'
  | 'sexual/minors'

/** What OpenAI's models judge. */
export type ModerationCategory =
  | TextCategory
  | 'self-harm'
  | 'self-harm/instructions'
  | 'self-harm/intent'
  | 'sexual'
  | 'violence'
  | 'violence/graphic'

export {}
