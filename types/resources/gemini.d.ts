import type { GeminiPart } from '../messages'
import type { RequestOptions } from '../options'
import type { APIPromise, Stream } from '../streams'

/**
 * The Gemini API in its own shape.
 *
 * @example
 * const answer = await client.gemini.generateContent({
 *   model: 'gemini-3.5-flash', contents: [{ role: 'user', parts: [{ text: 'hello' }] }]
 * })
 * answer.candidates?.[0]?.content?.parts?.[0]?.text
 */
export interface GeminiResource {
  /** `POST /gemini/v1beta/models/{model}:generateContent`, with `stream: true` `:streamGenerateContent?alt=sse`. */
  generateContent(
    body: GenerateContentParams & { stream?: false | null | undefined },
    request?: RequestOptions
  ): APIPromise<GenerateContentResponse>
  generateContent(
    body: GenerateContentParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<GenerateContentResponse>>
  /** Where the parameters do not say which of these it is. */
  generateContent(
    body: GenerateContentParams,
    request?: RequestOptions
  ): APIPromise<GenerateContentResponse | Stream<GenerateContentResponse>>
}

/** The REST body, sent as it is, beside `model` and `stream`. @see https://ai.google.dev/api/generate-content */
export interface GenerateContentParams {
  /** Goes into the path, with or without `models/`. */
  model: string
  contents: readonly GeminiContent[]
  systemInstruction?: { role?: string; parts: readonly GeminiPart[] } | undefined
  tools?: readonly { [member: string]: any }[] | undefined
  toolConfig?: { [member: string]: any } | undefined
  safetySettings?: readonly { category: string; threshold: string }[] | undefined
  generationConfig?: { [member: string]: any } | undefined
  cachedContent?: string | undefined
  stream?: boolean | null | undefined
  [parameter: string]: any
}

/** One turn of a conversation. */
export interface GeminiContent {
  role?: string | undefined
  parts: readonly GeminiPart[]
}

/** A whole answer, or one piece of a stream. */
export interface GenerateContentResponse {
  candidates?: GeminiCandidate[]
  promptFeedback?: { blockReason?: string; safetyRatings?: { [member: string]: any }[] }
  usageMetadata?: GeminiUsage
  modelVersion?: string
  responseId?: string
  [member: string]: any
}

/** One answer. */
export interface GeminiCandidate {
  index?: number
  content?: { role?: string; parts?: GeminiPart[] }
  /** `STOP`, `MAX_TOKENS`, `SAFETY`, … */
  finishReason?: string
  finishMessage?: string
  groundingMetadata?: { [member: string]: any }
  [member: string]: any
}

/** What an answer cost, in tokens. */
export interface GeminiUsage {
  promptTokenCount?: number
  candidatesTokenCount?: number
  thoughtsTokenCount?: number
  toolUsePromptTokenCount?: number
  cachedContentTokenCount?: number
  totalTokenCount?: number
  [member: string]: any
}
