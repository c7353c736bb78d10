import type { ReasoningDetail, MessageImage, UrlCitationAnnotation } from './completion'

/**
 * One message of a conversation: OpenAI's own, plus what an answer's message carries beyond it, plus each
 * vendor's own content on its own route. An answer's message can be pushed back as it is.
 *
 * @example
 * const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Name a prime.' }]
 * const answer = await client.chatCompletion('claude-sonnet-4-6', messages)
 * messages.push(answer.choices[0].message, { role: 'user', content: 'And the next?' })
 */
export type ChatCompletionMessageParam =
  | ChatCompletionDeveloperMessageParam
  | ChatCompletionSystemMessageParam
  | ChatCompletionUserMessageParam
  | ChatCompletionAssistantMessageParam
  | ChatCompletionToolMessageParam
  | ChatCompletionFunctionMessageParam
  | GeminiMessageParam

/** The roles of OpenAI's messages. */
export type ChatCompletionRole = 'developer' | 'system' | 'user' | 'assistant' | 'tool' | 'function'

/** Instructions, as newer OpenAI models call them; on other vendors' routes the same as `system`. */
export interface ChatCompletionDeveloperMessageParam {
  role: 'developer'
  content: string | readonly (ChatCompletionContentPartText | VendorContentBlock)[]
  name?: string | undefined
}

/** Instructions. `<cache>…</cache>` in them marks a stretch for the prompt cache, see the option `cacheTags`. */
export interface ChatCompletionSystemMessageParam {
  role: 'system'
  content: string | readonly (ChatCompletionContentPartText | VendorContentBlock)[]
  name?: string | undefined
}

/** What the user says and shows. */
export interface ChatCompletionUserMessageParam {
  role: 'user'
  content: string | readonly (ChatCompletionContentPart | VendorContentBlock)[]
  name?: string | undefined
}

/** What the model said before: an answer's message, or one made by hand. */
export interface ChatCompletionAssistantMessageParam {
  role: 'assistant'
  content?:
    | string
    | readonly (
        | ChatCompletionContentPartText
        | ChatCompletionContentPartRefusal
        | VendorContentBlock
      )[]
    | null
    | undefined
  refusal?: string | null | undefined
  name?: string | undefined
  tool_calls?: readonly ChatCompletionMessageToolCallParam[] | undefined
  /** An earlier audio answer, by its id. */
  audio?: { id: string } | null | undefined
  /** @deprecated OpenAI's form before `tool_calls`. */
  function_call?: { name: string; arguments: string } | null | undefined
  /** The readable reasoning of an answer. Sent back where the server wants it, else left out. */
  reasoning_content?: string | null | undefined
  /** The vendor's own state of an answer; opaque, to be sent back as it came. */
  reasoning_details?: readonly ReasoningDetail[] | ReasoningDetail | null | undefined
  annotations?: readonly UrlCitationAnnotation[] | null | undefined
  images?: readonly MessageImage[] | null | undefined
}

/** The result of a tool call. */
export interface ChatCompletionToolMessageParam {
  role: 'tool'
  /** The id of the call that it answers. */
  tool_call_id: string
  content:
    | string
    | readonly (
        | ChatCompletionContentPartText
        | ChatCompletionContentPartImage
        | ChatCompletionContentPartFile
        | VendorContentBlock
      )[]
  /** The tool's name; where it is missing it is looked up by the call's id. */
  name?: string | undefined
}

/** @deprecated OpenAI's form before `role: 'tool'`. */
export interface ChatCompletionFunctionMessageParam {
  role: 'function'
  name: string
  content: string | null
}

/** Gemini's own form of a message; goes verbatim to the Gemini route, and only there. */
export interface GeminiMessageParam {
  role: 'user' | 'model' | 'function'
  parts: readonly GeminiPart[]
}

/** One part of Gemini's own content. @see https://ai.google.dev/api/caching#Part */
export interface GeminiPart {
  text?: string | undefined
  /** Reasoning, not answer. */
  thought?: boolean | undefined
  /** Opaque; to be sent back where it came. */
  thoughtSignature?: string | undefined
  inlineData?: { mimeType: string; data: string } | undefined
  fileData?: { mimeType?: string | undefined; fileUri: string } | undefined
  functionCall?: { name: string; args?: unknown; id?: string | undefined } | undefined
  functionResponse?: { name: string; response: unknown; id?: string | undefined } | undefined
  executableCode?: { language: string; code: string } | undefined
  codeExecutionResult?: { outcome: string; output?: string | undefined } | undefined
  videoMetadata?: GeminiVideoMetadata | undefined
  mediaResolution?: GeminiMediaResolution | undefined
}

/** Which stretch of a video counts (`10s`), and how many of its frames. */
export interface GeminiVideoMetadata {
  startOffset?: string | undefined
  endOffset?: string | undefined
  fps?: number | undefined
}

/** How closely Gemini looks. @see https://ai.google.dev/gemini-api/docs/media-resolution */
export interface GeminiMediaResolution {
  level:
    | 'MEDIA_RESOLUTION_LOW'
    | 'MEDIA_RESOLUTION_MEDIUM'
    | 'MEDIA_RESOLUTION_HIGH'
    | 'MEDIA_RESOLUTION_ULTRA_HIGH'
    | (string & {})
}

interface SeenByGemini {
  /** For Gemini; left out elsewhere. */
  videoMetadata?: GeminiVideoMetadata | undefined
  /** For Gemini; left out elsewhere. `image_url.detail` says the same from Gemini 3 on. */
  mediaResolution?: GeminiMediaResolution | undefined
}

/** A call that an assistant message made. */
export type ChatCompletionMessageToolCallParam =
  | {
      id: string
      type: 'function'
      function: {
        name: string
        /** The arguments' JSON text. */
        arguments: string
      }
      /** Where Google keeps a call's thought signature. */
      extra_content?: ToolCallExtraContent | undefined
    }
  | { id: string; type: 'custom'; custom: { name: string; input: string } }

/** Vendors' own state of a tool call, in the place that Google made for it. */
export interface ToolCallExtraContent {
  google?: { thought_signature?: string }
}

/** One part of a user's content. */
export type ChatCompletionContentPart =
  | ChatCompletionContentPartText
  | ChatCompletionContentPartImage
  | ChatCompletionContentPartInputAudio
  | ChatCompletionContentPartFile
  | ChatCompletionContentPartVideo

/** Anthropic's mark on a part: the prompt up to its end may be cached. At most 4 of a request count, the last ones. */
export interface CacheControl {
  type: 'ephemeral'
  /** How long. Default `5m`. */
  ttl?: '5m' | '1h' | undefined
}

interface Cacheable {
  /** For Claude; sent as it is on chat completions, left out elsewhere. Default: none, unless `<cache>` tags make one. */
  cache_control?: CacheControl | null | undefined
  /** OpenAI's own mark; left out elsewhere. */
  prompt_cache_breakpoint?: { mode: 'explicit'; ttl?: '30m' | '12h' | undefined } | undefined
}

/** Text. */
export interface ChatCompletionContentPartText extends Cacheable {
  type: 'text'
  text: string
}

/** An image. */
export interface ChatCompletionContentPartImage extends Cacheable, SeenByGemini {
  type: 'image_url'
  image_url: {
    /** `https:` or `data:<media type>;base64,…`. For Gemini see the option `inlineImageUrls`. */
    url: string
    detail?: 'auto' | 'low' | 'high' | 'original' | undefined
  }
}

/** Sound. */
export interface ChatCompletionContentPartInputAudio extends Cacheable {
  type: 'input_audio'
  input_audio: {
    /** Base64. */
    data: string
    format:
      | 'wav'
      | 'mp3'
      | 'flac'
      | 'ogg'
      | 'm4a'
      | 'aac'
      | 'opus'
      | 'webm'
      | 'aiff'
      | (string & {})
  }
}

/** A file, such as a PDF. */
export interface ChatCompletionContentPartFile extends Cacheable, SeenByGemini {
  type: 'file'
  file: {
    /** `data:<media type>;base64,…`, or base64 alone. */
    file_data?: string | undefined
    filename?: string | undefined
    /** The id of a file that the vendor holds (the gateway itself stores none). */
    file_id?: string | undefined
  }
}

/** A video, for Gemini and the chat-completions models that take one (Qwen, GLM, Doubao, …). */
export interface ChatCompletionContentPartVideo extends Cacheable, SeenByGemini {
  type: 'video_url'
  video_url: { url: string; fps?: number | undefined }
}

/** A refusal, in an assistant's content. */
export interface ChatCompletionContentPartRefusal {
  type: 'refusal'
  refusal: string
}

/**
 * A vendor's own content block; goes verbatim to that vendor's route. Anthropic's and the Responses API's
 * types of that name fit.
 *
 * @see https://docs.anthropic.com/en/api/messages
 */
export interface VendorContentBlock {
  type:
    | 'thinking'
    | 'redacted_thinking'
    | 'tool_use'
    | 'tool_result'
    | 'tool_reference'
    | 'image'
    | 'document'
    | 'search_result'
    | 'container_upload'
    | 'server_tool_use'
    | 'web_search_tool_result'
    | 'web_fetch_tool_result'
    | 'code_execution_tool_result'
    | 'bash_code_execution_tool_result'
    | 'text_editor_code_execution_tool_result'
    | 'tool_search_tool_result'
    | 'mcp_tool_use'
    | 'mcp_tool_result'
    | 'compaction'
    | 'input_text'
    | 'input_image'
    | 'input_file'
    | 'output_text'
  [member: string]: any
}

export {}
