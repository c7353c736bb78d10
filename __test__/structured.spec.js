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
