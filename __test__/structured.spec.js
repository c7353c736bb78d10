'use strict'

// chat.completions.parse: content that is parsed and checked.

const { z } = require('zod')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const City = z.object({ name: z.string(), population: z.number() })
const FORMAT = {
  type: 'json_schema',
  json_schema: {
    name: 'city',
    schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
  }
}

const parse = (response_format, more) =>
  context
    .client()
    .chat.completions.parse({ model: MODEL, messages: HELLO, response_format, ...more })
const parsedOf = async (response_format) => (await parse(response_format)).choices[0].message.parsed

test.each(['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro'])(
  'a schema of zod with %s',
  async (model) => {
    const answer = await parse(City, { model })
    const { parsed, content } = answer.choices[0].message
    expect(City.parse(parsed)).toEqual(JSON.parse(content))
  }
)

test('what is sent for a schema alone is strict, closed, and named', async () => {
  await parse(City)
  expect(context.gateway.requests[0].body.response_format).toEqual({
    type: 'json_schema',
    json_schema: {
      name: 'response',
      strict: true,
      schema: {
        type: 'object',
        properties: { name: { type: 'string' }, population: { type: 'number' } },
        required: ['name', 'population'],
        additionalProperties: false
      }
    }
  })
})

test('a schema that the strict mode would refuse is not strict', async () => {
  await parse(z.object({ name: z.string(), nickname: z.string().optional() }))
  await parse(z.object({ list: z.array(z.object({ a: z.string().default('x') })) }))
  for (const { body } of context.gateway.requests)
    expect(body.response_format.json_schema.strict).toBe(false)
})

test('a schema inside a format keeps the name and the flags', async () => {
  await parse({
    type: 'json_schema',
    json_schema: { name: 'town', description: 'd', strict: false, schema: City }
  })
  const { json_schema } = context.gateway.requests[0].body.response_format
  expect(json_schema).toMatchObject({
    name: 'town',
    description: 'd',
    strict: false,
    schema: { type: 'object' }
  })
})

test('the parsed value is what the schema makes of it', async () => {
  context.gateway.enqueue({ chat: '{"when":"2026-01-02"}' })
  expect(await parsedOf(z.object({ when: z.string().transform((text) => text.length) }))).toEqual({
    when: 10
  })
})

test('a schema may take its time, and may be of any library', async () => {
  const standard = {
    version: 1,
    vendor: 'mine',
    validate: async (value) =>
      typeof value.name === 'string'
        ? { value: value.name }
        : { issues: [{ message: 'no name', path: ['name'] }] },
    jsonSchema: {
      input: () => ({
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name']
      })
    }
  }
  context.gateway.enqueue([{ chat: '{"name":"x"}' }, { chat: '{}' }])
  expect(await parsedOf({ '~standard': standard })).toBe('x')
  expect(await failureOf(parsedOf({ '~standard': standard }))).toMatchObject({
    code: 'INVALID_RESPONSE',
    message: expect.stringMatching(/name: no name/)
  })
  const { jsonSchema, ...silent } = standard
  expect(await failureOf(parsedOf({ '~standard': silent }))).toMatchObject({
    code: 'INVALID_REQUEST',
    param: 'response_format'
  })
})

test('JSON schemas and json_object are parsed, text is not', async () => {
  context.gateway.enqueue([{ chat: '{"name":"Rome"}' }, { chat: '[1]' }, { chat: '{"a":1}' }])
  expect(await parsedOf(FORMAT)).toEqual({ name: 'Rome' })
  expect(await parsedOf({ type: 'json_object' })).toEqual([1])
  expect(await parsedOf({ type: 'text' })).toBeNull()
  expect(context.gateway.requests[0].body.response_format).toEqual(FORMAT)
})

test("what openai's zodResponseFormat makes is parsed by itself", async () => {
  const { zodResponseFormat } = require('openai/helpers/zod')
  context.gateway.enqueue({ chat: '{"name":"Rome","population":1}' })
  expect(await parsedOf(zodResponseFormat(City, 'city'))).toEqual({ name: 'Rome', population: 1 })
  expect(context.gateway.requests[0].body.response_format.json_schema.name).toBe('city')
})

test.each([
  [{ content: '{"name":"Ro', finish_reason: 'length' }, /max_tokens/],
  [{ content: '{}', finish_reason: 'content_filter' }, /filtered/],
  [{ content: 'Rome' }, /not JSON/],
  [{ content: null }, /not JSON/],
  [{ content: '{"name":1,"population":2}' }, /name: /]
])('%j cannot be read', async (chat, message) => {
  context.gateway.enqueue({ chat })
  const error = await failureOf(parse(City))
  expect(error).toMatchObject({
    code: 'INVALID_RESPONSE',
    message: expect.stringMatching(message),
    attempts: 1
  })
  expect(error.partial.choices[0].message.content).toBe(chat.content)
})

test('a refusal or a call has nothing parsed', async () => {
  context.gateway.enqueue([
    { chat: { content: null, refusal: 'I cannot' } },
    { chat: { tool_calls: [{ name: 'f' }] } }
  ])
  expect(await parsedOf(City)).toBeNull()
  expect(await parsedOf(City)).toBeNull()
})

test('withResponse, and refusals before sending', async () => {
  const { data, response, request_id } = await parse(City).withResponse()
  expect(data.choices[0].message.parsed).toBeDefined()
  expect([response.status, request_id]).toEqual([200, expect.stringMatching(/^mock-/)])
  for (const [format, more, param] of [
    [undefined, {}, 'response_format'],
    ['json', {}, 'response_format'],
    [City, { stream: true }, 'stream']
  ]) {
    expect(await failureOf(parse(format, more))).toMatchObject({ code: 'INVALID_REQUEST', param })
  }
  expect(await failureOf(context.client().chat.completions.parse())).toMatchObject({
    param: 'body'
  })
})

test.each(['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro'])(
  'a root that is no object, with %s',
  async (model) => {
    const List = z.array(z.object({ name: z.string() }))
    const answer = await parse(List, { model })
    expect(List.parse(answer.choices[0].message.parsed)).toEqual(expect.any(Array))
    expect(JSON.stringify(context.gateway.requests[0].body)).toMatch(/"value":\{"type":"array"/)
  }
)

test('a root that is no object is read wrapped and bare', async () => {
  context.gateway.enqueue([{ chat: '{"value":["a"]}' }, { chat: '["b"]' }, { chat: '{"value":7}' }])
  expect(await parsedOf(z.array(z.string()))).toEqual(['a'])
  expect(await parsedOf(z.array(z.string()))).toEqual(['b'])
  const schema = { type: 'number' }
  expect(await parsedOf({ type: 'json_schema', json_schema: { name: 'n', schema } })).toBe(7)
  expect(context.gateway.requests[0].body.response_format.json_schema).toMatchObject({
    strict: true,
    schema: { type: 'object', required: ['value'], additionalProperties: false }
  })
})

test('the arguments of calls are read, as their tools say', async () => {
  const { zodFunction } = require('openai/helpers/zod')
  const described = (name, more) => ({ type: 'function', function: { name, ...more } })
  const tools = [
    zodFunction({ name: 'by_helper', parameters: City }),
    described('by_schema', {
      parameters: z.object({ day: z.string().transform((text) => text.length) })
    }),
    described('strict', { parameters: { type: 'object' }, strict: true }),
    described('loose', { parameters: { type: 'object' } })
  ]
  const args = ['{"name":"Rome","population":1}', '{"day":"2026-01-02"}', '{"a":1}', '{"a":1}']
  const tool_calls = tools.map(({ function: { name } }, at) => ({ name, arguments: args[at] }))
  context.gateway.enqueue({ chat: { tool_calls } })
  const { message } = (await parse(undefined, { tools })).choices[0]
  expect(message.parsed).toBeNull()
  expect(message.tool_calls.map((call) => call.function.parsed_arguments)).toEqual([
    { name: 'Rome', population: 1 },
    { day: 10 },
    { a: 1 },
    null
  ])
  const sent = context.gateway.requests[0].body.tools.map((tool) => tool.function)
  expect(sent[1]).toMatchObject({ name: 'by_schema', parameters: { type: 'object' } })
  expect(sent[2]).toEqual(tools[2].function)
})

test('arguments that do not follow their schema are asked for again', async () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: City } }]
  const asking = (text) => ({ chat: { tool_calls: [{ name: 'f', arguments: text }] } })
  context.gateway.enqueue(asking('{"name":1}'))
  expect(await failureOf(parse(undefined, { tools }))).toMatchObject({
    code: 'INVALID_RESPONSE',
    message: expect.stringMatching(/the arguments of `f` cannot be read: .*name: /)
  })
  context.gateway.enqueue([asking('{'), asking('{"name":"Rome","population":1}')])
  const body = { model: MODEL, messages: HELLO, tools }
  const answer = await context.client().chat.completions.parse(body, { retries: 1 })
  expect(answer.choices[0].message.tool_calls[0].function.parsed_arguments.name).toBe('Rome')
})

test.each([MODEL, 'claude-sonnet-4-6', 'gemini-3.5-flash', 'gpt-5.4-pro'])(
  'what was parsed is not sent back to %s',
  async (model) => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: City } }]
    const tool_calls = [{ name: 'f', arguments: '{"name":"Rome","population":1}' }]
    context.gateway.enqueue({ chat: { tool_calls } })
    const { choices } = await parse(City, { model, tools })
    const { message } = choices[0]
    const called = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'done' }
    const messages = [...HELLO, message, called]
    const { warnings } = (await context.client().chatCompletion(model, messages)).aihubmix
    expect(JSON.stringify(context.gateway.requests[1].body)).not.toMatch(/parsed/)
    expect(warnings.filter(({ param }) => /parsed/.test(param))).toEqual([])
    expect(message.tool_calls[0].function.parsed_arguments.name).toBe('Rome')
  }
)

test('a root that is no object grows as itself, and streamed arguments are read', async () => {
  const { completions } = context.client().chat
  const body = { model: MODEL, messages: HELLO, response_format: z.array(z.string()) }
  const list = { chat: '{"value":["a","b"]}' }
  context.gateway.enqueue([list, list])
  const seen = []
  const stream = completions.stream(body).on('content.delta', ({ parsed }) => seen.push(parsed))
  stream.on('content.done', ({ parsed }) => expect(parsed).toEqual(['a', 'b']))
  expect((await stream.finalMessage()).parsed).toEqual(['a', 'b'])
  expect(seen.every((value) => value === null || Array.isArray(value))).toBe(true)
  let last
  for await (const value of completions.stream(body).partialObjectStream()) last = value
  expect(last).toEqual(['a', 'b'])
  const tools = [{ type: 'function', function: { name: 'f', parameters: City } }]
  const tool_calls = [{ name: 'f', arguments: '{"name":"Rome","population":1}' }]
  context.gateway.enqueue({ chat: { tool_calls } })
  const message = await completions.stream({ model: MODEL, messages: HELLO, tools }).finalMessage()
  expect(message.tool_calls[0].function.parsed_arguments.population).toBe(1)
})
