'use strict'

// What the mock gateway says without a script, and in which form, on each of the four chat wires.

const { startMockGateway } = require('../testing')
const { GOOGLE, call } = require('./gateway-calls')
const { wiresSpokenWith, joined, WEATHER } = require('./spoken-wires')

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})
afterEach(() => gateway.reset())
afterAll(() => gateway.close())

const send = (route, body, options) => call(options?.base ?? gateway.url, route, body, options)
const WIRES = wiresSpokenWith(send)

describe.each(Object.entries(WIRES))('a chat without a script, on %s', (name, wire) => {
  test('echoes the last user text, with plausible usage, and says the same each time', async () => {
    const { status, json } = await wire.send({ text: 'good morning, gateway' })
    expect(status).toBe(200)
    const answer = wire.whole(json)
    expect(answer.text).toBe('You said: good morning, gateway')
    expect(['stop', 'completed', 'end_turn', 'STOP']).toContain(answer.finish)
    expect(answer.usage.every((count) => Number.isInteger(count) && count > 0)).toBe(true)
    gateway.reset()
    expect((await wire.send({ text: 'good morning, gateway' })).json).toEqual(json)
  })

  test('streams the same text in several deltas at word boundaries', async () => {
    const { headers, events } = await wire.send({ text: 'good morning, gateway', stream: true })
    expect(headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(wire.streamed(events)).toMatchObject({
      text: 'You said: good morning, gateway',
      deltas: 5,
      calls: []
    })
  })

  test.each([false, true])('calls the tool that the text names, streamed: %s', async (stream) => {
    const { json, events } = await wire.send({
      text: 'please use get_weather',
      stream,
      tools: ['search', 'get_weather']
    })
    const answer = stream ? wire.streamed(events) : wire.whole(json)
    expect(answer.calls).toEqual([
      { name: 'get_weather', args: { city: 'please use get_weather', unit: 'celsius', days: 2 } }
    ])
  })

  test('calls no tool that is only offered, or is part of another word', async () => {
    const { json } = await wire.send({ text: 'forget_weather', tools: ['get_weather'] })
    expect(wire.whole(json)).toMatchObject({ text: 'You said: forget_weather', calls: [] })
  })

  test('quotes the tool result once that is the last message', async () => {
    const { json } = await wire.send({
      text: 'use get_weather',
      tools: ['get_weather'],
      result: '21 degrees'
    })
    expect(wire.whole(json)).toMatchObject({ text: 'The tool answered: 21 degrees', calls: [] })
  })

  test('answers a schema with a document that fits it', async () => {
    const { json } = await wire.send({ text: 'Oslo', schema: WEATHER })
    expect(JSON.parse(wire.whole(json).text)).toEqual({ city: 'Oslo', unit: 'celsius', days: 2 })
  })

  test('reasons when asked to, the same whole and streamed', async () => {
    const whole = wire.whole((await wire.send({ text: 'think', reasoning: true })).json)
    expect(whole.reasoning).toContain('The user said "think"')
    const streamed = wire.streamed(
      (await wire.send({ text: 'think', reasoning: true, stream: true })).events
    )
    expect(streamed.reasoning).toBe(whole.reasoning)
    expect(wire.whole((await wire.send({ text: 'think' })).json).reasoning).toBeUndefined()
  })

  test('renders a scripted answer, whole and streamed', async () => {
    const chat = {
      content: 'Let me see.',
      reasoning_content: 'Hard one.',
      tool_calls: [
        { id: 'id1', name: 'a', arguments: { n: 1 } },
        { id: 'id2', name: 'b' }
      ],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 9,
        completion_tokens_details: { reasoning_tokens: 0 }
      }
    }
    gateway.enqueue([{ chat }, { chat }])
    const whole = wire.whole((await wire.send({ text: 'x' })).json)
    const calls = [
      { name: 'a', args: { n: 1 } },
      { name: 'b', args: {} }
    ]
    expect(whole).toMatchObject({
      text: 'Let me see.',
      reasoning: 'Hard one.',
      calls,
      usage: [7, 9]
    })
    const { events, text } = await wire.send({ text: 'x', stream: true })
    expect(wire.streamed(events)).toMatchObject({
      text: 'Let me see.',
      reasoning: 'Hard one.',
      calls
    })
    expect(text).toContain('id2')
  })

  test('takes a whole chat completion and a bare text as a script too', async () => {
    const completion = {
      id: 'mine',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'full', tool_calls: null },
          finish_reason: 'length'
        }
      ]
    }
    gateway.enqueue([{ chat: completion }, { chat: 'short' }])
    const { json } = await wire.send({ text: 'x' })
    expect(wire.whole(json)).toMatchObject({
      text: 'full',
      finish: expect.stringMatching(/^(length|incomplete|max_tokens|MAX_TOKENS)$/)
    })
    expect(json.id ?? json.responseId).toBe('mine')
    expect(wire.whole((await wire.send({ text: 'x' })).json).text).toBe('short')
  })

  test('gives an error status in the shape of the gateway', async () => {
    gateway.enqueue({ status: 429, headers: { 'Retry-After': '3' } })
    const { status, headers, json } = await wire.send({ text: 'x', stream: true })
    expect(status).toBe(429)
    expect(headers.get('retry-after')).toBe('3')
    expect(json.error).toEqual({
      message: expect.stringMatching(/^Too many requests \(tid: mock-\d+\)$/),
      type: 'Aihubmix_api_error'
    })
    expect(json.type).toBe(name === 'chat completions' ? undefined : 'error')
  })
})

describe.each(Object.entries(WIRES))('texts and schemas on %s', (_name, wire) => {
  test.each([
    ' ',
    '  two  spaces ',
    'line\nbreaks\r\nand\u2028more',
    '日本語 👩‍👩‍👧 "quoted" \\ back',
    'data: [DONE]'
  ])('the text %j is streamed as it is told whole', async (text) => {
    const whole = wire.whole((await wire.send({ text })).json)
    expect(whole.text).toBe(`You said: ${text}`)
    expect(wire.streamed((await wire.send({ text, stream: true })).events).text).toBe(whole.text)
  })

  test('the sample of a schema obeys its keywords', async () => {
    const schema = {
      type: 'object',
      required: [
        'ref',
        'either',
        'both',
        'list',
        'pair',
        'when',
        'short',
        'half',
        'fixed',
        'nullable',
        'flag',
        'capital'
      ],
      properties: {
        ref: { $ref: '#/$defs/point' },
        either: { anyOf: [{ type: 'null' }, { type: 'integer', exclusiveMinimum: 4 }] },
        both: {
          allOf: [
            { properties: { a: { const: 1 } }, required: ['a'], type: 'object' },
            { properties: { b: { default: 2 } }, required: ['b'] }
          ]
        },
        list: { type: 'array', items: { type: 'number', maximum: 0.5 }, minItems: 2 },
        pair: { type: 'array', prefixItems: [{ type: 'boolean' }, { type: 'null' }] },
        when: { type: 'string', format: 'date' },
        short: { type: 'string', maxLength: 3, minLength: 3 },
        half: { type: 'number', minimum: 5, multipleOf: 4 },
        fixed: { enum: ['first', 'second'] },
        nullable: { type: ['null', 'boolean'] },
        flag: { type: 'boolean' },
        capital: { type: 'OBJECT', properties: { n: { type: 'INTEGER' } } },
        optional: { type: 'string' }
      },
      $defs: { point: { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] } }
    }
    const { text } = wire.whole((await wire.send({ text: 'hello', schema })).json)
    expect(JSON.parse(text)).toEqual({
      ref: { x: 1 },
      either: 5,
      both: { a: 1, b: 2 },
      list: [0, 0],
      pair: [true, null],
      when: '2026-01-01',
      short: 'hel',
      half: 8,
      fixed: 'first',
      nullable: true,
      flag: true,
      capital: { n: 1 }
    })
  })

  test('a schema that refers to itself comes to an end', async () => {
    const schema = {
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, required: ['next'] }
      },
      $ref: '#/$defs/node'
    }
    const { text } = wire.whole((await wire.send({ text: 'hello', schema })).json)
    expect(JSON.parse(text)).toHaveProperty('next.next')
  })
})

describe('images in a chat', () => {
  const modalities = { modalities: ['text', 'image'] }

  test('come where they are asked for', async () => {
    const { json } = await WIRES['chat completions'].send({ text: 'draw', extra: modalities })
    expect(json.choices[0].message.images[0].image_url.url).toMatch(/^data:image\/png;base64,/)
    const extra = { generationConfig: { responseModalities: ['TEXT', 'IMAGE'], candidateCount: 2 } }
    const { candidates } = (await WIRES.gemini.send({ text: 'draw', extra })).json
    expect(candidates.map(({ content }) => content.parts.at(-1).inlineData.mimeType)).toEqual([
      'image/png',
      'image/png'
    ])
  })

  test('are rendered from a script for Responses too', async () => {
    gateway.enqueue({
      chat: { images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } }] }
    })
    const { json } = await WIRES.responses.send({ text: 'draw' })
    expect(json.output).toEqual([
      { id: expect.any(String), type: 'image_generation_call', status: 'completed', result: 'QUJD' }
    ])
  })
})

describe('the events of each wire', () => {
  test('chat completions: role, content, finish, usage, [DONE]', async () => {
    const { events } = await WIRES['chat completions'].send({
      text: 'hi',
      stream: true,
      extra: { stream_options: { include_usage: true } }
    })
    const payloads = events.map(({ data }) => data)
    expect(events.every(({ name }) => name === undefined)).toBe(true)
    expect(payloads.at(-1)).toBe('[DONE]')
    expect(payloads[0].choices[0].delta.role).toBe('assistant')
    expect(payloads.at(-3).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' })
    expect(payloads.at(-2)).toMatchObject({
      choices: [],
      usage: { total_tokens: expect.any(Number) }
    })
    expect(new Set(payloads.slice(0, -1).map(({ id }) => id)).size).toBe(1)
  })

  test('chat completions: an empty text gets an answer too', async () => {
    const { json } = await WIRES['chat completions'].send({ text: '' })
    expect(json.choices[0].message.content).toBe('You said nothing.')
  })

  test('chat completions: no usage unless it is asked for, and as many choices as are', async () => {
    const { events } = await WIRES['chat completions'].send({
      text: 'hi',
      stream: true,
      extra: { n: 2 }
    })
    const payloads = events.slice(0, -1).map(({ data }) => data)
    expect(payloads.every((chunk) => !('usage' in chunk))).toBe(true)
    expect(
      payloads
        .filter(({ choices: [choice] }) => choice.finish_reason === 'stop')
        .map(({ choices: [{ index }] }) => index)
    ).toEqual([0, 1])
  })

  test("chat completions: Claude's models add reasoning_details with a signature, in parts when streamed", async () => {
    const extra = { model: 'claude-sonnet-4-6' }
    const { json } = await WIRES['chat completions'].send({ text: 'hi', reasoning: true, extra })
    const { reasoning_details: details, reasoning_content: thinking } = json.choices[0].message
    expect(details).toEqual({
      type: 'thinking',
      thinking,
      signature: expect.stringMatching(/^mock/)
    })
    const { events } = await WIRES['chat completions'].send({
      text: 'hi',
      reasoning: true,
      stream: true,
      extra
    })
    const parts = events
      .slice(0, -1)
      .map(({ data }) => data.choices[0].delta.reasoning_details)
      .filter(Boolean)
    expect(parts.at(0)).toEqual({ type: 'thinking' })
    expect(joined(parts, 'thinking')).toBe(thinking)
    expect(parts.at(-1)).toEqual({ signature: details.signature })
  })

  test('messages: blocks open and close in order, with signature, between message_start and message_stop', async () => {
    const { events } = await WIRES.messages.send({
      text: 'use get_weather',
      stream: true,
      reasoning: true,
      tools: ['get_weather']
    })
    expect(events.every(({ name, data }) => name === data.type)).toBe(true)
    const kinds = events
      .map(({ name }) => name)
      .filter((kind, place, all) => kind !== all[place - 1])
    expect(kinds).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop'
    ])
    const payloads = events.map(({ data }) => data)
    expect(payloads.find(({ delta }) => delta?.type === 'signature_delta')).toMatchObject({
      index: 0,
      delta: { signature: expect.stringMatching(/^mock/) }
    })
    expect(payloads.at(-2)).toMatchObject({
      delta: { stop_reason: 'tool_use' },
      usage: { output_tokens: expect.any(Number) }
    })
  })

  test('messages: redacted thinking and citations come out of a script', async () => {
    gateway.enqueue({
      chat: {
        content: 'see there',
        reasoning_details: [{ type: 'redacted_thinking', data: 'secret' }],
        annotations: [
          { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } }
        ],
        native_finish_reason: 'pause_turn'
      }
    })
    const { json } = await WIRES.messages.send({ text: 'x' })
    expect(json.content[0]).toEqual({ type: 'redacted_thinking', data: 'secret' })
    expect(json.content[1].citations[0]).toMatchObject({
      type: 'web_search_result_location',
      url: 'https://a.example'
    })
    expect(json.stop_reason).toBe('pause_turn')
  })

  test('messages: a forced tool is called, with a document for its schema', async () => {
    const { json } = await WIRES.messages.send({
      text: 'Rome',
      tools: ['json'],
      extra: { tool_choice: { type: 'tool', name: 'json' } }
    })
    expect(json.content).toEqual([
      {
        type: 'tool_use',
        id: expect.stringMatching(/^toolu_/),
        name: 'json',
        input: { city: 'Rome', unit: 'celsius', days: 2 }
      }
    ])
  })

  test('gemini: one candidate a chunk, the finish reason and whole usage on the last', async () => {
    const { events } = await WIRES.gemini.send({ text: 'hi', stream: true, reasoning: true })
    const chunks = events.map(({ data }) => data)
    expect(
      chunks
        .slice(0, -1)
        .every(({ candidates: [candidate] }) => candidate.finishReason === undefined)
    ).toBe(true)
    const last = chunks.at(-1)
    expect(last.candidates[0]).toMatchObject({
      finishReason: 'STOP',
      content: { parts: [{ thoughtSignature: expect.stringMatching(/^mock/) }] }
    })
    const {
      promptTokenCount: prompt,
      candidatesTokenCount: said,
      thoughtsTokenCount: thought,
      totalTokenCount: total
    } = last.usageMetadata
    expect(prompt + said + thought).toBe(total)
  })

  test('gemini: the signature rides on the first of several calls', async () => {
    gateway.enqueue({
      chat: { reasoning_content: 'hm', tool_calls: [{ name: 'a' }, { name: 'b' }] }
    })
    const { json } = await WIRES.gemini.send({ text: 'x' })
    const [thought, first, second] = json.candidates[0].content.parts
    expect(thought).toEqual({ text: 'hm', thought: true })
    expect(first).toEqual({
      functionCall: { name: 'a', args: {} },
      thoughtSignature: expect.any(String)
    })
    expect(second).toEqual({ functionCall: { name: 'b', args: {} } })
  })

  test('gemini: without alt=sse the stream is one JSON array; allowed function names are obeyed', async () => {
    const body = {
      contents: [{ parts: [{ text: 'hi' }] }],
      tools: [
        {
          functionDeclarations: [
            { name: 'a' },
            { name: 'b', parametersJsonSchema: { type: 'object' } }
          ]
        }
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['b'] } }
    }
    const { json } = await send(
      '/gemini/v1beta/models/gemini-3.5-flash:streamGenerateContent',
      body,
      {
        headers: GOOGLE
      }
    )
    expect(json.map(({ candidates }) => candidates[0].content.parts[0].functionCall)).toEqual([
      { name: 'b', args: {} }
    ])
  })

  test('responses: numbered events from created to completed, whose response is the whole answer', async () => {
    const extra = { include: ['reasoning.encrypted_content'] }
    const { events } = await WIRES.responses.send({
      text: 'hi',
      stream: true,
      reasoning: true,
      extra
    })
    const payloads = events.map(({ data }) => data)
    expect(events.every(({ name, data }) => name === data.type)).toBe(true)
    expect(payloads.map(({ sequence_number: number }) => number)).toEqual(
      payloads.map((_, place) => place)
    )
    expect(payloads[0]).toMatchObject({
      type: 'response.created',
      response: { status: 'in_progress', output: [] }
    })
    const { type, response } = payloads.at(-1)
    expect(type).toBe('response.completed')
    expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message'])
    expect(response.output[0].encrypted_content).toMatch(/^mock/)
    gateway.reset()
    expect((await WIRES.responses.send({ text: 'hi', reasoning: true, extra })).json).toEqual(
      response
    )
  })

  test('responses: refusal and truncation', async () => {
    gateway.enqueue([
      { chat: { refusal: 'I will not.' } },
      { chat: { content: 'cut of', finish_reason: 'length' } }
    ])
    const refused = (await WIRES.responses.send({ text: 'x', stream: true })).events
    expect(
      joined(
        refused.filter(({ name }) => name === 'response.refusal.delta').map(({ data }) => data),
        'delta'
      )
    ).toBe('I will not.')
    const truncated = (await WIRES.responses.send({ text: 'x', stream: true })).events
    expect(truncated.at(-1).data).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } }
    })
  })
})
