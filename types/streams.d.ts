import type { AihubmixWarning, ChatCompletion, ChatCompletionChunk } from './completion'
import type {
  WebAbortController,
  WebHeaders,
  WebReadableStream,
  WebResponse,
  WebResponseInit
} from './web'

/**
 * A streamed answer, for one consumer. Leaving the loop (`break`, `return`, an exception) or `abort()` closes
 * the connection. A second consumer is refused with `INVALID_REQUEST`: use `tee()`.
 *
 * Failures before the first item reject the promise that the stream comes from; later ones are thrown by the loop.
 */
export interface Stream<Item> extends AsyncIterable<Item> {
  [Symbol.asyncIterator](): AsyncIterator<Item, undefined, undefined>
  /** Aborting it is the same as `abort()`. */
  readonly controller: WebAbortController
  /** The gateway's trace id, where it gave one. */
  readonly requestId: string | undefined
  /**
   * Closes the connection. The loop, if one is running, throws `ABORTED`, with `reason` as its `cause`. May be
   * called more than once.
   */
  abort(reason?: unknown): void
  /** Two streams with the same items, each for one consumer; the faster one is buffered for the slower. */
  tee(): [Stream<Item>, Stream<Item>]
  /** The items as JSON, one a line (NDJSON, UTF-8), for a `Response` to a browser. */
  toReadableStream(): WebReadableStream<Uint8Array>
  /**
   * A `Response` of server-sent events in the vendor's own form, with `[DONE]` after the chunks of a chat: what
   * the `openai` package and browsers read. A failure half-way is its last event, `{ error }`. Leaving it unread
   * holds the model back; cancelling it closes the connection.
   *
   * @example
   * const answer = async () => (await client.chatCompletion('gpt-5.4-mini', messages, { stream: true })).toResponse()
   */
  toResponse(init?: WebResponseInit): WebResponse
  /**
   * Writes the same to Node's `ServerResponse` (status and headers too, unless they are sent), no faster than its
   * client reads, and settles when all is written or the client has gone: that ends the stream.
   */
  pipe(response: NodeResponse): Promise<void>
  /** For `await using`: closes the connection at the end of the block. */
  // @ts-ignore missing from libraries without explicit resource management
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A streamed chat.
 *
 * @example
 * const stream = await client.chatCompletion('claude-sonnet-4-6', messages, { stream: true })
 * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
 * const answer = await stream.finalChatCompletion()
 * console.log(answer.usage)
 */
export interface ChatCompletionStream extends Stream<ChatCompletionChunk> {
  /**
   * What is known at the beginning of what the model could not be told. `aihubmix.warnings` on the last chunk has
   * these and what the answer adds.
   */
  readonly warnings: readonly AihubmixWarning[]
  /**
   * The whole answer, the same value that a call without `stream` gives. Without a loop it reads the stream
   * itself; during or after one it waits for the end. Rejects with what ended the stream, `ABORTED` after a `break`.
   */
  finalChatCompletion(): Promise<ChatCompletion>
  /** The text of the first choice, piece by piece: the same stream, read in another way. */
  textStream(): AsyncGenerator<string, void, undefined>
  /**
   * For an answer that is JSON: the value so far, after each piece of text. It is one value that grows, each time
   * the same; numbers show when they are complete.
   */
  partialObjectStream<Value = unknown>(): AsyncGenerator<DeepPartial<Value>, void, undefined>
  tee(): [ChatCompletionStream, ChatCompletionStream]
}

/** One event of a raw event stream, as {@link AihubmixModelClient.request} gives it. */
export interface ServerSentEvent {
  /** The `event` field; null if there was none. */
  event: string | null
  /** The `data` lines, joined with line feeds; `[DONE]` too. */
  data: string
}

/** A promise of an answer that can also tell about the HTTP response, as in the `openai` package. */
export interface APIPromise<Answer> extends Promise<Answer> {
  /**
   * The answer together with its response.
   *
   * @example
   * const { data, response, request_id } = await client.chat.completions.create({ model: 'gpt-5.4-mini', messages }).withResponse()
   * console.log(response.headers.get('x-ratelimit-remaining-requests'), request_id)
   */
  withResponse(): Promise<WithResponse<Answer>>
  /** The response itself, with the answer as its body: what a handler of a server may return. */
  asResponse(): Promise<WebResponse>
}

/** An answer and the response that carried it. */
export interface WithResponse<Answer> {
  data: Answer
  response: { readonly status: number; readonly headers: WebHeaders }
  /** The gateway's trace id. */
  request_id: string | null
}

/** What `pipe` writes to: Node's `http.ServerResponse`, Express' and Fastify's `reply.raw`, or another writable stream. */
export interface NodeResponse {
  write(chunk: any): boolean
  end(): any
  once(event: string, listener: (...args: any[]) => void): any
  removeListener(event: string, listener: (...args: any[]) => void): any
}

/** A value that is still being written. */
export type DeepPartial<Value> = unknown extends Value
  ? unknown
  : Value extends readonly (infer Item)[]
    ? DeepPartial<Item>[]
    : Value extends object
      ? { [Name in keyof Value]?: DeepPartial<Value[Name]> }
      : Value
