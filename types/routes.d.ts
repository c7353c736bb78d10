import type { ChatOptions } from './chat'

/**
 * A model's id: any text; these are what an editor suggests.
 */
export type ModelId =
  | 'claude-opus-5'
  | 'claude-opus-5-5'
  | 'claude-sonnet-4-6'
  | 'deepseek-v4-pro'
  | 'gemini-3.1-pro-preview'
  | 'gemini-3.5-flash'
  | 'gemini-3.8-flash'
  | 'gemini-4-argon'
  | 'gpt-5.4'
  | 'gpt-5.4-mini'
  | 'gpt-5.4-pro'
  | 'gpt-5.5'
  | 'gpt-5.5-pro'
  | 'gpt-6-sol'
  | 'qwen3-max'
  | (string & {})

/**
 * The API that one request takes.
 *
 * | route | endpoint |
 * |---|---|
 * | `anthropic` | `POST /v1/messages` |
 * | `gemini` | `POST /gemini/v1beta/models/{model}:generateContent` (`imagen*`: `:predict`) |
 * | `openai` | `POST /v1/chat/completions` |
 * | `openai-responses` | `POST /v1/responses` |
 */
export type Route = ModelFamily | 'openai-responses'

/** The vendor whose native API a model is reached by. */
export type ModelFamily = 'anthropic' | 'gemini' | 'openai'

/**
 * Which of OpenAI's two APIs carries a chat of the OpenAI family. Not set: by need. That is chat completions, but
 * a request that its model refuses there goes to Responses, see {@link resolveRoute}.
 *
 * - `chat-completions`: chat completions, for every model that has it
 * - `responses`: Responses, for the whole family
 * - `auto`: Responses for the OpenAI series (`gpt-*`, `chatgpt-*`, `o1*`, `o3*`, `o4*`; never `gpt-oss*`,
 *   image, audio, transcription and search-preview models), chat completions for the rest
 *
 * Models that exist on Responses alone (`gpt-5.4-pro`, `gpt-5.4-pro`, `gpt-5.5-pro`, …) go there in any case.
 */
export type OpenAIApi = 'chat-completions' | 'responses' | 'auto'

/** Where a model's requests go. */
export interface ResolvedRoute {
  route: Route
  family: ModelFamily
  /** The base URL that the vendor's own SDK would be given, at the gateway's default host. */
  baseURL: string
}

/**
 * The family of a model, by its name alone; case is ignored.
 *
 * `claude*` is `anthropic`; `gemini*` and `imagen*` are `gemini`, unless the name ends in `-nothink` or
 * `-search` or contains `embedding`; anything else is `openai`, vendor prefixes (`anthropic/claude-…`) included.
 *
 * @example
 * routeModel('claude-sonnet-4-6')        // 'anthropic'
 * routeModel('gemini-3.5-flash')         // 'gemini'
 * routeModel('gemini-3.5-flash-nothink') // 'openai'
 */
export declare function routeModel(model: string): ModelFamily

/**
 * The route, family and base URL of a model. Pure, like {@link routeModel}; it also tells
 * chat completions from Responses. For some models that depends on what is asked: with `request`, the options of
 * a chat, the answer is that of `chatCompletion(model, messages, request)`.
 *
 * @example
 * resolveRoute('gpt-5.4-mini')                         // { route: 'openai', family: 'openai', baseURL: 'https://aihubmix.com/v1' }
 * resolveRoute('gpt-5.4-mini', { openaiApi: 'auto' })  // { route: 'openai-responses', … }
 * resolveRoute('gpt-5.4-pro').route                        // 'openai-responses'
 * // It takes no function tools on chat completions:
 * resolveRoute('gpt-5.5', { request: { tools: [{ type: 'function', function: { name: 'f' } }] } }).route // 'openai-responses'
 */
export declare function resolveRoute(
  model: string,
  options?: { openaiApi?: OpenAIApi | undefined; request?: Readonly<ChatOptions> | undefined }
): ResolvedRoute
