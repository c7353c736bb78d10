import type { ChatCompletion, TriedModel } from './completion'
import type { WebHeaders } from './web'

/**
 * What went wrong, in one word.
 *
 * | code | when | try again? |
 * |---|---|---|
 * | `RATE_LIMIT` | 429 that is not a quota | later |
 * | `AUTH_ERROR` | 401 | no |
 * | `PERMISSION_DENIED` | 403 | no |
 * | `INSUFFICIENT_QUOTA` | 402, or any status that says balance or quota is spent | no |
 * | `INVALID_REQUEST` | 400, 413, 422, and requests refused before sending (`param` names what) | no |
 * | `CONTEXT_LENGTH_EXCEEDED` | the prompt is too long for the model | with a shorter one |
 * | `NOT_FOUND` | 404, 410 | no |
 * | `CONFLICT` | 409 | yes |
 * | `OVERLOADED` | 503, 529, and overload inside a stream | later |
 * | `SERVER_ERROR` | other 5xx, and other errors inside a stream | yes |
 * | `TIMEOUT` | a timer ran out (`phase` says which), or a 408 or 504 that retries did not cure (`status`) | see `retryable` |
 * | `CONNECTION_ERROR` | no connection, or lost before the answer | yes |
 * | `ABORTED` | `signal`, `abort()`, `close()`, or the end of the environment (`cause` is the signal's reason) | no |
 * | `STREAM_INTERRUPTED` | the stream ended in mid-answer (`partial` holds what came) | yes |
 * | `INVALID_RESPONSE` | a 2xx that is not what was asked for | see `retryable` |
 * | `CONFIG_ERROR` | a mistake in the constructor's options (`param` names it) | no |
 * | `API_ERROR` | any other status without a word of its own | see `retryable` |
 *
 * A status outside this table keeps the vendor's own code, upper-cased, if it is a word: hence `string`.
 */
export type ErrorCode = KnownErrorCode | (string & {})

/** The codes of {@link ErrorCode}'s table, for exhaustive maps. */
export type KnownErrorCode =
  | 'RATE_LIMIT'
  | 'AUTH_ERROR'
  | 'PERMISSION_DENIED'
  | 'INSUFFICIENT_QUOTA'
  | 'INVALID_REQUEST'
  | 'CONTEXT_LENGTH_EXCEEDED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'OVERLOADED'
  | 'SERVER_ERROR'
  | 'TIMEOUT'
  | 'CONNECTION_ERROR'
  | 'ABORTED'
  | 'STREAM_INTERRUPTED'
  | 'INVALID_RESPONSE'
  | 'CONFIG_ERROR'
  | 'API_ERROR'

/** Which timer ran out: see {@link TimeoutOptions}; `queue`: `total`, while the call waited for others (`throttle`). */
export type TimeoutPhase = 'connect' | 'response' | 'idle' | 'total' | 'queue'

/**
 * The one class of every failure. It is made in the caller's realm, so `instanceof Error` holds inside
 * Jest and worker threads too. No member ever holds the API key.
 *
 * @example
 * try {
 *   await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
 * } catch (error) {
 *   if (!AihubmixError.isInstance(error)) throw error
 *   if (error.code === 'RATE_LIMIT') console.log('wait', error.retryAfterMs, 'ms')
 *   else console.error(error.code, error.status, error.message, error.requestId)
 * }
 */
export declare class AihubmixError extends Error {
  /** For tests and for wrappers; the client makes its own. `retryable` is false, `attempts` 0, all else absent unless `details` says it. */
  constructor(message: string, code?: ErrorCode, status?: number, details?: AihubmixErrorDetails)

  /**
   * Whether a value is an AihubmixError, even one made by another copy of this package
   * (bundled twice, or loaded in another realm), where `instanceof` says no.
   */
  static isInstance(value: unknown): value is AihubmixError

  readonly name: 'AihubmixError'
  /** For programs: what to branch on. Undefined only for an error that was made without one (`handleAihubmixErrors(new Error('…'))`). */
  readonly code: ErrorCode
  /** The HTTP status; of an error inside a stream or a 2xx, the status that its type implies. Absent where there was no answer. */
  readonly status?: number
  /** The vendor's `error.type`. */
  readonly type?: string
  /** The parameter at fault, as a path: `messages[2].content`, `timeout.idle`. */
  readonly param?: string
  /** The gateway's trace id, from the headers or from the error's text. Name it in support requests. */
  readonly requestId?: string
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** For `TIMEOUT`: which timer. */
  readonly phase?: TimeoutPhase
  /** The vendor's own `error.code`, as text. */
  readonly vendorCode?: string
  /** How much of the rate limit was left, as the answer's headers say. */
  readonly rateLimit?: RateLimit
  /**
   * The answer's headers. They have no members that could be copied: web frameworks put those of `error.headers`
   * into their own answer.
   */
  readonly headers?: WebHeaders
  /** The vendor's error JSON; a string where the body was not JSON. */
  readonly body?: unknown
  /** Whether the same call may succeed later. */
  readonly retryable: boolean
  /** How many requests were sent: 0 for one that was refused before sending. */
  readonly attempts: number
  /** Of an error after a stream's first delta: the answer so far, folded. */
  readonly partial?: ChatCompletion
  /** Where other models were asked too (option `fallback`): all of them, the last one included. */
  readonly tried?: TriedModel[]
  /** For logs: all members, the message included, headers and cause as plain objects; not the stack. */
  toJSON(): Record<string, unknown>
  /** What lies below: the signal's reason, the connection's failure, the callback's error. */
  readonly cause?: unknown
}

/** The other members of an {@link AihubmixError}. */
export type AihubmixErrorDetails = Partial<
  Pick<
    AihubmixError,
    | 'type'
    | 'param'
    | 'requestId'
    | 'retryAfterMs'
    | 'phase'
    | 'vendorCode'
    | 'rateLimit'
    | 'body'
    | 'retryable'
    | 'attempts'
    | 'partial'
    | 'tried'
    | 'cause'
  >
> & { headers?: WebHeaders | Record<string, string> }

/** How much of a rate limit is left: of the one that is spent, else of the first that the answer tells of. */
export interface RateLimit {
  /** Of how many (requests, or tokens). */
  limit?: number
  /** How many are left. */
  remaining?: number
  /** When there are as many again, in milliseconds from the answer on. */
  resetMs?: number
}

/**
 * Makes an AihubmixError of any error, by its message: one that speaks of a "rate limit" becomes
 * `RATE_LIMIT` (429, "Rate limit exceeded"), one that says "unauthorized" becomes `AUTH_ERROR`
 * (401, "Authentication failed"); any other keeps message, code and status. An AihubmixError comes
 * back as it is.
 *
 * This client's own errors are classed already; the function is for errors of other SDKs.
 *
 * @example
 * const error = handleAihubmixErrors(new Error('Rate limit reached for requests'))
 * error.code   // 'RATE_LIMIT'
 * error.status // 429
 */
export declare function handleAihubmixErrors(error: unknown): AihubmixError
