import type {
  ChatCompletionContentPartText,
  CacheControl,
  ChatCompletionMessageParam
} from './messages'

/**
 * The parameters of a chat beside model and messages: OpenAI's, which work on every route as far as the
 * model can do it, and the vendors' own, which go to the vendor that knows them.
 *
 * What the target cannot express is left out with an entry in the answer's `aihubmix.warnings`, or refused
 * (`INVALID_REQUEST`) where leaving it out would change the meaning. A parameter that stands nowhere here
 * goes into `extra_body`.
 *
 * @example
 * await client.chatCompletion('claude-sonnet-4-6', messages, {
 *   max_tokens: 4096,
 *   temperature: 0.2,
 *   reasoning_effort: 'low',
 *   extra_body: { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } }
 * })
 */
export interface ChatOptions
  extends OpenAIChatOptions,
    AnthropicOptions,
    GeminiOptions,
    ResponsesOptions,
    OtherVendorOptions {
  /** Merged over the request's body at the very end, on any route: objects deeply, anything else replaced. */
  extra_body?: { readonly [key: string]: unknown } | null | undefined
}

/** OpenAI's own parameters. @see https://platform.openai.com/docs/api-reference/chat/create */
export interface OpenAIChatOptions {
  /** Tools the model may call. */
  tools?: readonly ChatCompletionTool[] | undefined
  /** Default `auto` with tools, else `none`. Dropped where `tools` is an empty array. */
  tool_choice?: ChatCompletionToolChoiceOption | undefined
  /** Whether several tools may be called in one turn. Default true. */
  parallel_tool_calls?: boolean | undefined
  /** The form of the answer. For a typed result see `client.chat.completions.parse`. */
  response_format?: ResponseFormat | undefined
  /** The most tokens that may be written, reasoning included. */
  max_completion_tokens?: number | null | undefined
  /** The same by its older name, which some models want. Claude needs a limit: without one the model's own is sent. */
  max_tokens?: number | null | undefined
  /** How long the model may think. Translated to each vendor's own scale. */
  reasoning_effort?: ReasoningEffort | undefined
  /** 0 to 2 (Claude: clamped to 1). */
  temperature?: number | null | undefined
  /** 0 to 1. */
  top_p?: number | null | undefined
  /** Texts at which the answer ends. */
  stop?: string | readonly string[] | null | undefined
  /** How many answers. More than 1 is refused for Claude. */
  n?: number | null | undefined
  seed?: number | null | undefined
  /** -2 to 2. */
  frequency_penalty?: number | null | undefined
  /** -2 to 2. */
  presence_penalty?: number | null | undefined
  /** From token ids to a bias of -100 to 100. */
  logit_bias?: { readonly [token: string]: number } | null | undefined
  logprobs?: boolean | null | undefined
  /** 0 to 20; needs `logprobs`. */
  top_logprobs?: number | null | undefined
  /** `stream_options.include_usage` gives usage in OpenAI's form, a chunk of its own; without it usage is on the finish chunk. */
  stream_options?: ChatCompletionStreamOptions | null | undefined
  /** What the answer may consist of. Image models want `['text', 'image']`. */
  modalities?: readonly ('text' | 'audio' | 'image')[] | null | undefined
  /** Voice and format of an audio answer; needs `modalities: ['text', 'audio']`. */
  audio?: ChatCompletionAudioParam | null | undefined
  /** Text that the answer will mostly repeat. */
  prediction?:
    | { type: 'content'; content: string | readonly ChatCompletionContentPartText[] }
    | null
    | undefined
  verbosity?: 'low' | 'medium' | 'high' | null | undefined
  web_search_options?: WebSearchOptions | undefined
  /** Up to 16 pairs. Anthropic's `{ user_id }` fits. */
  metadata?: { readonly [key: string]: string } | null | undefined
  service_tier?:
    | 'auto'
    | 'default'
    | 'flex'
    | 'scale'
    | 'priority'
    | 'fast'
    | 'standard_only'
    | (string & {})
    | null
    | undefined
  store?: boolean | null | undefined
  user?: string | undefined
  safety_identifier?: string | null | undefined
  prompt_cache_key?: string | null | undefined
  prompt_cache_retention?: 'in_memory' | '24h' | null | undefined
  prompt_cache_options?:
    | { mode?: 'implicit' | 'explicit' | undefined; ttl?: '30m' | undefined }
    | undefined
  moderation?: ModerationOptions | null | undefined
  /** @deprecated OpenAI's form before `tools`. */
  functions?: readonly FunctionDefinition[] | undefined
  /** @deprecated OpenAI's form before `tool_choice`. */
  function_call?: 'none' | 'auto' | { name: string } | undefined
}

/** Parameters of the Messages API, for Claude. @see https://docs.anthropic.com/en/api/messages */
export interface AnthropicOptions {
  /** Only the k likeliest tokens. Also Gemini's (as `topK`) and of many chat-completions models. */
  top_k?: number | null | undefined
  /**
   * Anthropic's own: as it is where the model takes it, a budget becomes `adaptive` where it does not. Some
   * chat-completions models have a switch of the same name.
   */
  thinking?:
    | ({ type: 'enabled'; budget_tokens?: number | undefined } & ThinkingSettings)
    | ({ type: 'adaptive' } & ThinkingSettings)
    | { type: 'between_tools' | 'disabled' | 'auto' }
    | undefined
  stop_sequences?: readonly string[] | undefined
  /** For the header `anthropic-beta`; what other options need is added, and so is the header of the caller's. */
  betas?: string | readonly string[] | undefined
  /** Stands before the system messages. */
  system?: string | readonly { readonly [key: string]: unknown }[] | undefined
  output_config?: { readonly [key: string]: unknown } | undefined
  context_management?:
    | { readonly [key: string]: unknown }
    | readonly { readonly [key: string]: unknown }[]
    | null
    | undefined
  mcp_servers?: readonly { readonly [key: string]: unknown }[] | undefined
  container?: string | { readonly [key: string]: unknown } | null | undefined
  cache_control?: CacheControl | null | undefined
  billing_policy?: { readonly [key: string]: unknown } | null | undefined
  compaction?: { readonly [key: string]: unknown } | null | undefined
  diagnostics?: { readonly [key: string]: unknown } | null | undefined
  fallback_credit_token?: string | { readonly [key: string]: unknown } | null | undefined
  fallbacks?: 'default' | readonly { readonly [key: string]: unknown }[] | null | undefined
  inference_geo?: string | null | undefined
  safeguards?: readonly { readonly [key: string]: unknown }[] | null | undefined
  speed?: 'standard' | 'fast' | null | undefined
  thread?: { readonly [key: string]: unknown } | null | undefined
}

/** What Claude shows of its thinking, and what becomes of thinking whose conversation has changed. */
export interface ThinkingSettings {
  display?: 'summarized' | 'omitted' | 'updates' | (string & {}) | null | undefined
  block_binding?:
    | { prefix_mismatch_behavior?: 'error' | 'drop_block' | null | undefined }
    | null
    | undefined
}

/** Parameters of `generateContent`, for Gemini. @see https://ai.google.dev/api/generate-content */
export interface GeminiOptions {
  safetySettings?: readonly { category: string; threshold: string }[] | undefined
  /** Merged over what the other options were translated to. */
  generationConfig?: { readonly [key: string]: unknown } | undefined
  toolConfig?: { readonly [key: string]: unknown } | undefined
  systemInstruction?: string | { readonly [key: string]: unknown } | undefined
  cachedContent?: string | undefined
  labels?: { readonly [key: string]: string } | undefined
}

/** Parameters of the Responses API. @see https://platform.openai.com/docs/api-reference/responses/create */
export interface ResponsesOptions {
  /** Also the gateway's unified form on chat completions: `{ effort }` or `{ max_tokens }`. */
  reasoning?:
    | {
        effort?: ReasoningEffort | undefined
        summary?: 'auto' | 'concise' | 'detailed' | null | undefined
        max_tokens?: number | null | undefined
        enabled?: boolean | undefined
        exclude?: boolean | undefined
        /** AIHubMix's own, for Claude: whether thoughts are shown. */
        display?: 'summarized' | 'omitted' | null | undefined
        /** Which earlier reasoning counts (Responses). */
        context?: string | null | undefined
        /** The mode of reasoning (Responses). */
        mode?: string | null | undefined
      }
    | null
    | undefined
  include?: readonly string[] | null | undefined
  instructions?: string | null | undefined
  max_output_tokens?: number | null | undefined
  max_tool_calls?: number | null | undefined
  previous_response_id?: string | null | undefined
  text?: { readonly [key: string]: unknown } | undefined
  truncation?: 'auto' | 'disabled' | null | undefined
}

/** Parameters of other vendors' models on chat completions. */
export interface OtherVendorOptions {
  min_p?: number | undefined
  top_a?: number | undefined
  repetition_penalty?: number | undefined
  /** Qwen and others: the switch for thinking. */
  enable_thinking?: boolean | undefined
  /** Qwen: tokens that may be spent on thinking. */
  thinking_budget?: number | undefined
  /** Qwen: web search. */
  enable_search?: boolean | undefined
  search_options?: { readonly [key: string]: unknown } | undefined
  /** Open models behind vLLM or SGLang. */
  chat_template_kwargs?: { readonly [key: string]: unknown } | undefined
}

/** The body of `client.chat.completions.create`. */
export type ChatCompletionCreateParams =
  | ChatCompletionCreateParamsNonStreaming
  | ChatCompletionCreateParamsStreaming

/** Model, messages and options in one object, as the `openai` package has it. */
export interface ChatCompletionCreateParamsBase extends ChatOptions {
  /** Any model of the gateway; its name decides the route. */
  model: string
  messages: readonly ChatCompletionMessageParam[]
  stream?: boolean | null | undefined
}

/** A body whose answer comes whole. */
export interface ChatCompletionCreateParamsNonStreaming extends ChatCompletionCreateParamsBase {
  stream?: false | null | undefined
}

/** A body whose answer is streamed. */
export interface ChatCompletionCreateParamsStreaming extends ChatCompletionCreateParamsBase {
  stream: true
}

/** How long a model may think, from not at all to as long as it can. */
export type ReasoningEffort =
  | 'none'
  | 'minimal'
  | 'low'
  | 'medium'
  | 'high'
  | 'xhigh'
  | 'max'
  | null

/** What a stream also tells. */
export interface ChatCompletionStreamOptions {
  include_usage?: boolean | undefined
  include_obfuscation?: boolean | undefined
}

/** Voice and format of an audio answer. */
export interface ChatCompletionAudioParam {
  format: 'wav' | 'aac' | 'mp3' | 'flac' | 'opus' | 'pcm16'
  voice: string | { id: string }
}

/** OpenAI's web search, for the search models of chat completions; Claude and Gemini use their own. */
export interface WebSearchOptions {
  search_context_size?: 'low' | 'medium' | 'high' | undefined
  user_location?:
    | {
        type: 'approximate'
        approximate: {
          city?: string | undefined
          /** ISO 3166, two letters. */
          country?: string | undefined
          region?: string | undefined
          /** IANA name. */
          timezone?: string | undefined
        }
      }
    | null
    | undefined
}

/** OpenAI's own check of what goes in and comes out. */
export interface ModerationOptions {
  model: string
  policy?:
    | {
        input?: { mode: 'score' | 'block' } | null | undefined
        output?: { mode: 'score' | 'block' } | null | undefined
      }
    | null
    | undefined
}

/** A JSON schema, as plain data. */
export type JSONSchema = { readonly [keyword: string]: unknown }

/** A function that a model may call. */
export interface FunctionDefinition {
  name: string
  description?: string | undefined
  /** The JSON schema of its arguments. Absent: it has none. */
  parameters?: JSONSchema | undefined
  /** Whether the arguments must follow the schema. */
  strict?: boolean | null | undefined
}

/** A tool that a model may call: OpenAI's kinds, or a vendor's own on its own route. */
export type ChatCompletionTool = ChatCompletionFunctionTool | ChatCompletionCustomTool | VendorTool

/** A function with JSON arguments. Works on every route. */
export interface ChatCompletionFunctionTool {
  type: 'function'
  function: FunctionDefinition
  /** For Claude: the prompt up to this tool may be cached. */
  cache_control?: CacheControl | null | undefined
}

/** A tool with free text as its input. */
export interface ChatCompletionCustomTool {
  type: 'custom'
  custom: {
    name: string
    description?: string | undefined
    format?:
      | { type: 'text' }
      | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' | 'regex' } }
      | undefined
  }
}

/** A vendor's own tool, sent verbatim on that vendor's route. */
export type VendorTool =
  | AnthropicTool
  | AnthropicServerTool
  | GeminiTool
  | ResponsesTool
  | ChatServerTool

/** Anthropic's form of a function. */
export interface AnthropicTool {
  type?: 'custom' | null | undefined
  name: string
  description?: string | undefined
  input_schema: JSONSchema
  cache_control?: CacheControl | null | undefined
}

/** A tool that Anthropic runs or defines, such as `web_search_20250305`. */
export interface AnthropicServerTool {
  type: `${string}_20${number}`
  name: string
  [member: string]: any
}

/** Gemini's own tools. */
export interface GeminiTool {
  type?: undefined
  googleSearch?: { readonly [key: string]: unknown } | undefined
  googleMaps?: { readonly [key: string]: unknown } | undefined
  codeExecution?: { readonly [key: string]: unknown } | undefined
  urlContext?: { readonly [key: string]: unknown } | undefined
  fileSearch?: { readonly [key: string]: unknown } | undefined
  computerUse?: { readonly [key: string]: unknown } | undefined
  functionDeclarations?: readonly { readonly [key: string]: unknown }[] | undefined
}

/** A tool of the Responses API; `function` in its flat form works on every route. */
export type ResponsesTool =
  | {
      type: 'function'
      name: string
      description?: string | null | undefined
      parameters?: JSONSchema | null | undefined
      strict?: boolean | null | undefined
    }
  | {
      type:
        | 'web_search'
        | 'web_search_preview'
        | 'file_search'
        | 'code_interpreter'
        | 'image_generation'
        | 'mcp'
        | 'computer'
        | 'computer_use_preview'
        | 'local_shell'
        | 'shell'
        | 'apply_patch'
      [member: string]: any
    }

/** A tool that a chat-completions vendor runs itself (Kimi, GLM). */
export interface ChatServerTool {
  type: 'builtin_function' | 'retrieval'
  [member: string]: any
}

/** Which tool must, may or must not be called. */
export type ChatCompletionToolChoiceOption =
  | 'none'
  | 'auto'
  | 'required'
  | 'any'
  | { type: 'function'; function: { name: string } }
  | { type: 'function'; name: string }
  | { type: 'custom'; custom: { name: string } }
  | {
      type: 'allowed_tools'
      allowed_tools: {
        mode: 'auto' | 'required'
        tools: readonly { readonly [key: string]: unknown }[]
      }
    }
  | { type: 'tool'; name: string; disable_parallel_tool_use?: boolean | undefined }
  | { type: 'auto' | 'any' | 'none'; disable_parallel_tool_use?: boolean | undefined }

/** The form that the answer must have. */
export type ResponseFormat =
  | ResponseFormatText
  | ResponseFormatJSONObject
  | ResponseFormatJSONSchema

/** Free text. */
export interface ResponseFormatText {
  type: 'text'
}

/** Any JSON object. The prompt should say so too. */
export interface ResponseFormatJSONObject {
  type: 'json_object'
}

/** JSON that follows a schema. */
export interface ResponseFormatJSONSchema<Schema = JSONSchema> {
  type: 'json_schema'
  json_schema: {
    /** Letters, digits, `_` and `-`, at most 64. */
    name: string
    description?: string | undefined
    /** Absent: any object. */
    schema?: Schema | undefined
    /** Whether the answer must follow the schema. */
    strict?: boolean | null | undefined
  }
}
