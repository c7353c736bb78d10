import type { CacheExplanation } from './cache'
import type { ChatOptions } from './chat'
import type { AihubmixWarning, ChatCompletion } from './completion'
import type { Meter, MeterOptions } from './cost'
import type { ChatCompletionMessageParam } from './messages'
import type { ClientOptions, RequestOptions } from './options'
import type { ModelId, Route } from './routes'
import type { AudioResource } from './resources/audio'
import type { ChatResource } from './resources/chat'
import type { EmbeddingsResource } from './resources/embeddings'
import type { GeminiResource } from './resources/gemini'
import type { ImagesResource } from './resources/images'
import type { MessagesResource } from './resources/messages'
import type { ModelsResource } from './resources/models'
import type { ModerationsResource } from './resources/moderations'
import type { RerankResource } from './resources/rerank'
import type { ResponsesResource } from './resources/responses'
import type { VideosResource } from './resources/videos'
import type { APIPromise, ChatCompletionStream, ServerSentEvent, Stream } from './streams'
import type { WebRequest, WebRequestInit, WebResponse, WebURL } from './web'

/**
 * One client for every model behind the AIHubMix gateway: each model is reached by its own vendor's API,
 * and all of them speak OpenAI's shapes here.
 *
 * Clients are cheap: those with the same network settings share one pool of connections.
 * A client holds no state between calls.
 *
 * @example
 * import { AihubmixModelClient, type ChatCompletionMessageParam } from 'aihubmix-native'
 *
 * const client = new AihubmixModelClient('sk-…')
 * const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'hello' }]
 *
 * await client.chatCompletion('gpt-5.4-mini', messages)
 * await client.chatCompletion('claude-sonnet-4-6', messages)
 * await client.chatCompletion('gemini-3.5-flash', messages)
 */
export declare class AihubmixModelClient {
  /**
   * A client with this key and everything else from the environment.
   *
   * @throws {AihubmixError} `CONFIG_ERROR` for a key or an environment that cannot be used
   */
  constructor(apiKey: string)
  /**
   * A client with these options, the environment and the defaults, in this order.
   *
   * @throws {AihubmixError} `CONFIG_ERROR`, with the option's name in `param`, for a missing key, an unknown option
   * and a value that cannot be used
   */
  constructor(options?: ClientOptions)

  /**
   * One answer of any model, whole or streamed, in OpenAI's shape. The model's name decides the route, see
   * `routeModel`; `request.route` overrides it. Messages and options work on every route and are never changed.
   *
   * The promise of a stream settles with the first delta: a failure before it rejects the promise, a later one is thrown by
   * the loop.
   *
   * @example
   * const answer = await client.chatCompletion('claude-sonnet-4-6', [{ role: 'user', content: 'hello' }], { max_tokens: 100 })
   * console.log(answer.choices[0].message.content)
   *
   * const stream = await client.chatCompletion('gemini-3.5-flash', messages, { stream: true }, { signal: AbortSignal.timeout(5000) })
   * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
   *
   * @throws {AihubmixError} (as a rejection) see `ErrorCode`
   */
  chatCompletion(
    model: ModelId,
    messages: readonly ChatCompletionMessageParam[],
    options?: ChatOptions & { stream?: false | null | undefined },
    request?: RequestOptions
  ): Promise<ChatCompletion>
  chatCompletion(
    model: ModelId,
    messages: readonly ChatCompletionMessageParam[],
    options: ChatOptions & { stream: true },
    request?: RequestOptions
  ): Promise<ChatCompletionStream>
  chatCompletion(
    model: ModelId,
    messages: readonly ChatCompletionMessageParam[],
    options: ChatOptions & { stream?: boolean | null | undefined },
    request?: RequestOptions
  ): Promise<ChatCompletion | ChatCompletionStream>

  /** The same in the form of the `openai` package, and what is built on it: `parse`, `runTools`. */
  readonly chat: ChatResource
  readonly embeddings: EmbeddingsResource
  readonly rerank: RerankResource
  readonly images: ImagesResource
  readonly audio: AudioResource
  readonly moderations: ModerationsResource
  readonly models: ModelsResource
  readonly videos: VideosResource
  /** OpenAI's Responses API, as it is. */
  readonly responses: ResponsesResource
  /** Anthropic's Messages API, as it is. */
  readonly messages: MessagesResource
  /** Google's Gemini API, as it is. */
  readonly gemini: GeminiResource

  /**
   * What `chatCompletion` would send, without sending it. Credentials are masked. Synchronous, no network.
   *
   * @example
   * const request = client.buildRequest('claude-sonnet-4-6', [{ role: 'user', content: 'hello' }], { max_tokens: 100 })
   * request.url      // 'https://aihubmix.com/v1/messages'
   * request.body     // { model: 'claude-sonnet-4-6', max_tokens: 100, messages: [ … ] }
   * request.warnings // []
   *
   * @throws {AihubmixError} `INVALID_REQUEST`, with the parameter in `param`, for what would be refused before sending
   */
  buildRequest(
    model: ModelId,
    messages: readonly ChatCompletionMessageParam[],
    options?: ChatOptions & { stream?: boolean | null | undefined },
    request?: RequestOptions
  ): BuiltRequest

  /**
   * Where the vendor's requests for two conversations part, and how many tokens are read anew because of it: the reason
   * why a prompt cache was missed. Synchronous, no network.
   *
   * @example
   * const { same, path, behind } = client.explainCache('claude-sonnet-4-6', messages, [...messages, ...messages])
   * if (!same) console.log(`${path} has changed: ${behind} tokens are read anew`)
   *
   * @throws {AihubmixError} `INVALID_REQUEST`, with the parameter in `param`, for what would be refused before sending
   */
  explainCache(
    model: ModelId,
    previous: readonly ChatCompletionMessageParam[],
    next: readonly ChatCompletionMessageParam[],
    options?: ChatOptions,
    request?: RequestOptions
  ): CacheExplanation

  /**
   * Adds up what chats cost: pass it as `meter` among the options of requests, or of a client.
   *
   * @example
   * const meter = client.meter({ budget: 0.5 })
   * await client.chatCompletion('gpt-5.4-mini', messages, {}, { meter })
   * meter.cost.amount // 0.0021
   *
   * @throws {AihubmixError} `INVALID_REQUEST`, with the option in `param`
   */
  meter(options?: MeterOptions): Meter

  /**
   * The base URL that the vendor's own SDK would be given for this model; without a model, the gateway's root.
   *
   * @example
   * client.getBaseURL()                    // 'https://aihubmix.com'
   * client.getBaseURL('gpt-5.4-mini')       // 'https://aihubmix.com/v1'
   * client.getBaseURL('gemini-3.5-flash')  // 'https://aihubmix.com/gemini'
   */
  getBaseURL(model?: string): string

  /**
   * A WHATWG `fetch` for other SDKs: chats (`/v1/chat/completions`) take the model's own route and come back
   * in OpenAI's shape, any other path goes straight through with the key. It may be called without its client.
   *
   * One attempt: the SDK above retries. Error statuses are responses in OpenAI's shape, a timeout before the
   * answer is a 504 with `x-should-retry: false`, an abort rejects with an `AbortError`. The key goes to the
   * client's own origins only: another one rejects with `INVALID_REQUEST`.
   *
   * @example
   * import OpenAI from 'openai'
   *
   * const openai = new OpenAI({ baseURL: client.getBaseURL('gpt-5.4-mini'), apiKey: 'unused', fetch: client.fetch })
   * await openai.chat.completions.create({ model: 'claude-sonnet-4-6', messages: [{ role: 'user', content: 'hello' }] })
   */
  readonly fetch: (
    input: string | WebURL | WebRequest,
    init?: WebRequestInit
  ) => Promise<WebResponse>

  /**
   * Any other endpoint of the gateway, with the key, retries, timeouts and errors of this client: JSON in, JSON out,
   * or with `stream` the raw events. An answer that is not JSON is an `INVALID_RESPONSE`; for bytes take `fetch`.
   *
   * @example
   * const { output } = await client.request<{ output: unknown }>({
   *   method: 'POST',
   *   path: '/v1/models/bfl/flux-pro/predictions',
   *   body: { input: { prompt: 'a red fox' } }
   * })
   */
  request<Answer = unknown>(
    options: RequestParams & { stream?: false | undefined },
    request?: RequestOptions
  ): APIPromise<Answer>
  request(
    options: RequestParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<ServerSentEvent>>
  /** Where the parameters do not say which of these it is. */
  request<Answer = unknown>(
    options: RequestParams,
    request?: RequestOptions
  ): APIPromise<Answer | Stream<ServerSentEvent>>

  /**
   * Another client, with these options over those of this one. It is closed on its own.
   *
   * @example
   * const patient = client.withOptions({ timeout: 600_000, maxRetries: 5 })
   */
  withOptions(options: ClientOptions): AihubmixModelClient

  /**
   * Cancels what is in flight, which rejects with `ABORTED`, as do all calls from now on. May be called more than
   * once. Not needed for the process to end.
   *
   * @example
   * process.once('SIGTERM', () => client.close())
   */
  close(): void
  /** For `using`: closes the client at the end of the block. */
  // @ts-ignore missing from libraries without explicit resource management
  [Symbol.dispose](): void
}

/** What `client.request` sends. */
export interface RequestParams {
  /** Default `GET`, with a body `POST`. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | (string & {}) | undefined
  /** From the gateway's root, `/v1/…`; or a whole URL of one of the client's own origins. */
  path: string
  /** Lists become repeated names; null and undefined are left out. */
  query?: { readonly [name: string]: QueryValue | readonly QueryValue[] } | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Over the client's and the call's. `null` takes a header away. */
  headers?: RequestOptions['headers']
  /** Whether the answer is an event stream. Default false. */
  stream?: boolean | undefined
}

/** A value in a query. */
export type QueryValue = string | number | boolean | null | undefined

/** What would be sent: the result of `client.buildRequest`. */
export interface BuiltRequest {
  route: Route
  method: 'POST'
  url: string
  /** Names in lower case, credentials masked. */
  headers: Record<string, string>
  /** `bodyText`, parsed. */
  body: Record<string, any>
  /** The exact bytes of the body, as text. */
  bodyText: string
  /** What the answer's `aihubmix.warnings` would begin with. */
  warnings: AihubmixWarning[]
  /** What the models of `fallback` would be asked, where there are any. */
  fallback?: BuiltRequest[]
}
