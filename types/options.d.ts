import type { ChatOptions } from './chat'
import type { Meter } from './cost'
import type { FitOptions } from './tokens'
import type { ErrorCode } from './errors'
import type { ModelId, OpenAIApi, Route } from './routes'
import type { WebAbortSignal, WebHeaders } from './web'

/**
 * How a client is set up. What is left out comes from the environment (`process.env` of the caller at
 * construction), else from the default. Empty strings count as absent; an unknown option is a `CONFIG_ERROR`.
 *
 * @example
 * const client = new AihubmixModelClient({
 *   apiKey: process.env.MY_KEY,
 *   appCode: 'ABCD1234',
 *   fallbackBaseURLs: ['https://api.inferera.com'],
 *   timeout: { response: 60_000, idle: 30_000 },
 *   logLevel: 'warn'
 * })
 */
export interface ClientOptions {
  /**
   * The gateway's key, or a function that is asked for it before each attempt.
   * Default: `AIHUBMIX_API_KEY`; with neither the constructor throws `CONFIG_ERROR`.
   */
  apiKey?: string | (() => string | PromiseLike<string>) | undefined
  /**
   * The gateway: its root, or any of the bases in use (`…/v1`, `…/gemini`, `…/gemini/v1beta`), with or without
   * a path prefix. Default: `AIHUBMIX_BASE_URL`, else `https://aihubmix.com`.
   */
  baseURL?: string | undefined
  /**
   * Other hosts of the gateway, tried in order when the one before cannot be reached (never on a certificate
   * error). The one that works is remembered for 10 minutes. Default: none; the gateway's second host is
   * `https://api.inferera.com`.
   */
  fallbackBaseURLs?: readonly string[] | undefined
  /** `APP-Code` of every request. Default: `AIHUBMIX_APP_CODE`, else no such header. `null`: none in any case. */
  appCode?: string | null | undefined
  /**
   * Headers for every request. They win over the client's own, `APP-Code` included, but not over the
   * route's credential, content headers and connection headers. `null` takes a header away.
   */
  headers?: HeaderOptions | WebHeaders | undefined
  /** Milliseconds, see {@link TimeoutOptions}. A plain number means `total` for an answer, `response` for a stream. */
  timeout?: number | TimeoutOptions | undefined
  /**
   * How often a request that failed for a passing reason is sent again: 408, 409, 429, 5xx, a failed connection.
   * Never after the first delta of a stream, never for a spent quota. Default 2.
   */
  maxRetries?: number | undefined
  /**
   * URL of a proxy (http, https, socks5, socks5h); `false`: none. Default: the proxy variables of the
   * environment, else the system's settings; those never apply to loopback hosts.
   */
  proxy?: string | false | undefined
  /** Certificates (PEM) to trust beside the system's, the bundled ones and those of `NODE_EXTRA_CA_CERTS`. */
  ca?: string | readonly string[] | undefined
  /**
   * Which of OpenAI's APIs carries a chat of that family. Default: by need. That is chat completions, but what a
   * model refuses there (function tools with reasoning, GPT-5.4 and later) goes to Responses, with a warning
   * `rerouted`.
   */
  openaiApi?: OpenAIApi | undefined
  /**
   * Where `<cache>…</cache>` in a text marks it for the prompt cache (Claude), and is taken out (elsewhere):
   * `system` = system and developer messages, `all` = every message, `off` = nowhere. Default `system`.
   */
  cacheTags?: 'system' | 'all' | 'off' | undefined
  /**
   * Whether http(s) images for a model that takes inline data only (Gemini) are downloaded first: public
   * addresses only, 20 MB each. Default false: such a request is an `INVALID_REQUEST`.
   */
  inlineImageUrls?: boolean | undefined
  /** Bounds against hostile answers. */
  limits?: LimitOptions | undefined
  /** Where the log goes, redacted. Default: standard error, if there is a `logLevel`. */
  logger?: Logger | undefined
  /** How much is logged. Default: `AIHUBMIX_LOG`, else `warn` with a `logger`, else `off`. */
  logLevel?: LogLevel | undefined
  /**
   * `catalog`: answers say what they cost, in `aihubmix.cost`, by the gateway's catalog, which is asked for in the
   * background. Default `off`.
   */
  pricing?: 'off' | 'catalog' | undefined
  /** Leaves out the oldest turns of a conversation that is too long for its model, with a warning `fitted`. Default: no. */
  fit?: FitOptions | false | undefined
  /** Adds up what all chats of this client cost, see `client.meter()`. */
  meter?: Meter | undefined
  /**
   * How much of one key and origin may be under way, shared by all clients and workers of the process. Default: no
   * bound.
   */
  throttle?: ThrottleOptions | undefined
  /**
   * The models that are asked, in this order, where one fails before its first delta, its own retries included: with
   * `RATE_LIMIT`, `OVERLOADED`, `SERVER_ERROR`, `CONNECTION_ERROR`, `TIMEOUT`, `NOT_FOUND`, `PERMISSION_DENIED`,
   * `INSUFFICIENT_QUOTA`, `CONTEXT_LENGTH_EXCEEDED`, or because there is no such model. Default: none.
   */
  fallback?: readonly (ModelId | FallbackModel)[] | undefined
}

/**
 * What may be under way of one key and origin. More waits, first in, first out, within the call's `total` time (else a
 * `TIMEOUT` with phase `queue`); a 429 that says how long to wait (up to 60 s) holds all of it back.
 *
 * @example
 * const client = new AihubmixModelClient({ throttle: { concurrency: 8, requestsPerMinute: 60 } })
 */
export interface ThrottleOptions {
  /** Requests in flight, from their sending to the end of their answer. 1 or greater. Default: no bound. */
  concurrency?: number | undefined
  /** Requests within any 60 seconds. 1 or greater. Default: no bound. */
  requestsPerMinute?: number | undefined
}

/** A model that is asked where another one fails. */
export interface FallbackModel {
  model: ModelId
  /** Chat options over those of the call. */
  options?: ChatOptions | undefined
  /** The failures that lead to it, in place of the usual ones. */
  on?: readonly ErrorCode[] | undefined
}

/**
 * What one call may override. A name that is not here is an `INVALID_REQUEST`.
 *
 * @example
 * const cancel = new AbortController()
 * await client.chatCompletion('gpt-5.4-mini', messages, {}, {
 *   signal: cancel.signal,
 *   timeout: { response: 20_000 },
 *   maxRetries: 0,
 *   headers: { 'X-Aihubmix-Session-Id': 'a1' }
 * })
 */
export interface RequestOptions {
  /**
   * Cancels the call, also during a back-off: it rejects with `ABORTED` whose `cause` is the signal's reason;
   * a stream that has begun throws it from its iterator.
   */
  signal?: WebAbortSignal | null | undefined
  /** Milliseconds, over the client's. */
  timeout?: number | TimeoutOptions | undefined
  /** Over the client's. */
  maxRetries?: number | undefined
  /** Over the client's, name by name. `null` takes a header away. */
  headers?: HeaderOptions | WebHeaders | undefined
  /** As the client's; `false`: not. Chats only. */
  fit?: FitOptions | false | undefined
  /** Adds up what the call costs, see `client.meter()`; a spent budget refuses it. Chats only. */
  meter?: Meter | undefined
  /** The route, whatever the model's name says. Chats only. */
  route?: Route | undefined
  /**
   * The models that are asked, in this order, where one fails before its first delta, its own retries included: with
   * `RATE_LIMIT`, `OVERLOADED`, `SERVER_ERROR`, `CONNECTION_ERROR`, `TIMEOUT`, `NOT_FOUND`, `PERMISSION_DENIED`,
   * `INSUFFICIENT_QUOTA`, `CONTEXT_LENGTH_EXCEEDED`, or because there is no such model. Default: the client's.
   */
  fallback?: readonly (ModelId | FallbackModel)[] | undefined
}

/**
 * The four timers, in milliseconds, finite, 0 or greater. What is not named keeps its default. Whichever
 * runs out is a `TIMEOUT` with its name as `phase`.
 *
 * @example
 * const client = new AihubmixModelClient({ timeout: { connect: 5_000, response: 60_000, idle: 30_000, total: 300_000 } })
 */
export interface TimeoutOptions {
  /** Making the connection. Default 10 000. */
  connect?: number | undefined
  /** From the request sent to the first byte of the answer; of a stream, to its first delta. Default 600 000. */
  response?: number | undefined
  /**
   * Nothing arrives of a body that has begun, or an upload stands still. Of a stream, comments and pings do not
   * count, and time in which the consumer holds the stream back is free. Default 300 000.
   */
  idle?: number | undefined
  /** The whole call, retries and back-off included. Default: none. */
  total?: number | undefined
}

/** Header names (case does not matter) and values; `null` takes a header away, `undefined` is not there. */
export type HeaderOptions = {
  readonly [name: string]: string | number | boolean | null | undefined
}

/** Bytes that an answer may have. */
export interface LimitOptions {
  /** A whole answer. Default 67 108 864 (64 MB). */
  answer?: number | undefined
  /** One event of a stream. Default 8 388 608 (8 MB). */
  event?: number | undefined
}

/** How much is logged: `warn` = what was left out or looked odd, `info` = and each call, `debug` = and each attempt. */
export type LogLevel = 'off' | 'warn' | 'info' | 'debug'

/**
 * Where log lines go; `console`, pino, winston and the like fit.
 *
 * @example
 * const client = new AihubmixModelClient({ logger: console, logLevel: 'info' })
 */
export interface Logger {
  warn(message: string, ...details: unknown[]): void
  info(message: string, ...details: unknown[]): void
  debug(message: string, ...details: unknown[]): void
}
