/**
 * The client of the AIHubMix gateway: one interface for Claude, Gemini, GPT and every other model behind it.
 *
 * @example
 * import { AihubmixModelClient, AihubmixError } from 'aihubmix-native'
 *
 * const client = new AihubmixModelClient({ apiKey: process.env.AIHUBMIX_API_KEY })
 * const answer = await client.chatCompletion('claude-sonnet-4-6', [{ role: 'user', content: 'hello' }])
 * console.log(answer.choices[0].message.content)
 *
 * @packageDocumentation
 */

export { AihubmixModelClient } from './types/client'
export { ChatCompletionEventStream } from './types/events'
export { AihubmixError, handleAihubmixErrors } from './types/errors'
export { fixToolChoice, processCacheTags, setFileExtension } from './types/helpers'
export { resolveRoute, routeModel } from './types/routes'
export { estimateTokens, fitMessages } from './types/tokens'

export type { BuiltRequest, QueryValue, RequestParams } from './types/client'
export type {
  AihubmixErrorDetails,
  ErrorCode,
  KnownErrorCode,
  RateLimit,
  TimeoutPhase
} from './types/errors'
export type { ProcessedCacheTags } from './types/helpers'
export type { ModelFamily, ModelId, OpenAIApi, ResolvedRoute, Route } from './types/routes'
export type * from './types/chat'
export type * from './types/completion'
export type * from './types/cache'
export type * from './types/cost'
export type * from './types/diagnostics'
export type * from './types/events'
export type * from './types/messages'
export type * from './types/options'
export type * from './types/streams'
export type * from './types/structured'
export type {
  FitMessagesOptions,
  FitOptions,
  FittedMessages,
  TokenEstimate
} from './types/tokens'
export type * from './types/tools'
export type * from './types/uploads'
export type * from './types/resources/audio'
export type * from './types/resources/bytes'
export type * from './types/resources/chat'
export type * from './types/resources/embeddings'
export type * from './types/resources/gemini'
export type * from './types/resources/images'
export type * from './types/resources/messages'
export type * from './types/resources/models'
export type * from './types/resources/moderations'
export type * from './types/resources/rerank'
export type * from './types/resources/responses'
export type * from './types/resources/videos'
