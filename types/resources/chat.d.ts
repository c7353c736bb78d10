import type {
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming
} from '../chat'
import type { ChatCompletion } from '../completion'
import type { ChatCompletionEventStream, ChatCompletionStreamParams } from '../events'
import type { RequestOptions } from '../options'
import type { APIPromise, ChatCompletionStream } from '../streams'
import type {
  ChatCompletionParseParams,
  ParseableResponseFormat,
  ParseableTool,
  ParsedChatCompletion,
  ParsedOutput,
  ParseOptions
} from '../structured'
import type {
  RunnableTool,
  RunnableTools,
  RunToolsOptions,
  RunToolsParams,
  SelfParsingTool,
  ToolRun
} from '../tools'

/** Chats in the form of the `openai` package, so that call sites need not change. */
export interface ChatResource {
  readonly completions: ChatCompletionsResource
}

/** The same engine as `chatCompletion`: any model, its own route. */
export interface ChatCompletionsResource {
  /**
   * One answer, whole or streamed.
   *
   * @example
   * const answer = await client.chat.completions.create({ model: 'claude-sonnet-4-6', messages })
   *
   * const stream = await client.chat.completions.create({ model: 'gpt-5.4-mini', messages, stream: true })
   * for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')
   *
   * const { data, request_id } = await client.chat.completions.create({ model: 'gpt-5.4-mini', messages }).withResponse()
   */
  create(
    body: ChatCompletionCreateParamsNonStreaming,
    request?: RequestOptions
  ): APIPromise<ChatCompletion>
  create(
    body: ChatCompletionCreateParamsStreaming,
    request?: RequestOptions
  ): APIPromise<ChatCompletionStream>
  create(
    body: ChatCompletionCreateParamsBase,
    request?: RequestOptions
  ): APIPromise<ChatCompletion | ChatCompletionStream>

  /**
   * One answer whose content is parsed and checked: `choices[].message.parsed` has the type of `response_format`,
   * which is a schema of a Standard Schema library (zod, Valibot, ArkType, …), a JSON schema in OpenAI's form, or what
   * `openai`'s `zodResponseFormat` makes.
   *
   * A Standard Schema alone is sent with the name `response`, and as `strict` if it requires every property; to say
   * either there is the long form `{ type: 'json_schema', json_schema: { name, schema, strict } }`, whose `schema` may
   * be either kind.
   *
   * The text is parsed, and checked against a Standard Schema (not against a JSON schema: that is the vendor's
   * work). Text that was cut (`length`) or filtered, is no JSON or does not follow the Standard Schema is an
   * `INVALID_RESPONSE` whose `partial` is the answer, unless `retries` are left. JSON in a Markdown fence is read. `parsed`
   * is null where the model refused or called tools.
   *
   * The arguments of calls are read too, as `function.parsed_arguments`, where the tool says how (see `ParseableTool`).
   *
   * @example
   * import { z } from 'zod'
   *
   * const City = z.object({ name: z.string(), population: z.number() })
   * const answer = await client.chat.completions.parse({
   *   model: 'claude-sonnet-4-6',
   *   messages: [{ role: 'user', content: 'The capital of France?' }],
   *   response_format: City
   * })
   * answer.choices[0].message.parsed?.population // number
   */
  parse<const Format extends ParseableResponseFormat>(
    body: ChatCompletionParseParams<Format>,
    request?: ParseOptions
  ): APIPromise<ParsedChatCompletion<ParsedOutput<Format>>>
  /** The same where only the arguments of tools are read. */
  parse(
    body: Omit<ChatCompletionParseParams, 'response_format' | 'tools'> & {
      response_format?: undefined
      tools: readonly ParseableTool[]
    },
    request?: ParseOptions
  ): APIPromise<ParsedChatCompletion<null>>
  /**
   * The same with a type of one's own, for a JSON schema that says it in a way the compiler cannot read.
   *
   * @example
   * const answer = await client.chat.completions.parse<City>({ model, messages, response_format: cityFormat })
   */
  parse<Parsed>(
    body: ChatCompletionParseParams,
    request?: ParseOptions
  ): APIPromise<ParsedChatCompletion<Parsed>>

  /**
   * One answer as events, in the way of the `openai` package: listeners, promises of what is final, and the chunks
   * to loop over. `response_format` may be all that `parse` takes; the final answer is then parsed.
   *
   * @example
   * const stream = client.chat.completions
   *   .stream({ model: 'claude-sonnet-4-6', messages })
   *   .on('content', (delta) => process.stdout.write(delta))
   * console.log((await stream.finalChatCompletion()).usage)
   */
  stream<const Format extends ParseableResponseFormat = never>(
    body: ChatCompletionStreamParams<Format>,
    request?: RequestOptions
  ): ChatCompletionEventStream<[Format] extends [never] ? null : ParsedOutput<Format>>

  /**
   * Asks, calls the tools that the model wants (those of one turn side by side), tells it their results and asks
   * again, until it answers without calling any. The caller's `messages` are not changed.
   *
   * With `stream: true` the answers come as events, and a call starts while the model still writes.
   *
   * A call of an unknown tool, and arguments that are not JSON or do not follow a Standard Schema, are told to
   * the model as an error, and the loop goes on.
   *
   * @example
   * const run = client.chat.completions.runTools({
   *   model: 'gpt-5.4-mini',
   *   messages: [{ role: 'user', content: 'How warm is it in Paris?' }],
   *   tools: [
   *     {
   *       type: 'function',
   *       function: {
   *         name: 'get_weather',
   *         parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
   *         function: ({ city }) => ({ city, celsius: 21 })
   *       }
   *     }
   *   ]
   * })
   * console.log(await run.finalContent())
   */
  runTools<const Parameters extends readonly unknown[]>(
    body: RunToolsParams & { tools: RunnableTools<Parameters> },
    request?: RunToolsOptions
  ): ToolRun
  /** The same with tools of `openai`'s helpers among them. */
  runTools(
    body: RunToolsParams & { tools: readonly (RunnableTool | SelfParsingTool)[] },
    request?: RunToolsOptions
  ): ToolRun
}
