// Typed results: JSON schemas, Standard Schemas, self-parsing formats; tools that run.

import { AihubmixModelClient } from 'aihubmix-native'
import type {
  ChatCompletion,
  ChatCompletionMessageParam,
  FromJSONSchema,
  RunnableTool,
  StandardSchema,
  ToolRunResult
} from 'aihubmix-native'
import { holds, is } from './expect'
import type { Same } from './expect'

type City = { name: string; population: number }
declare const City: StandardSchema<City>
declare const described: { [key: string]: unknown }
declare const selfParsing: {
  type: 'json_schema'
  json_schema: { name: string; schema?: { [key: string]: unknown } }
  __output: City
  $brand: 'auto-parseable-response-format'
  $parseRaw(content: string): City
}

const model = 'gpt-5.5'

export async function parsed(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  const { parse } = client.chat.completions

  const byStandard = await parse({ model, messages, response_format: City })
  is<City | null>()(byStandard.choices[0]!.message.parsed)
  const plain: ChatCompletion = byStandard

  const named = await parse({
    model,
    messages,
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'city', schema: City, strict: true }
    }
  })
  is<City | null>()(named.choices[0]!.message.parsed)

  const literal = await parse({
    model,
    messages,
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'city',
        schema: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            size: { enum: ['small', 'large'] },
            mayor: { type: ['string', 'null'] },
            districts: {
              type: 'array',
              items: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] }
            }
          },
          required: ['name', 'size', 'mayor']
        }
      }
    }
  })
  is<{
    name: string
    size: 'small' | 'large'
    mayor: string | null
    districts?: { id: number }[]
  } | null>()(literal.choices[0]!.message.parsed)

  const dynamic = await parse({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: described } }
  })
  is<unknown>()(dynamic.choices[0]!.message.parsed)
  const anyObject = await parse({ model, messages, response_format: { type: 'json_object' } })
  is<unknown>()(anyObject.choices[0]!.message.parsed)
  const text = await parse({ model, messages, response_format: { type: 'text' } })
  is<null>()(text.choices[0]!.message.parsed)
  const own = await parse<City>({
    model,
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'x', schema: described } }
  })
  is<City | null>()(own.choices[0]!.message.parsed)
  const migrated = await parse({ model, messages, response_format: selfParsing })
  is<City | null>()(migrated.choices[0]!.message.parsed)
  const { data } = await parse({ model, messages, response_format: City }).withResponse()
  is<City | null>()(data.choices[0]!.message.parsed)

  // @ts-expect-error a format is needed
  parse({ model, messages })
  // @ts-expect-error not a format
  parse({ model, messages, response_format: 'json' })
  // @ts-expect-error misspelt
  parse({ model, messages, response_format: City, temprature: 1 })
  // @ts-expect-error a parsed answer comes whole
  parse({ model, messages, response_format: City, stream: true })
  return plain
}

export function run(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  const tools = client.chat.completions.runTools(
    {
      model,
      messages,
      tools: [
        {
          type: 'function',
          function: {
            name: 'by_json_schema',
            parameters: {
              type: 'object',
              properties: { city: { type: 'string' }, days: { type: 'integer' } },
              required: ['city']
            },
            function: (args, { toolCall, signal }) => {
              is<{ city: string; days?: number }>()(args)
              is<string>()(toolCall.id)
              return { ...args, done: signal.aborted }
            }
          }
        },
        {
          type: 'function',
          function: {
            name: 'by_standard_schema',
            parameters: City,
            function: async (args) => {
              is<City>()(args)
              return args.name
            }
          }
        },
        { type: 'function', function: { name: 'without', function: () => 'done' } }
      ]
    },
    { maxChatCompletions: 5, onMessage: (message) => console.log(message.role) }
  )
  return Promise.all([tools, tools.finalContent(), tools.finalChatCompletion()])
}

// Tools of one's own making, in a list that is not literal.
export const listed = (
  client: AihubmixModelClient,
  messages: ChatCompletionMessageParam[],
  tools: RunnableTool[]
) => client.chat.completions.runTools({ model, messages, tools, temperature: 0 })

export function refused(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  client.chat.completions.runTools({
    model,
    messages,
    // @ts-expect-error a tool that runs has a function
    tools: [{ type: 'function', function: { name: 'x' } }]
  })
  // @ts-expect-error without tools there is nothing to run
  client.chat.completions.runTools({ model, messages })
  // @ts-expect-error misspelt
  client.chat.completions.runTools({ model, messages, tools: [] }, { maxSteps: 5 })
}

holds<Same<Awaited<ReturnType<typeof run>>[0], ToolRunResult>>()
holds<Same<FromJSONSchema<{ const: 'a' }>, 'a'>>()
holds<
  Same<FromJSONSchema<{ anyOf: readonly [{ type: 'string' }, { type: 'null' }] }>, string | null>
>()
holds<
  Same<
    FromJSONSchema<{ type: 'object'; additionalProperties: { type: 'boolean' } }>,
    { [name: string]: boolean }
  >
>()
holds<Same<FromJSONSchema<{ $ref: '#/$defs/a' }>, unknown>>()
holds<Same<FromJSONSchema<{ type: string }>, unknown>>()

export function events(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  client.chat.completions
    .runTools(
      { model, messages, stream: true, tools: [] },
      { approve: (call) => call.function.name !== 'x', stopWhen: () => false, maxParallel: 2 }
    )
    .on('functionToolCallResult', (content) => content.length)

  const stream = client.chat.completions.stream({ model, messages })
  stream.on('content', (delta, snapshot) => `${delta}${snapshot}`.length)
  holds<Same<ReturnType<typeof stream.finalChatCompletion>, Promise<ChatCompletion>>>()
  const typed = client.chat.completions.stream({ model, messages, response_format: City })
  typed.finalChatCompletion().then(({ choices }) => {
    holds<Same<(typeof choices)[0]['message']['parsed'], City | null>>()
  })
}

declare const selfParsingText: {
  type: 'json_schema'
  name: string
  schema: { [key: string]: unknown }
  __output: City
  $brand: 'auto-parseable-response-format'
  $parseRaw(content: string): City
}

export async function parsedResponses(client: AihubmixModelClient) {
  const { parse, stream } = client.responses
  const input = 'hello'
  const byStandard = await parse({ model, input, text: { format: City } })
  is<City | null>()(byStandard.output_parsed)
  is<string>()(byStandard.output_text)
  for (const item of byStandard.output) {
    if (item.type === 'message') {
      for (const part of item.content)
        if (part.type === 'output_text') is<City | null>()(part.parsed)
    } else if (item.type === 'function_call') is<any>()(item.parsed_arguments)
  }
  const literal = await parse({
    model,
    input,
    text: {
      format: {
        type: 'json_schema',
        name: 'city',
        schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
      }
    }
  })
  is<{ name: string } | null>()(literal.output_parsed)
  const migrated = await parse({ model, input, text: { format: selfParsingText } })
  is<City | null>()(migrated.output_parsed)
  const text = await parse({ model, input }, { retries: 1 })
  is<null>()(text.output_parsed)
  const { data } = await parse({ model, input, text: { format: City } }).withResponse()
  is<City | null>()(data.output_parsed)
  const final = await stream({ model, input, text: { format: City } }).finalResponse()
  is<City | null>()(final.output_parsed)
  const again = await stream({ response_id: 'resp_1', starting_after: 7 }).finalResponse()
  is<null>()(again.output_parsed)
  // @ts-expect-error not a format
  parse({ model, input, text: { format: 'json' } })
  // @ts-expect-error a parsed answer comes whole
  parse({ model, input, stream: true })
}

export async function parsedCalls(
  client: AihubmixModelClient,
  messages: ChatCompletionMessageParam[]
) {
  const { parse } = client.chat.completions
  const tools = [
    { type: 'function' as const, function: { name: 'f', parameters: City } },
    { type: 'function' as const, function: { name: 'g', parameters: described, strict: true } }
  ]
  const { choices } = await parse({ model, messages, tools })
  holds<Same<(typeof choices)[0]['message']['parsed'], null>>()
  const call = choices[0]!.message.tool_calls![0]!
  if (call.type === 'function') is<any>()(call.function.parsed_arguments)
  const both = await parse({ model, messages, tools, response_format: City })
  is<City | null>()(both.choices[0]!.message.parsed)
}

declare const selfParsingTool: {
  type: 'function'
  function: { name: string; parameters?: { [key: string]: unknown }; strict?: boolean | null }
  __arguments: City
  __name: string
  $brand: 'auto-parseable-tool'
  $callback: ((args: City) => any) | undefined
  $parseRaw(args: string): City
}

export async function helpersOfOthers(
  client: AihubmixModelClient,
  messages: ChatCompletionMessageParam[]
) {
  const { parse, runTools } = client.chat.completions
  const tools = [selfParsingTool]
  await parse({ model, messages, tools })
  const run = runTools({ model, messages, tools, toolContext: { user: 'u' }, stream: true })
  for await (const [message] of run.events('message')) is<ChatCompletionMessageParam>()(message)
  for await (const [delta, snapshot] of run.events('content')) `${delta}${snapshot}`.length
}

declare const selfParsingOutput: {
  type: 'json_schema'
  schema: { [key: string]: unknown }
  parse(content: string): City
}

export async function parsedMessages(client: AihubmixModelClient) {
  const { parse, stream } = client.messages
  const base = { model, max_tokens: 9, messages: [{ role: 'user' as const, content: 'hello' }] }
  is<City | null>()((await parse({ ...base, output_config: { format: City } })).parsed_output)
  const migrated = await parse({ ...base, output_config: { format: selfParsingOutput } })
  is<City | null>()(migrated.parsed_output)
  const plain = await parse(base)
  is<null>()(plain.parsed_output)
  const run = stream({ ...base, output_config: { format: City, effort: 'low' } })
  is<City | null>()((await run.finalMessage()).parsed_output)
  // @ts-expect-error a parsed answer comes whole
  parse({ ...base, stream: true })
}
