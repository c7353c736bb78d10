import type { BaseEvents, EventStream } from '../events'
import type { RequestOptions } from '../options'
import type { APIPromise, Stream, WithResponse } from '../streams'
import type {
  ParseableOutputConfig,
  ParseableOutputFormat,
  ParsedMessageOutput,
  ParseOptions
} from '../structured'

/**
 * The Messages API in its own shape, for Claude.
 *
 * @example
 * const message = await client.messages.create({
 *   model: 'claude-sonnet-4-6', max_tokens: 1024, messages: [{ role: 'user', content: 'hello' }]
 * })
 * for (const block of message.content) if (block.type === 'text') console.log(block.text)
 */
export interface MessagesResource {
  /** `POST /v1/messages` */
  create(
    body: MessageCreateParams & { stream?: false | null | undefined },
    request?: RequestOptions
  ): APIPromise<AnthropicMessage>
  create(
    body: MessageCreateParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<MessageStreamEvent>>
  /** Where the parameters do not say which of these it is. */
  create(
    body: MessageCreateParams,
    request?: RequestOptions
  ): APIPromise<AnthropicMessage | Stream<MessageStreamEvent>>
  /**
   * One answer whose text is read and checked: `parsed_output` has the type of `output_config.format`, which is a schema of
   * a Standard Schema library (zod, Valibot, ArkType, …), a JSON schema, or what `@anthropic-ai/sdk`'s `zodOutputFormat`
   * makes. Null where the model called tools, refused or was cut. `retries` and what is refused: see
   * `client.chat.completions.parse`; the `body` of an `INVALID_RESPONSE` is the message.
   */
  parse<const Format extends ParseableOutputFormat = never>(
    body: MessageCreateParamsBase & {
      max_tokens: number
      stream?: false | null | undefined
      output_config?: ParseableOutputConfig<Format> | undefined
    },
    request?: ParseOptions
  ): APIPromise<ParsedAnthropicMessage<ParsedMessageOutput<Format>>>
  /**
   * One answer as events, in the way of `@anthropic-ai/sdk`. The events can be looped over by one consumer.
   *
   * @example
   * const stream = client.messages
   *   .stream({ model: 'claude-sonnet-4-6', max_tokens: 1024, messages: [{ role: 'user', content: 'hello' }] })
   *   .on('text', (delta) => process.stdout.write(delta))
   * console.log((await stream.finalMessage()).usage)
   */
  stream<const Format extends ParseableOutputFormat = never>(
    body: MessageCreateParamsBase & {
      max_tokens: number
      stream?: true | undefined
      output_config?: ParseableOutputConfig<Format> | undefined
    },
    request?: RequestOptions
  ): MessageEventStream<ParsedMessageOutput<Format>>
  /**
   * `POST /v1/messages/count_tokens`: what a request would read, in tokens, without making it. Not every host of the
   * gateway has it: `NOT_FOUND` then.
   */
  countTokens(
    body: MessageCreateParamsBase,
    request?: RequestOptions
  ): APIPromise<{ input_tokens: number }>
}

/** Sent as it is; members that are not named here too. @see https://docs.anthropic.com/en/api/messages */
export interface MessageCreateParams extends MessageCreateParamsBase {
  max_tokens: number
  stream?: boolean | null | undefined
}

/** What the model is to read, and how it is to answer. */
export interface MessageCreateParamsBase {
  model: string
  messages: readonly AnthropicMessageParam[]
  system?: string | readonly AnthropicContentBlockParam[] | undefined
  temperature?: number | undefined
  top_p?: number | undefined
  top_k?: number | undefined
  stop_sequences?: readonly string[] | undefined
  tools?: readonly { [member: string]: any }[] | undefined
  tool_choice?:
    | { type: 'auto' | 'any' | 'tool' | 'none'; name?: string; disable_parallel_tool_use?: boolean }
    | undefined
  thinking?: { type: string; budget_tokens?: number; [member: string]: any } | undefined
  metadata?: { user_id?: string | null } | undefined
  [parameter: string]: any
}

/** One turn of a conversation. */
export interface AnthropicMessageParam {
  role: 'user' | 'assistant' | 'system'
  content: string | readonly AnthropicContentBlockParam[]
}

/** Any content block that the vendor takes. */
export interface AnthropicContentBlockParam {
  type: string
  [member: string]: any
}

/** A whole answer. */
export interface AnthropicMessage {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: AnthropicContentBlock[]
  stop_reason: AnthropicStopReason | null
  stop_sequence: string | null
  usage: AnthropicUsage
  [member: string]: any
}

/** An answer whose text has been read. */
export interface ParsedAnthropicMessage<Parsed> extends AnthropicMessage {
  parsed_output: Parsed | null
}

/** Why an answer ended, in Anthropic's words. */
export type AnthropicStopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'
  | (string & {})

/** One block of an answer. */
export type AnthropicContentBlock =
  | { type: 'text'; text: string; citations?: { type: string; [member: string]: any }[] | null }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown }
  | { type: 'server_tool_use'; id: string; name: string; input: unknown }
  | {
      type:
        | 'web_search_tool_result'
        | 'web_fetch_tool_result'
        | 'code_execution_tool_result'
        | 'bash_code_execution_tool_result'
        | 'text_editor_code_execution_tool_result'
        | 'tool_search_tool_result'
        | 'mcp_tool_use'
        | 'mcp_tool_result'
        | 'container_upload'
        | 'compaction'
      [member: string]: any
    }

/** What an answer cost, in tokens. */
export interface AnthropicUsage {
  /** Neither read from the cache nor written to it. */
  input_tokens: number
  output_tokens: number
  cache_creation_input_tokens?: number | null
  cache_read_input_tokens?: number | null
  [member: string]: any
}

/** One event of a stream. An `error` event is thrown instead. */
export type MessageStreamEvent =
  | { type: 'message_start'; message: AnthropicMessage }
  | { type: 'content_block_start'; index: number; content_block: AnthropicContentBlock }
  | { type: 'content_block_delta'; index: number; delta: AnthropicDelta }
  | { type: 'content_block_stop'; index: number }
  | {
      type: 'message_delta'
      delta: {
        stop_reason: AnthropicStopReason | null
        stop_sequence: string | null
        [member: string]: any
      }
      usage: { output_tokens: number; [member: string]: any }
    }
  | { type: 'message_stop' }
  | { type: 'ping' }

/** What is new in a block. */
export type AnthropicDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string }
  | { type: 'citations_delta'; citation: { type: string; [member: string]: any } }

/** Events of `client.messages.stream`. What is given as it stands (`snapshot`) grows. */
export interface MessageEvents extends BaseEvents {
  streamEvent: (event: MessageStreamEvent, snapshot: AnthropicMessage) => void
  text: (delta: string, snapshot: string) => void
  thinking: (delta: string, snapshot: string) => void
  signature: (signature: string) => void
  citation: (citation: { [member: string]: any }, all: { [member: string]: any }[]) => void
  /** The text of a tool's input, and its value so far. */
  inputJson: (partial: string, snapshot: unknown) => void
  contentBlock: (block: AnthropicContentBlock) => void
  message: (message: AnthropicMessage) => void
  finalMessage: (message: AnthropicMessage) => void
}

/** An answer of Anthropic's as events. */
export interface MessageEventStream<Parsed = null>
  extends EventStream<MessageEvents>,
    AsyncIterable<MessageStreamEvent> {
  /** The message as it stands. */
  readonly currentMessage: AnthropicMessage | undefined
  /** The conversation: what was given, and the answer when it is complete. */
  readonly messages: AnthropicMessageParam[]
  readonly receivedMessages: AnthropicMessage[]
  /** From `connect` on. */
  readonly response: WithResponse<unknown>['response'] | undefined
  /** The gateway's trace id, from `connect` on. */
  readonly request_id: string | null | undefined
  /** When the answer has begun. */
  withResponse(): Promise<WithResponse<MessageEventStream<Parsed>>>
  finalMessage(): Promise<ParsedAnthropicMessage<Parsed>>
  /** The texts of the answer, joined with spaces. */
  finalText(): Promise<string>
}
