import type { BaseEvents, EventStream } from '../events'
import type { ReasoningEffort } from '../chat'
import type { RequestOptions } from '../options'
import type { APIPromise, Stream } from '../streams'
import type {
  ParseableTextConfig,
  ParseableTextFormat,
  ParsedOutput,
  ParseOptions,
  ResponseParseParams
} from '../structured'

/**
 * OpenAI's Responses API in its own shape.
 *
 * @example
 * const response = await client.responses.create({ model: 'gpt-5.5', input: 'hello' })
 * console.log(response.output_text)
 *
 * for await (const event of await client.responses.create({ model: 'gpt-5.5', input: 'hello', stream: true })) {
 *   if (event.type === 'response.output_text.delta') process.stdout.write(event.delta)
 * }
 */
export interface ResponsesResource {
  /** `POST /v1/responses` */
  create(
    body: ResponseCreateParams & { stream?: false | null | undefined },
    request?: RequestOptions
  ): APIPromise<ResponseObject>
  create(
    body: ResponseCreateParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<ResponseStreamEvent>>
  /** Where the parameters do not say which of these it is. */
  create(
    body: ResponseCreateParams,
    request?: RequestOptions
  ): APIPromise<ResponseObject | Stream<ResponseStreamEvent>>

  /**
   * One answer whose text is read and checked: `output_parsed` has the type of `text.format`, which is a schema of a
   * Standard Schema library (zod, Valibot, ArkType, …), a JSON schema, or what `openai`'s `zodTextFormat` makes. Each text
   * has it as `parsed`, and each call of a function `parsed_arguments`, where the tool is strict, its `parameters` are a
   * Standard Schema, or `zodResponsesFunction` has made it. `retries` and what is refused: see
   * `client.chat.completions.parse`; the `body` of an `INVALID_RESPONSE` is the response.
   *
   * An answer that is not complete (`status`) is not read: what would be parsed is null.
   *
   * @example
   * import { z } from 'zod'
   *
   * const City = z.object({ name: z.string(), population: z.number() })
   * const response = await client.responses.parse({
   *   model: 'gpt-5.5',
   *   input: 'The capital of France?',
   *   text: { format: City }
   * })
   * response.output_parsed?.population // number
   */
  parse<const Format extends ParseableTextFormat = never>(
    body: ResponseParseParams<Format>,
    request?: ParseOptions
  ): APIPromise<ParsedResponse<[Format] extends [never] ? null : ParsedOutput<Format>>>

  /**
   * `GET /v1/responses/{id}`: an answer that is kept, such as one made with `background: true`. With `stream` its
   * events, after the one numbered `starting_after`: so a broken stream is taken up again. Where the gateway keeps none
   * (`store: false`, another account, too long ago) it fails with `NOT_FOUND`.
   *
   * @example
   * let response = await client.responses.create({ model: 'gpt-5.5', input: 'hello', background: true })
   * while (response.status === 'queued' || response.status === 'in_progress') {
   *   await new Promise((resolve) => setTimeout(resolve, 2000))
   *   response = await client.responses.retrieve(response.id)
   * }
   */
  retrieve(
    id: string,
    query?: ResponseRetrieveParams & { stream?: false | null | undefined },
    request?: RequestOptions
  ): APIPromise<ResponseObject>
  retrieve(
    id: string,
    query: ResponseRetrieveParams & { stream: true },
    request?: RequestOptions
  ): APIPromise<Stream<ResponseStreamEvent>>
  /**
   * One answer as events: `event`, or the type of one; those of text and arguments have a `snapshot`, all so far.
   * They can be looped over by one consumer. With `text.format` and `tools` as `parse` takes them the final response is
   * read as it reads it.
   *
   * With `response_id` an answer that is kept is streamed (again): only events after the one numbered `starting_after` are
   * told; snapshots and the final response are whole.
   *
   * @example
   * const stream = client.responses
   *   .stream({ model: 'gpt-5.5', input: 'hello' })
   *   .on('response.output_text.delta', ({ delta }) => process.stdout.write(delta))
   * console.log((await stream.finalResponse()).usage)
   */
  stream<const Format extends ParseableTextFormat = never>(
    body: ResponseStreamParams<Format>,
    request?: RequestOptions
  ): ResponseEventStream<[Format] extends [never] ? null : ParsedOutput<Format>>
  /** `POST /v1/responses/{id}/cancel`: ends an answer in the background. `NOT_FOUND` where there is none. */
  cancel(id: string, request?: RequestOptions): APIPromise<ResponseObject>
  /** `DELETE /v1/responses/{id}`. `NOT_FOUND` where there is none. */
  delete(id: string, request?: RequestOptions): APIPromise<ResponseDeleted>
}

/** What is wanted of an answer that is kept. */
export interface ResponseRetrieveParams {
  stream?: boolean | null | undefined
  /** The `sequence_number` of the last event that has arrived. */
  starting_after?: number | undefined
  include?: readonly string[] | undefined
}

/** That an answer is kept no longer. */
export interface ResponseDeleted {
  id: string
  object: 'response'
  deleted: boolean
}

/** Sent as it is; members that are not named here too. @see https://platform.openai.com/docs/api-reference/responses/create */
export interface ResponseCreateParams extends ResponseCreateParamsBase {
  text?: { [member: string]: any } | undefined
  stream?: boolean | null | undefined
}

/** What is asked of an answer, whatever its form. */
export interface ResponseCreateParamsBase {
  model?: string | undefined
  input?: string | readonly { [member: string]: any }[] | undefined
  instructions?: string | null | undefined
  max_output_tokens?: number | null | undefined
  max_tool_calls?: number | null | undefined
  reasoning?:
    | {
        effort?: ReasoningEffort | undefined
        summary?: 'auto' | 'concise' | 'detailed' | null | undefined
        [member: string]: any
      }
    | null
    | undefined
  tools?: readonly { [member: string]: any }[] | undefined
  tool_choice?: string | { [member: string]: any } | undefined
  parallel_tool_calls?: boolean | null | undefined
  include?: readonly string[] | null | undefined
  previous_response_id?: string | null | undefined
  store?: boolean | null | undefined
  temperature?: number | null | undefined
  top_p?: number | null | undefined
  truncation?: 'auto' | 'disabled' | null | undefined
  metadata?: { [key: string]: string } | null | undefined
  [parameter: string]: any
}

/** A whole answer. */
export interface ResponseObject {
  id: string
  object: 'response'
  /** Unix seconds. */
  created_at: number
  model: string
  status?: 'completed' | 'failed' | 'in_progress' | 'cancelled' | 'queued' | 'incomplete'
  output: ResponseOutputItem[]
  /** All text of `output`, joined; added by this client, as the `openai` package does. */
  output_text: string
  usage?: ResponseUsage
  error: { code: string; message: string } | null
  incomplete_details: { reason?: 'max_output_tokens' | 'content_filter' | (string & {}) } | null
  [member: string]: any
}

/** One item of an answer: a message, a call, reasoning. */
export type ResponseOutputItem =
  | {
      type: 'message'
      id: string
      role: 'assistant'
      status: 'in_progress' | 'completed' | 'incomplete'
      content: ResponseOutputPart[]
    }
  | {
      type: 'function_call'
      id?: string
      call_id: string
      name: string
      arguments: string
      status?: string
    }
  | { type: 'custom_tool_call'; id?: string; call_id: string; name: string; input: string }
  | {
      type: 'reasoning'
      id: string
      summary: { type: 'summary_text'; text: string }[]
      content?: { type: 'reasoning_text'; text: string }[]
      encrypted_content?: string | null
    }
  | {
      type:
        | 'web_search_call'
        | 'file_search_call'
        | 'computer_call'
        | 'code_interpreter_call'
        | 'image_generation_call'
        | 'local_shell_call'
        | 'shell_call'
        | 'apply_patch_call'
        | 'mcp_call'
        | 'mcp_list_tools'
        | 'mcp_approval_request'
        | 'compaction'
      [member: string]: any
    }

/** A part of a message. */
export type ResponseOutputPart =
  | {
      type: 'output_text'
      text: string
      annotations: { type: string; [member: string]: any }[]
      logprobs?: unknown[]
    }
  | { type: 'refusal'; refusal: string }

/** What an answer cost, in tokens. */
export interface ResponseUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  input_tokens_details?: { cached_tokens?: number; [member: string]: any }
  output_tokens_details?: { reasoning_tokens?: number; [member: string]: any }
}

interface OfItem {
  item_id: string
  output_index: number
  sequence_number: number
}

/** One event of a stream. An `error` event is thrown instead. */
export type ResponseStreamEvent =
  | {
      type:
        | 'response.created'
        | 'response.queued'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete'
        | 'response.failed'
      response: ResponseObject
      sequence_number: number
    }
  | {
      type: 'response.output_item.added' | 'response.output_item.done'
      item: ResponseOutputItem
      output_index: number
      sequence_number: number
    }
  | (OfItem & {
      type: 'response.output_text.delta'
      content_index: number
      delta: string
      logprobs?: unknown[]
    })
  | (OfItem & {
      type: 'response.output_text.done'
      content_index: number
      text: string
      logprobs?: unknown[]
    })
  | (OfItem & { type: 'response.refusal.delta'; content_index: number; delta: string })
  | (OfItem & { type: 'response.refusal.done'; content_index: number; refusal: string })
  | (OfItem & { type: 'response.function_call_arguments.delta'; delta: string })
  | (OfItem & { type: 'response.function_call_arguments.done'; name?: string; arguments: string })
  | (OfItem & { type: 'response.custom_tool_call_input.delta'; delta: string })
  | (OfItem & { type: 'response.custom_tool_call_input.done'; input: string })
  | (OfItem & {
      type: 'response.reasoning_summary_text.delta'
      summary_index: number
      delta: string
    })
  | (OfItem & { type: 'response.reasoning_summary_text.done'; summary_index: number; text: string })
  | (OfItem & { type: 'response.reasoning_text.delta'; content_index: number; delta: string })
  | (OfItem & { type: 'response.reasoning_text.done'; content_index: number; text: string })
  | {
      type:
        | 'response.content_part.added'
        | 'response.content_part.done'
        | 'response.output_text.annotation.added'
        | 'response.reasoning_summary_part.added'
        | 'response.reasoning_summary_part.done'
        | 'response.web_search_call.in_progress'
        | 'response.web_search_call.searching'
        | 'response.web_search_call.completed'
        | 'response.file_search_call.in_progress'
        | 'response.file_search_call.searching'
        | 'response.file_search_call.completed'
        | 'response.code_interpreter_call.in_progress'
        | 'response.code_interpreter_call.interpreting'
        | 'response.code_interpreter_call.completed'
        | 'response.code_interpreter_call_code.delta'
        | 'response.code_interpreter_call_code.done'
        | 'response.image_generation_call.in_progress'
        | 'response.image_generation_call.generating'
        | 'response.image_generation_call.partial_image'
        | 'response.image_generation_call.completed'
        | 'response.mcp_call.in_progress'
        | 'response.mcp_call.completed'
        | 'response.mcp_call.failed'
        | 'response.mcp_call_arguments.delta'
        | 'response.mcp_call_arguments.done'
        | 'response.mcp_list_tools.in_progress'
        | 'response.mcp_list_tools.completed'
        | 'response.mcp_list_tools.failed'
      [member: string]: any
    }

/** Events of `client.responses.stream`. */
export type ResponseEvents = BaseEvents & {
  event: (event: ResponseStreamEvent) => void
} & {
  [Type in ResponseStreamEvent['type']]: (
    event: Extract<ResponseStreamEvent, { type: Type }> & { snapshot?: string }
  ) => void
}

/** An answer of the Responses API as events. */
export interface ResponseEventStream<Parsed = null>
  extends EventStream<ResponseEvents>,
    AsyncIterable<ResponseStreamEvent> {
  /** The answer, read. Rejects with what ended the stream early. */
  finalResponse(): Promise<ParsedResponse<Parsed>>
}

/** The body of `client.responses.stream`: what is asked, or which answer is wanted again. */
export type ResponseStreamParams<Format = ParseableTextFormat> = ResponseCreateParamsBase & {
  stream?: true | undefined
  /** How the text is written and read. */
  text?: ParseableTextConfig<Format> | undefined
  /** Of an answer that is kept. */
  response_id?: string | undefined
  /** With `response_id`: the `sequence_number` of the last event that is known. */
  starting_after?: number | undefined
}

/** An answer whose text and arguments have been read. */
export interface ParsedResponse<Parsed> extends ResponseObject {
  /** Of the first text that has one. Null where the model refused, called tools, or was cut. */
  output_parsed: Parsed | null
  output: ParsedResponseOutputItem<Parsed>[]
}

/** One item of it. */
export type ParsedResponseOutputItem<Parsed> =
  | Exclude<ResponseOutputItem, { type: 'message' | 'function_call' }>
  | (Extract<ResponseOutputItem, { type: 'function_call' }> & { parsed_arguments: any })
  | (Omit<Extract<ResponseOutputItem, { type: 'message' }>, 'content'> & {
      content: (
        | (Extract<ResponseOutputPart, { type: 'output_text' }> & { parsed: Parsed | null })
        | Extract<ResponseOutputPart, { type: 'refusal' }>
      )[]
    })

export {}
