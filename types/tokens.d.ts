import type { ChatOptions } from './chat'
import type { ChatCompletionMessageParam } from './messages'
import type { ModelId } from './routes'

/** How many tokens there are, by estimate. */
export interface TokenEstimate {
  /** Most likely. */
  tokens: number
  /** Seldom fewer. */
  low: number
  /** Seldom more. */
  high: number
}

/**
 * How many tokens a request has, tools included: an estimate, without a network. Texts of English and code are within
 * 10 % for about nine of ten; see `docs/length.md` for the error by family.
 *
 * @example
 * const { tokens, high } = estimateTokens('claude-sonnet-4-6', [{ role: 'user', content: 'hello' }])
 *
 * @throws {AihubmixError} `INVALID_REQUEST`, with the parameter in `param`
 */
export declare function estimateTokens(
  model: ModelId,
  messages: readonly ChatCompletionMessageParam[],
  options?: ChatOptions
): TokenEstimate

/** What is to fit, and what else is sent (tools count). */
export type FitMessagesOptions = ChatOptions & FitOptions

/** How a conversation that is too long is made to fit. */
export interface FitOptions {
  /** Tokens that the model reads. Default: what is known of it. */
  limit?: number | undefined
  /** Of these, what is left for the answer. Default: `max_completion_tokens` or `max_tokens`, else 4,096. */
  reserve?: number | undefined
}

/** What fits. */
export interface FittedMessages<Message = ChatCompletionMessageParam> {
  /** Those that stay: the very objects, in their order. */
  messages: Message[]
  /** Those that go. */
  dropped: Message[]
  /** By estimate, of those that stay. Above the limit where even the last turn is too long. */
  tokens: number
}

/**
 * A conversation without its oldest turns, as many as have to go so that the rest fits. A turn is what a user says and
 * all that follows, calls, results and signed reasoning included; system and developer messages and the last turn stay.
 *
 * @example
 * const { messages: rest, dropped } = fitMessages('gpt-5.4-mini', messages, { limit: 8_000, reserve: 1_000 })
 *
 * @throws {AihubmixError} `INVALID_REQUEST`, with `param: 'limit'` where that is neither given nor known
 */
export declare function fitMessages<Message extends ChatCompletionMessageParam>(
  model: ModelId,
  messages: readonly Message[],
  options?: FitMessagesOptions
): FittedMessages<Message>
