import type {
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionTool,
  FunctionDefinition,
  JSONSchema,
  ResponseFormatJSONObject,
  ResponseFormatJSONSchema,
  ResponseFormatText
} from './chat'
import type {
  ChatCompletion,
  ChatCompletionMessage,
  ChatCompletionMessageCustomToolCall,
  ChatCompletionMessageFunctionToolCall
} from './completion'
import type { RequestOptions } from './options'
import type { ResponseCreateParamsBase } from './resources/responses'

/**
 * A schema of any library that follows Standard Schema (zod, Valibot, ArkType, …).
 *
 * To be sent to a model it must also be able to say itself as JSON schema: by `~standard.jsonSchema`
 * (zod from 4.2, ArkType, Valibot through `toStandardJsonSchema`) or by a method `toJSONSchema()`. One that
 * cannot is refused with `INVALID_REQUEST`.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (
      value: unknown,
      ...options: any[]
    ) => StandardSchemaResult<Output> | PromiseLike<StandardSchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** What a Standard Schema says of a value. */
export type StandardSchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** What `openai`'s `zodResponseFormat` makes: it brings its own parser. */
export interface SelfParsingResponseFormat<Output = unknown> {
  type: 'json_schema'
  json_schema: ResponseFormatJSONSchema['json_schema']
  __output: Output
  $parseRaw(content: string): Output
}

/** What `client.chat.completions.parse` takes as `response_format`. */
export type ParseableResponseFormat =
  | StandardSchema
  | SelfParsingResponseFormat
  | ResponseFormatJSONSchema<StandardSchema | JSONSchema>
  | ResponseFormatJSONObject
  | ResponseFormatText

/** The body of `client.chat.completions.parse`. */
export type ChatCompletionParseParams<Format = ParseableResponseFormat> = Omit<
  ChatCompletionCreateParamsNonStreaming,
  'response_format' | 'tools'
> & { response_format: Format; tools?: readonly ParseableTool[] | undefined }

/**
 * A tool, the arguments of whose calls are read where it is strict, its `parameters` are a Standard Schema, or one of
 * `openai`'s helpers (`zodFunction`, `standardFunction`) has made it.
 */
export type ParseableTool = ChatCompletionTool | ParseableFunctionTool

/** A function whose parameters may be a Standard Schema. */
export interface ParseableFunctionTool {
  type: 'function'
  function: Omit<FunctionDefinition, 'parameters'> & {
    parameters?: StandardSchema | JSONSchema | undefined
  }
}

/** How an answer is parsed. */
export interface ParseOptions extends RequestOptions {
  /**
   * How often the model is asked again, with the reason, where its text is no JSON or does not follow the schema.
   * Default 0. Each time is a request of its own, and billed; the answer is the last one.
   */
  retries?: number | undefined
}

/** A schema in the form of the Responses API. */
export interface ResponseTextJSONSchema<Schema = JSONSchema> {
  type: 'json_schema'
  name: string
  schema: Schema
  description?: string | undefined
  strict?: boolean | null | undefined
}

/** What `openai`'s `zodTextFormat` makes: it brings its own parser. */
export interface SelfParsingTextFormat<Output = unknown> {
  type: 'json_schema'
  name: string
  __output: Output
  $parseRaw(content: string): Output
}

/** What `client.responses.parse` and `.stream` take as `text.format`. */
export type ParseableTextFormat =
  | StandardSchema
  | SelfParsingTextFormat
  | ResponseTextJSONSchema<StandardSchema | JSONSchema>
  | { type: 'json_object' }
  | { type: 'text' }

/** How the text of an answer is written, and read. */
export interface ParseableTextConfig<Format = ParseableTextFormat> {
  format?: Format | undefined
  [member: string]: any
}

/** The body of `client.responses.parse`. `tools` are read as `chat.completions.parse` reads them. */
export type ResponseParseParams<Format = ParseableTextFormat> = ResponseCreateParamsBase & {
  stream?: false | null | undefined
  text?: ParseableTextConfig<Format> | undefined
}

/** What `@anthropic-ai/sdk`'s `zodOutputFormat` makes: it brings its own parser. */
export interface SelfParsingOutputFormat<Output = unknown> {
  type: 'json_schema'
  schema: JSONSchema
  parse(content: string): Output
}

/** What `client.messages.parse` and `.stream` take as `output_config.format`. */
export type ParseableOutputFormat =
  | StandardSchema
  | SelfParsingOutputFormat
  | { type: 'json_schema'; schema: StandardSchema | JSONSchema }

/** How the text of Claude's answer is written, and read. */
export interface ParseableOutputConfig<Format = ParseableOutputFormat> {
  format?: Format | undefined
  [member: string]: any
}

/** What an answer of Claude's in a format is parsed to. */
export type ParsedMessageOutput<Format> = [Format] extends [never]
  ? null
  : Format extends StandardSchema
    ? ParsedOutput<Format>
    : Format extends { type: 'json_schema'; parse(content: string): infer Output }
      ? Output
      : ParsedOutput<Format>

/** What an answer in a format is parsed to. */
export type ParsedOutput<Format> =
  Format extends StandardSchema<infer Output>
    ? Output
    : Format extends { __output: infer Output }
      ? Output
      : Format extends
            | { type: 'json_schema'; json_schema: { schema: infer Schema } }
            | { type: 'json_schema'; schema: infer Schema }
        ? SchemaOutput<Schema>
        : Format extends { type: 'json_schema' | 'json_object' }
          ? unknown
          : null

/** The type of what follows a schema: a Standard Schema's output, or what a literal JSON schema says. */
export type SchemaOutput<Schema> =
  Schema extends StandardSchema<infer Output> ? Output : FromJSONSchema<Schema>

/**
 * The type that a literal JSON schema describes; `unknown` where the schema is not literal, or says it in a
 * way that is not read here (`$ref`, `allOf`, …).
 *
 * @example
 * type City = FromJSONSchema<{ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }>
 * // { name: string }
 */
export type FromJSONSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly anyOf: readonly (infer Branch)[] }
      ? FromJSONSchema<Branch>
      : Schema extends { readonly oneOf: readonly (infer Branch)[] }
        ? FromJSONSchema<Branch>
        : Schema extends { readonly type: readonly (infer Type)[] }
          ? FromType<Type, Schema>
          : Schema extends { readonly type: infer Type }
            ? FromType<Type, Schema>
            : unknown

type FromType<Type, Schema> = Type extends 'string'
  ? string extends Type
    ? unknown
    : string
  : Type extends 'number' | 'integer'
    ? number
    : Type extends 'boolean'
      ? boolean
      : Type extends 'null'
        ? null
        : Type extends 'array'
          ? Schema extends { readonly items: infer Item }
            ? FromJSONSchema<Item>[]
            : unknown[]
          : Type extends 'object'
            ? FromObject<Schema>
            : unknown

type FromObject<Schema> = Schema extends { readonly properties: infer Properties }
  ? Flat<
      {
        -readonly [Name in keyof Properties as Name extends RequiredOf<Schema>
          ? Name
          : never]: FromJSONSchema<Properties[Name]>
      } & {
        -readonly [Name in keyof Properties as Name extends RequiredOf<Schema>
          ? never
          : Name]?: FromJSONSchema<Properties[Name]>
      }
    >
  : Schema extends { readonly additionalProperties: infer Value extends object }
    ? { [name: string]: FromJSONSchema<Value> }
    : { [name: string]: unknown }

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] }
  ? Name
  : never

type Flat<Members> = { [Name in keyof Members]: Members[Name] }

/** An answer whose content has been parsed. */
export interface ParsedChatCompletion<Parsed> extends ChatCompletion {
  choices: ParsedChatCompletion.Choice<Parsed>[]
}

export declare namespace ParsedChatCompletion {
  interface Choice<Parsed> extends ChatCompletion.Choice {
    message: Message<Parsed>
  }

  interface Message<Parsed> extends ChatCompletionMessage {
    /** Null where the model refused, or called tools instead. Not sent where the message goes back. */
    parsed: Parsed | null
    tool_calls?: (FunctionToolCall | ChatCompletionMessageCustomToolCall)[]
  }

  interface FunctionToolCall extends ChatCompletionMessageFunctionToolCall {
    function: ChatCompletionMessageFunctionToolCall['function'] & {
      /** The arguments' value, of a tool that says how they are read; else null. */
      parsed_arguments: any
    }
  }
}

export {}
