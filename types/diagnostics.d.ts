import type { FinishReason } from './completion'
import type { ErrorCode, TimeoutPhase } from './errors'
import type { Route } from './routes'

/**
 * What the diagnostics channels `aihubmix:call:*` publish of a call, but for `aihubmix:call:content`: one object for
 * all of them, which gains members on the way.
 *
 * @example
 * import diagnostics from 'node:diagnostics_channel'
 * import type { CallMessage } from 'aihubmix-native'
 *
 * diagnostics.subscribe('aihubmix:call:end', (message) => {
 *   const { model, durationMs, usage } = message as CallMessage
 *   console.log(model, durationMs, usage)
 * })
 */
export interface CallMessage {
  /** A number, for this process. */
  id: number
  /** `chat`, an endpoint (`audio.speech`), or method and path. */
  operation: string
  model?: string
  route?: Route
  stream: boolean
  /** Milliseconds since 1970. */
  startTime: number
  /** Requests sent so far. */
  attempts: number
  /** From `queued` on: how many requests of the same key waited already when this one began to (option `throttle`). */
  queued?: { waiting: number }
  /** How long its requests have waited for others of their key, in milliseconds. */
  queuedMs?: number
  /** From `retry` on: the attempt that failed last. */
  retry?: { attempt: number; delayMs: number; code: ErrorCode; status?: number }
  /** From `fallback` on: why a model was given up, and which is asked in its place. */
  fallback?: { code: ErrorCode; status?: number; model: string }
  /** Of a stream, from `first-token` on: milliseconds from the start. */
  firstTokenMs?: number
  /** The HTTP status. */
  status?: number
  /** The gateway's trace id. */
  requestId?: string
  /** The host that answered, if it was not the first. */
  servedBy?: string
  /** From `end` or `error` on, in milliseconds. */
  durationMs?: number
  /** As the answer has it. */
  usage?: Record<string, unknown>
  finishReason?: FinishReason | (string & {})
  /** Who answered. */
  responseModel?: string
  /** The vendor's id of the answer. */
  responseId?: string
  /** The reader left the stream before its end. */
  left?: true
  /** Of a call that has failed; never its words. */
  error?: {
    code: ErrorCode
    status?: number
    type?: string
    phase?: TimeoutPhase
    vendorCode?: string
    retryable: boolean
  }
}
