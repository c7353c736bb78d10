'use strict'

// responses.parse, and what responses.stream makes of its final response: text and arguments that are read and checked.

const { z } = require('zod')
const { useGateway, failureOf } = require('../support/gateway')

const context = useGateway()
const City = z.object({ name: z.string(), population: z.number() })
const ROME = '{ "name": "Rome", "population": 1 }'
const BODY = { model: 'gpt-5.5', input: 'hello' }
const parse = (more, options) => context.client().responses.parse({ ...BODY, ...more }, options)
const sent = (at) => context.gateway.requests[at].body

test('a schema alone: what is sent, and what comes back', async () => {
  const response = await parse({ text: { format: City, verbosity: 'low' } })
  expect(City.parse(response.output_parsed)).toEqual(JSON.parse(response.output_text))
  expect(response.output[0].content[0].parsed).toEqual(response.output_parsed)
  expect(sent(0).text).toEqual({
    verbosity: 'low',
    format: {
      type: 'json_schema',
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

test("what openai's helpers make is read by themselves", async () => {
  const { zodResponsesFunction, zodTextFormat } = require('openai/helpers/zod')
  context.gateway.enqueue([
    { chat: ROME },
    { chat: { tool_calls: [{ name: 'f', arguments: '{"name":"Oslo","population":2}' }] } }
  ])
  const format = zodTextFormat(City, 'city')
  expect((await parse({ text: { format } })).output_parsed).toEqual({ name: 'Rome', population: 1 })
  expect(sent(0).text.format).toEqual(JSON.parse(JSON.stringify(format)))
  const tools = [zodResponsesFunction({ name: 'f', parameters: City })]
  const { output, output_parsed } = await parse({ text: { format }, tools })
  expect(output.at(-1).parsed_arguments).toEqual({ name: 'Oslo', population: 2 })
  expect(output_parsed).toBeNull()
})

test('formats: a schema inside one, JSON schemas, json_object, text, none', async () => {
  const described = (schema, more) => ({
    format: { type: 'json_schema', name: 'x', schema, ...more }
  })
  const list = { type: 'array', items: { type: 'string' } }
  context.gateway.enqueue(
    [ROME, ROME, '{"value":["a"]}', '[1]', ROME, ROME].map((chat) => ({ chat }))
  )
  const parsed = async (text) => (await parse({ text })).output_parsed
  expect(await parsed(described(City, { strict: false }))).toEqual(JSON.parse(ROME))
  expect(await parsed(described({ type: 'object' }))).toEqual(JSON.parse(ROME))
  expect(await parsed(described(list))).toEqual(['a'])
  expect(await parsed({ format: { type: 'json_object' } })).toEqual([1])
  expect(await parsed({ format: { type: 'text' } })).toBeNull()
  expect(await parsed(undefined)).toBeNull()
  expect(sent(0).text.format).toMatchObject({
    name: 'x',
    strict: false,
    schema: { type: 'object' }
  })
  expect(sent(2).text.format.schema).toMatchObject({ type: 'object', required: ['value'] })
})

test('tools: a Standard Schema, a strict one, a namespace, and one that nobody reads', async () => {
  const tool = (name, more) => ({ type: 'function', name, ...more })
  const tools = [
    tool('schema', { parameters: z.object({ day: z.string().transform((text) => text.length) }) }),
    tool('strict', { parameters: { type: 'object' }, strict: true }),
    { type: 'namespace', name: 'maps', tools: [tool('find', { parameters: City })] },
    tool('loose', { parameters: { type: 'object' } })
  ]
  const call = (name, text, more) => ({
    type: 'function_call',
    id: `fc_${name}`,
    call_id: `call_${name}`,
    status: 'completed',
    name,
    arguments: text,
    ...more
  })
  const output = [
    call('schema', '{"day":"2026-01-02"}'),
    call('strict', '{"a":1}'),
    call('find', ROME, { namespace: 'maps' }),
    call('find', ROME),
    call('loose', '{}')
  ]
  context.gateway.enqueue({
    json: { id: 'resp_1', object: 'response', status: 'completed', output }
  })
  const response = await parse({ tools })
  expect(response.output.map((item) => item.parsed_arguments)).toEqual([
    { day: 10 },
    { a: 1 },
    { name: 'Rome', population: 1 },
    null,
    null
  ])
  expect(sent(0).tools[0]).toMatchObject({ name: 'schema', parameters: { type: 'object' } })
  expect(sent(0).tools[2].tools[0].parameters.required).toEqual(['name', 'population'])
  expect(sent(0).tools[3]).toEqual(tools[3])
})

test('with `retries` the model is told what is wrong', async () => {
  context.gateway.enqueue([{ chat: 'Rome' }, { chat: '{"name":1}' }, { chat: ROME }])
  const text = { format: City }
  const { data, request_id } = await parse({ text }, { retries: 2 }).withResponse()
  expect(data.output_parsed.name).toBe('Rome')
  expect(request_id).toBe(context.gateway.requests[2].headers['x-request-id'] ?? request_id)
  expect(sent(2).input).toEqual([
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: 'Rome' },
    { role: 'user', content: expect.stringMatching(/is not JSON/) },
    { role: 'assistant', content: '{"name":1}' },
    { role: 'user', content: expect.stringMatching(/name: /) }
  ])
})

test('what cannot be read, and what is not read', async () => {
  context.gateway.enqueue([
    { chat: 'Rome' },
    { chat: { content: '{"na', finish_reason: 'length' } },
    { chat: { refusal: 'no', content: null } }
  ])
  const text = { format: City }
  const error = await failureOf(parse({ text }))
  expect(error).toMatchObject({ code: 'INVALID_RESPONSE', attempts: 1, retryable: true })
  expect(error.message).toMatch(/the answer's text cannot be read: it is not JSON/)
  expect(error.body.output_text).toBe('Rome')
  expect(await parse({ text })).toMatchObject({ status: 'incomplete', output_parsed: null })
  const refused = await parse({ text })
  expect(refused.output_parsed).toBeNull()
  expect(refused.output[0].content).toEqual([{ type: 'refusal', refusal: 'no' }])
})

test('words on the way to the answer are text', async () => {
  const message = (phase, content) => ({
    type: 'message',
    id: `msg_${phase}`,
    role: 'assistant',
    status: 'completed',
    phase,
    content: [{ type: 'output_text', text: content, annotations: [] }]
  })
  const output = [message('commentary', 'I look it up.'), message('final_answer', ROME)]
  context.gateway.enqueue({
    json: { id: 'resp_1', object: 'response', status: 'completed', output }
  })
  const response = await parse({ text: { format: City } })
  expect(response.output.map(({ content }) => content[0].parsed)).toEqual([null, JSON.parse(ROME)])
  expect(response.output_parsed).toEqual(JSON.parse(ROME))
})

test('refusals before sending', async () => {
  for (const [more, param] of [
    [{ stream: true }, 'stream'],
    [{ text: { format: 'json' } }, 'text.format'],
    [{ text: { format: z.object({ a: z.bigint() }) } }, 'text.format'],
    [
      { tools: [{ type: 'function', name: 'f', parameters: z.object({ a: z.bigint() }) }] },
      'tools[0].parameters'
    ]
  ])
    expect(await failureOf(parse(more))).toMatchObject({ code: 'INVALID_REQUEST', param })
  expect(await failureOf(parse({}, { retries: -1 }))).toMatchObject({ param: 'retries' })
  expect(await failureOf(context.client().responses.parse())).toMatchObject({ param: 'body' })
})

test('what was parsed is not sent back', async () => {
  const tools = [{ type: 'function', name: 'f', parameters: City }]
  context.gateway.enqueue([
    { chat: { content: ROME, tool_calls: [{ name: 'f', arguments: ROME }] } }
  ])
  const { output } = await parse({ text: { format: City }, tools })
  expect(JSON.stringify(output)).toMatch(/"parsed".*"parsed_arguments"/)
  await context.client().responses.create({ ...BODY, input: output })
  expect(JSON.stringify(sent(1).input)).not.toMatch(/parsed/)
  expect(sent(1).input[1].arguments).toBe(ROME)
})

test('the final response of a stream is read too', async () => {
  const events = { chat: ROME }
  context.gateway.enqueue([events, events])
  const { responses } = context.client()
  const stream = responses.stream({ ...BODY, text: { format: City } })
  const types = []
  for await (const { type } of stream) types.push(type)
  expect(types.at(-1)).toBe('response.completed')
  expect((await stream.finalResponse()).output_parsed).toEqual(JSON.parse(ROME))
  expect(sent(0)).toMatchObject({ stream: true, text: { format: { name: 'response' } } })
  context.gateway.reset()
  context.gateway.enqueue({ chat: 'Rome' })
  const failed = responses.stream({ ...BODY, text: { format: City } })
  expect(await failureOf(failed.finalResponse())).toMatchObject({ code: 'INVALID_RESPONSE' })
})

test('a kept answer is streamed again: later events alone, snapshots and the response whole', async () => {
  context.gateway.enqueue({ chat: ROME })
  const { responses } = context.client()
  const { id } = await responses.create(BODY)
  const whole = []
  for await (const event of responses.stream({ response_id: id })) whole.push(event)
  const delta = whole.findIndex(({ type }) => type === 'response.output_text.delta')
  const starting_after = whole[delta].sequence_number
  const snapshots = []
  const stream = responses
    .stream({ response_id: id, starting_after, text: { format: City } })
    .on('response.output_text.delta', ({ snapshot }) => snapshots.push(snapshot))
  const later = []
  for await (const event of stream) later.push(event)
  expect(later).toEqual(whole.slice(delta + 1))
  expect(snapshots.at(-1)).toBe(ROME)
  expect((await stream.finalResponse()).output_parsed).toEqual(JSON.parse(ROME))
  expect(await failureOf(responses.stream({ response_id: 'resp_no' }).done())).toMatchObject({
    code: 'NOT_FOUND'
  })
  expect(
    await failureOf(responses.stream({ response_id: id, starting_after: '7' }).done())
  ).toMatchObject({ param: 'starting_after' })
})

test('a last event without output: what the others have said', async () => {
  const item = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: ROME, annotations: [] }]
  }
  const response = { id: 'resp_1', object: 'response', status: 'in_progress' }
  const events = [
    { type: 'response.created', response },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { ...response, status: 'completed' } }
  ]
  context.gateway.enqueue({
    sse: events.map((event, at) => ({ ...event, sequence_number: at }))
  })
  const stream = context.client().responses.stream({ ...BODY, text: { format: City } })
  const final = await stream.finalResponse()
  expect(final.output_text).toBe(ROME)
  expect(final.output_parsed.name).toBe('Rome')
})
