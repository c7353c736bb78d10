import type { Cost } from './cost'
import type { ErrorCode } from './errors'
import type { Route } from './routes'
import type { ToolCallExtraContent } from './messages'

/**
 * A whole answer, in OpenAI's shape on every route.
 *
 * @example
 * const answer = await client.chatCompletion('gemini-3.5-flash', [{ role: 'user', content: 'hello' }])
 * answer.choices[0].message.content
 * answer.usage?.total_tokens
 * for (const warning of answer.aihubmix.warnings) console.warn(warning.message)
 */
export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  /** Unix seconds. */
  created: number
  /** The model that answered; it may differ from the one that was asked. */
  model: string
  choices: ChatCompletion.Choice[]
  usage?: CompletionUsage
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null
  system_fingerprint?: string
  /** How the answer came about. */
  aihubmix: AihubmixExtension
}

export declare namespace ChatCompletion {
  interface Choice {
    index: number
    message: ChatCompletionMessage
    finish_reason: FinishReason
    logprobs: ChatCompletionLogprobs | null
    /** The vendor's own word, where it is not OpenAI's: `max_tokens`, `SAFETY`, `pause_turn`, … */
    native_finish_reason?: string
  }
}

/**
 * Why an answer ended: `stop` = done, `length` = cut at a limit, `tool_calls` = it wants tools,
 * `content_filter` = refused or blocked. `function_call` comes only from chat-completions servers that say so.
 */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'

/**
 * An answer's message. Push it back into `messages` as it is: on the same family of models it reproduces the
 * vendor's state exactly, on another the conversation goes on without it.
 */
export interface ChatCompletionMessage {
  role: 'assistant'
  /** Null where there is none, as beside tool calls. */
  content: string | null
  refusal: string | null
  tool_calls?: ChatCompletionMessageToolCall[]
  /** The readable reasoning, where the vendor shows it. */
  reasoning_content?: string | null
  /** What the vendor needs back: signed or encrypted reasoning, thought signatures. Opaque. */
  reasoning_details?: ReasoningDetail[]
  /** Sources. Beside these, OpenAI's own tools may give kinds of their own (`file_citation`), as they are. */
  annotations?: UrlCitationAnnotation[]
  /** Images that the model made. */
  images?: MessageImage[]
  audio?: ChatCompletionAudio | null
  /** @deprecated From chat-completions servers of before `tool_calls`. */
  function_call?: { name: string; arguments: string } | null
}

/** One entry of `reasoning_details`. What this client put there has a `format`; nothing else is promised. */
export interface ReasoningDetail {
  type?: string
  format?: string
  [member: string]: any
}

/** A source that the answer cites. */
export interface UrlCitationAnnotation {
  type: 'url_citation'
  url_citation: {
    url: string
    title: string
    /** First character of the message's content that it supports. */
    start_index: number
    /** The character after the last. */
    end_index: number
  }
}

/** An image that the model made. */
export interface MessageImage {
  type: 'image_url'
  image_url: {
    /** `data:<media type>;base64,…`, or a URL where the vendor gives one. */
    url: string
  }
  index?: number
}

/** Sound that the model made. */
export interface ChatCompletionAudio {
  id: string
  /** Base64, in the format that was asked for. */
  data: string
  /** Unix seconds: until then the id can stand for it in a later request. */
  expires_at: number
  transcript: string
}

/** A tool that the model wants called. */
export type ChatCompletionMessageToolCall =
  | ChatCompletionMessageFunctionToolCall
  | ChatCompletionMessageCustomToolCall

/** A function that the model wants called. */
export interface ChatCompletionMessageFunctionToolCall {
  id: string
  type: 'function'
  function: {
    name: string
    /** JSON text, unchanged as the vendor wrote it; `{}` where there is none. A cut answer may leave it cut. */
    arguments: string
  }
  /** Where Google keeps a call's thought signature. */
  extra_content?: ToolCallExtraContent
}

/** A custom tool that the model wants called. */
export interface ChatCompletionMessageCustomToolCall {
  id: string
  type: 'custom'
  custom: { name: string; input: string }
}

/** Log probabilities, token by token. */
export interface ChatCompletionLogprobs {
  content: ChatCompletionTokenLogprob[] | null
  refusal: ChatCompletionTokenLogprob[] | null
}

/** The log probability of one token, and of those it was chosen among. */
export interface ChatCompletionTokenLogprob {
  token: string
  /** UTF-8. */
  bytes: number[] | null
  logprob: number
  top_logprobs: { token: string; bytes: number[] | null; logprob: number }[]
}

/** What an answer cost, in tokens. */
export interface CompletionUsage {
  /** Everything read, cached or not. */
  prompt_tokens: number
  /** Everything written, reasoning included. */
  completion_tokens: number
  total_tokens: number
  prompt_tokens_details?: {
    /** Read from the vendor's cache. */
    cached_tokens?: number
    /** Written to the vendor's cache. */
    cache_creation_tokens?: number
    cache_write_tokens?: number
    audio_tokens?: number
    image_tokens?: number
    text_tokens?: number
  }
  completion_tokens_details?: {
    reasoning_tokens?: number
    audio_tokens?: number
    image_tokens?: number
    text_tokens?: number
    accepted_prediction_tokens?: number
    rejected_prediction_tokens?: number
  }
}

/** A model that was asked in vain. */
export interface TriedModel {
  model: string
  /** Why it was given up. */
  code: ErrorCode
  /** The HTTP status, if there was one. */
  status?: number
  /** How many requests it was sent. */
  attempts: number
}

/**
 * How an answer came about: this client's one addition to OpenAI's shape.
 *
 * @example
 * const { aihubmix } = await client.chatCompletion('claude-sonnet-4-6', messages, { logit_bias: { 50256: -100 } })
 * aihubmix.route    // 'anthropic'
 * aihubmix.warnings // [{ code: 'unsupported_parameter', param: 'logit_bias', message: … }]
 */
export interface AihubmixExtension {
  /** The route that was taken. */
  route: Route
  /** The gateway's trace id, where it gave one. */
  requestId?: string
  /** How many requests were sent: 1 without a retry. */
  attempts: number
  /** What could not be done exactly as asked. Empty if everything could. */
  warnings: AihubmixWarning[]
  /** The host that answered, where it was not the first. */
  servedBy?: string
  /**
   * What the vendor said and OpenAI's shape has no place for, verbatim (`stop_details`, `context_management`, its own
   * `usage` where that says more, …). On the `openai` route such members stay where the server put them.
   */
  vendor?: { [member: string]: unknown }
  /** The models that were asked in vain before the one that answered (option `fallback`). */
  tried?: TriedModel[]
  /**
   * What it cost, by its own usage and the catalog's prices (option `pricing`, or a `meter`). Not there where the
   * prices are not known (yet).
   */
  cost?: Cost
  /** How often the model was asked to go on, where the vendor cuts a long answer in pieces. */
  continuations?: number
}

/** One thing that could not be done exactly as asked. */
export interface AihubmixWarning {
  /** A stable word: `unsupported_parameter`, `clamped`, `lone_surrogate`, … */
  code: string
  /** The parameter it is about, as a path. */
  param?: string
  /** For people. */
  message: string
}

/**
 * One piece of a streamed answer, in OpenAI's shape. All chunks of an answer share `id`, `created` and `model`.
 */
export interface ChatCompletionChunk {
  id: string
  object: 'chat.completion.chunk'
  /** Unix seconds. */
  created: number
  model: string
  /** Empty on the chunk that carries usage alone (`stream_options.include_usage`). */
  choices: ChatCompletionChunk.Choice[]
  /** On the chunk that carries the last finish reason; with `include_usage` on one more chunk. */
  usage?: CompletionUsage | null
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | 'fast' | null
  system_fingerprint?: string
  obfuscation?: string
  /** On the chunk that carries the last finish reason. */
  aihubmix?: AihubmixExtension
}

export declare namespace ChatCompletionChunk {
  interface Choice {
    index: number
    delta: Delta
    /** Set exactly once. */
    finish_reason: FinishReason | null
    logprobs?: ChatCompletionLogprobs | null
    /** The vendor's own word, beside `finish_reason`. */
    native_finish_reason?: string
  }

  /** What is new. */
  interface Delta {
    /** Once, on the first delta. */
    role?: 'assistant'
    content?: string | null
    refusal?: string | null
    reasoning_content?: string | null
    /** Entries, or pieces of entries, of the message's `reasoning_details`. */
    reasoning_details?: ReasoningDetail[]
    tool_calls?: ToolCall[]
    annotations?: UrlCitationAnnotation[]
    images?: MessageImage[]
    audio?: { id?: string; data?: string; expires_at?: number; transcript?: string }
    /** @deprecated From chat-completions servers of before `tool_calls`. */
    function_call?: { name?: string; arguments?: string }
  }

  /** A piece of a tool call. */
  interface ToolCall {
    /** Which call of the answer, from 0 without gaps. */
    index: number
    /** With the call's first piece. */
    id?: string
    type?: 'function' | 'custom'
    function?: {
      name?: string
      /** The next piece of the JSON text. */
      arguments?: string
    }
    custom?: { name?: string; input?: string }
    extra_content?: ToolCallExtraContent
  }
}
