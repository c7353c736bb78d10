import type { Cost } from './cost'
import type { ChatCompletionCreateParamsNonStreaming, FunctionDefinition } from './chat'
import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionMessageFunctionToolCall
} from './completion'
import type { ChatCompletionRunner } from './events'
import type { ChatCompletionMessageParam } from './messages'
import type { RequestOptions } from './options'
import type { SchemaOutput } from './structured'
import type { WebAbortSignal } from './web'

/**
 * A tool that `client.chat.completions.runTools` calls by itself. The type of its arguments follows from
 * `parameters`: a schema of a Standard Schema library, or a literal JSON schema.
 *
 * @example
 * const weather: RunnableTool = {
 *   type: 'function',
 *   function: {
 *     name: 'get_weather',
 *     parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
 *     function: async ({ city }) => ({ city, celsius: 21 })
 *   }
 * }
 */
export interface RunnableTool<Parameters = any> {
  type: 'function'
  function: {
    /** Absent: that of the function. */
    name?: string | undefined
    description?: string | undefined
    /** Absent: the tool has no arguments. */
    parameters?: Parameters | undefined
    strict?: boolean | null | undefined
    /**
     * The work. Its result is the answer to the call: a string as it is, anything else as JSON, `undefined` as
     * an empty text. What it throws is told to the model as `Error: <message>`, and the loop goes on.
     */
    function: (
      args: RunnableToolArguments<Parameters>,
      call: ToolCallContext,
      toolContext: any
    ) => unknown
    /** Reads the arguments' JSON text; `JSON.parse`, unless `parameters` is a Standard Schema. */
    parse?: ((text: string) => RunnableToolArguments<Parameters>) | undefined
  }
}

/** What `openai`'s `zodFunction` and `standardFunction` make with a `function`: it brings its parser and its work. */
export interface SelfParsingTool {
  type: 'function'
  function: FunctionDefinition
  $parseRaw(text: string): any
  $callback: ((args: any) => any) | undefined
}

/** What a tool's function is given, by its `parameters`. */
export type RunnableToolArguments<Parameters> = 0 extends 1 & Parameters
  ? any
  : unknown extends Parameters
    ? any
    : unknown extends SchemaOutput<Parameters>
      ? any
      : SchemaOutput<Parameters>

/** The call that a tool's function answers. */
export interface ToolCallContext {
  /** The call itself, with its id. */
  toolCall: ChatCompletionMessageFunctionToolCall
  /** Aborted when the run is. */
  signal: WebAbortSignal
  /** The run's `toolContext`. */
  context: any
}

/** The body of `client.chat.completions.runTools`. */
export interface RunToolsParams
  extends Omit<ChatCompletionCreateParamsNonStreaming, 'tools' | 'stream' | 'n'> {
  /**
   * Whether the answers are streamed: the run then has all events of a stream, and a call starts as soon as its
   * arguments are complete, while the model still writes.
   */
  stream?: boolean | null | undefined
  n?: 1 | null | undefined
  /** For the functions of the tools, which get it as it is; not sent. */
  toolContext?: unknown
}

/** How a run of tools goes. */
export interface RunToolsOptions extends RequestOptions {
  /**
   * The most requests to the model. Default 10. A run that wants more ends with the answer that asks for
   * tools, `finish_reason: 'tool_calls'`.
   */
  maxChatCompletions?: number | undefined
  /** The most functions that work at the same time. Default: all calls of a turn. */
  maxParallel?: number | undefined
  /**
   * Ends the run after a turn whose calls have been answered, where it (or one of them) is true.
   *
   * @example
   * const options: RunToolsOptions = {
   *   stopWhen: ({ completions }) => completions.flatMap(({ usage }) => usage?.total_tokens ?? 0).reduce((a, b) => a + b, 0) > 50_000
   * }
   */
  stopWhen?: StopCondition | readonly StopCondition[] | undefined
  /**
   * Asked before each call. Anything but `true` denies it, a text with that reason: the model is told, and the run
   * goes on. What it throws ends the run.
   */
  approve?:
    | ((
        call: ChatCompletionMessageFunctionToolCall,
        context: { messages: ChatCompletionMessageParam[]; signal: WebAbortSignal }
      ) => boolean | string | undefined | PromiseLike<boolean | string | undefined>)
    | undefined
  /**
   * Called, and waited for, after each answer and its calls. What is pushed to `run.messages` is sent with the next
   * request.
   */
  afterCompletion?: ((completion: ChatCompletion, run: ToolRun) => unknown) | undefined
  /** Called with each new message: the model's and the tools'. */
  onMessage?:
    | ((
        message: ChatCompletionMessage | Extract<ChatCompletionMessageParam, { role: 'tool' }>
      ) => void)
    | undefined
}

/** Whether a run ends here, by all that has come so far. */
export type StopCondition = (state: {
  completion: ChatCompletion
  completions: ChatCompletion[]
  messages: ChatCompletionMessageParam[]
}) => boolean | PromiseLike<boolean>

/**
 * A run of tools under way: its events, and what is final. Awaiting it gives its result. Chunks, text and what is
 * made of them are there with `stream: true`.
 */
export interface ToolRun extends ChatCompletionRunner, Promise<ToolRunResult> {}

/** What came of a run of tools. */
export interface ToolRunResult {
  /** The last answer. */
  completion: ChatCompletion
  /** Every answer, oldest first. */
  completions: ChatCompletion[]
  /** The messages that were given, and after them all that the run added: the conversation to go on with. */
  messages: ChatCompletionMessageParam[]
  /** The last answer's text. */
  content: string | null
  /** The figures of all answers, added up. */
  usage: Record<string, any>
  /** What all answers cost, where each of them says it (option `pricing`). */
  cost?: Cost
}

/** Tools that the run calls, each typed by its own parameters. */
export type RunnableTools<Parameters extends readonly unknown[]> = {
  readonly [Index in keyof Parameters]: RunnableTool<Parameters[Index]>
}
