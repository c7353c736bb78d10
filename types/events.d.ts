import type { ChatCompletionCreateParamsStreaming } from './chat'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessage,
  CompletionUsage
} from './completion'
import type { AihubmixError } from './errors'
import type { ChatCompletionMessageParam } from './messages'
import type { DeepPartial, NodeResponse } from './streams'
import type { ParseableResponseFormat, ParseableTool, ParsedChatCompletion } from './structured'
import type { WebAbortController, WebReadableStream, WebResponse, WebResponseInit } from './web'

/** The body of `client.chat.completions.stream`. */
export type ChatCompletionStreamParams<Format = never> = Omit<
  ChatCompletionCreateParamsStreaming,
  'stream' | 'response_format' | 'tools'
> & {
  stream?: true | undefined
  tools?: readonly ParseableTool[] | undefined
  response_format?: Format | ParseableResponseFormat | undefined
}

/** What every stream of events has, whatever it streams. A listener that throws ends the stream with its error. */
export interface BaseEvents {
  /** The answer has begun. */
  connect: () => void
  /** It has failed. Without a listener, and with nobody waiting, the failure is an unhandled rejection. */
  error: (error: AihubmixError) => void
  /** It was aborted. */
  abort: (error: AihubmixError) => void
  /** It is over, however it ended: the last event, once. */
  end: () => void
}

/** Listeners, and one end. */
export interface EventStream<Events> {
  /** Aborting it is the same as `abort()`. */
  readonly controller: WebAbortController
  readonly ended: boolean
  readonly errored: boolean
  readonly aborted: boolean
  on<Name extends keyof Events>(event: Name, listener: Events[Name]): this
  once<Name extends keyof Events>(event: Name, listener: Events[Name]): this
  off<Name extends keyof Events>(event: Name, listener: Events[Name]): this
  /** What the next such event carries. Rejects where the stream ends before. */
  emitted<Name extends keyof Events>(event: Name): Promise<EventValue<Events[Name]>>
  /**
   * What each such event carries, in turn, until the stream ends. Throws what ended it early, unless that is the event.
   * Such a loop only looks on: its pace does not hold the stream back, and leaving it does not end the stream.
   *
   * @example
   * const run = client.chat.completions.runTools({ model: 'gpt-5.4-mini', messages, tools: [], stream: true })
   * for await (const [message] of run.events('message')) console.log(message.role)
   */
  events<Name extends keyof Events>(
    event: Name
  ): AsyncIterableIterator<
    Events[Name] extends (...args: infer Args) => any ? Args : never,
    undefined,
    undefined
  >
  /** Settles at the end. Rejects with what ended the stream early. */
  done(): Promise<void>
  /** Ends it with `ABORTED`. */
  abort(reason?: unknown): void
  /** The items of the stream as JSON, one a line: of chats for {@link ChatCompletionEventStream.fromReadableStream}. */
  toReadableStream(): WebReadableStream<Uint8Array>
  /** Server-sent events in the vendor's own form: of chats for browsers and the `openai` package. */
  toResponse(init?: WebResponseInit): WebResponse
  /** The same to Node's response, at its pace; its client's going away ends the stream. */
  pipe(response: NodeResponse): Promise<void>
}

/** The one argument of a listener, or all of them. */
export type EventValue<Listener> = Listener extends (...args: infer Args) => any
  ? Args extends []
    ? undefined
    : Args extends [infer Only]
      ? Only
      : Args
  : never

/** The function that a call names, with its arguments as text. */
export interface FunctionCallValue {
  name: string
  arguments: string
}

/** Events of one chat or several in a row. A `snapshot` is what has come so far, and grows. */
export interface ChatCompletionEvents extends BaseEvents {
  chunk: (chunk: ChatCompletionChunk, snapshot: ChatCompletion) => void
  content: (delta: string, snapshot: string) => void
  /** `parsed`: with a `response_format` that is JSON, the value so far, which grows; else null. */
  'content.delta': (event: { delta: string; snapshot: string; parsed: unknown }) => void
  'content.done': (event: { content: string; parsed: unknown }) => void
  'refusal.delta': (event: { delta: string; snapshot: string }) => void
  'refusal.done': (event: { refusal: string }) => void
  'logprobs.content.delta': (event: { content: TokenLogprob[]; snapshot: TokenLogprob[] }) => void
  'logprobs.content.done': (event: { content: TokenLogprob[] }) => void
  'logprobs.refusal.delta': (event: { refusal: TokenLogprob[]; snapshot: TokenLogprob[] }) => void
  'logprobs.refusal.done': (event: { refusal: TokenLogprob[] }) => void
  'tool_calls.function.arguments.delta': (event: {
    name: string
    index: number
    /** All text so far. */
    arguments: string
    /** The value so far, which grows. */
    parsed_arguments: unknown
    arguments_delta: string
  }) => void
  /** The next call has begun, or the answer is complete. */
  'tool_calls.function.arguments.done': (event: {
    name: string
    index: number
    arguments: string
    parsed_arguments: unknown
  }) => void
  /** A message is complete: the model's, or a tool's in a run of tools. */
  message: (message: ChatCompletionMessageParam) => void
  chatCompletion: (completion: ChatCompletion) => void
  functionToolCall: (call: FunctionCallValue) => void
  functionToolCallResult: (content: string) => void
  finalChatCompletion: (completion: ChatCompletion) => void
  finalMessage: (message: ChatCompletionMessage) => void
  finalContent: (content: string) => void
  finalFunctionToolCall: (call: FunctionCallValue) => void
  finalFunctionToolCallResult: (content: string) => void
  /** Over all answers. */
  totalUsage: (usage: CompletionUsage) => void
}

/** What the model thought of a token. */
export interface TokenLogprob {
  token: string
  logprob: number
  bytes: number[] | null
  top_logprobs: { token: string; logprob: number; bytes: number[] | null }[]
  [member: string]: any
}

/**
 * Chats as events. The final values wait for the end, and reject with what ended the stream early. The chunks can
 * be looped over by one consumer, whose pace holds the model back; without one the stream reads itself.
 */
export interface ChatCompletionRunner<Parsed = null>
  extends EventStream<ChatCompletionEvents>,
    AsyncIterable<ChatCompletionChunk> {
  /** The conversation so far: what was given, and what has come since. */
  readonly messages: ChatCompletionMessageParam[]
  /** The answer that is being written. */
  readonly currentChatCompletionSnapshot: ChatCompletion | undefined
  allChatCompletions(): ChatCompletion[]
  /** The last answer. */
  finalChatCompletion(): Promise<
    [Parsed] extends [null] ? ChatCompletion : ParsedChatCompletion<Parsed>
  >
  finalMessage(): Promise<
    [Parsed] extends [null] ? ChatCompletionMessage : ParsedChatCompletion.Message<Parsed>
  >
  finalContent(): Promise<string | null>
  finalFunctionToolCall(): Promise<FunctionCallValue | undefined>
  finalFunctionToolCallResult(): Promise<string | undefined>
  /** Over all answers. */
  totalUsage(): Promise<CompletionUsage>
  /** The text, piece by piece. */
  textStream(): AsyncGenerator<string, void, undefined>
  /** The value so far of an answer that is JSON: one value that grows. */
  partialObjectStream<Value = Parsed>(): AsyncGenerator<DeepPartial<Value>, void, undefined>
}

/** One streamed answer as events: what `client.chat.completions.stream` gives. */
export declare class ChatCompletionEventStream<Parsed = null> {
  private constructor()
  /**
   * The same out of what a `toReadableStream()` elsewhere has written.
   *
   * @example
   * import { ChatCompletionEventStream } from 'aihubmix-native'
   *
   * const { body } = await fetch('http://localhost:3000/chat')
   * if (body !== null) ChatCompletionEventStream.fromReadableStream(body).on('content', console.log)
   */
  static fromReadableStream(
    readable: AsyncIterable<Uint8Array> | WebReadableStream<Uint8Array>
  ): ChatCompletionEventStream
}
export interface ChatCompletionEventStream<Parsed = null> extends ChatCompletionRunner<Parsed> {}
