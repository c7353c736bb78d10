'use strict'

// messages.parse, and what messages.stream makes of its final message: text that is read and checked.

const { z } = require('zod')
const { HELLO, useGateway, failureOf } = require('../support/gateway')

const context = useGateway()
const City = z.object({ name: z.string(), population: z.number() })
const ROME = '{ "name": "Rome", "population": 1 }'
const BODY = { model: 'claude-sonnet-4-6', max_tokens: 99, messages: HELLO }
const parse = (format, options, more) =>
  context.client().messages.parse({ ...BODY, output_config: { format }, ...more }, options)
const sent = (at) => context.gateway.requests[at].body

test('a schema alone: what is sent, and what comes back', async () => {
  const message = await parse(City)
  expect(City.parse(message.parsed_output)).toEqual(JSON.parse(message.content[0].text))
  const { type, schema, ...rest } = sent(0).output_config.format
  expect([type, rest]).toEqual(['json_schema', {}])
  expect(schema).toMatchObject({ type: 'object', required: ['name', 'population'] })
})

test("what Anthropic's helper makes is read by itself; other formats, and none", async () => {
  const { zodOutputFormat } = require('@anthropic-ai/sdk/helpers/zod')
  context.gateway.enqueue([ROME, '["a"]', ROME, ROME].map((chat) => ({ chat })))
  const format = zodOutputFormat(City)
  expect((await parse(format)).parsed_output).toEqual({ name: 'Rome', population: 1 })
  expect(sent(0).output_config.format).toEqual(JSON.parse(JSON.stringify(format)))
  const list = { type: 'array', items: { type: 'string' } }
  expect((await parse({ type: 'json_schema', schema: list })).parsed_output).toEqual(['a'])
  expect((await parse({ type: 'json_schema', schema: City })).parsed_output.name).toBe('Rome')
  expect((await parse(undefined)).parsed_output).toBeNull()
})

test('with `retries` the model is told what is wrong', async () => {
  context.gateway.enqueue([{ chat: 'Rome' }, { chat: ROME }])
  expect((await parse(City, { retries: 1 })).parsed_output.name).toBe('Rome')
  expect(sent(1).messages).toEqual([
    ...HELLO,
    { role: 'assistant', content: [expect.objectContaining({ type: 'text', text: 'Rome' })] },
    { role: 'user', content: expect.stringMatching(/is not JSON/) }
  ])
})

test('what cannot be read, is not read, or is refused', async () => {
  const tool_calls = [{ name: 'f', arguments: '{}' }]
  context.gateway.enqueue([
    { chat: 'Rome' },
    { chat: { content: '{"na', finish_reason: 'length' } },
    { chat: { content: 'I look.', tool_calls } }
  ])
  const error = await failureOf(parse(City))
  expect(error).toMatchObject({ code: 'INVALID_RESPONSE', retryable: true })
  expect(error.body.content[0].text).toBe('Rome')
  expect(await parse(City)).toMatchObject({ stop_reason: 'max_tokens', parsed_output: null })
  expect(await parse(City)).toMatchObject({ stop_reason: 'tool_use', parsed_output: null })
  expect(await failureOf(parse('json'))).toMatchObject({ param: 'output_config.format' })
  expect(await failureOf(parse(City, {}, { stream: true }))).toMatchObject({ param: 'stream' })
})

test('the final message of a stream is read too', async () => {
  context.gateway.enqueue([{ chat: ROME }, { chat: 'Rome' }])
  const { messages } = context.client()
  const stream = messages.stream({ ...BODY, output_config: { format: City } })
  expect((await stream.finalMessage()).parsed_output).toEqual(JSON.parse(ROME))
  const failing = messages.stream({ ...BODY, output_config: { format: City } })
  expect(await failureOf(failing.finalMessage())).toMatchObject({ code: 'INVALID_RESPONSE' })
})
