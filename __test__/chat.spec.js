'use strict'

// Whole answers on the chat-completions route, and what goes out for them.

const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')
const { startHttpServer, completion } = require('./support/servers')

const context = useGateway()

const sent = () => context.gateway.requests.at(-1)

describe('a whole answer', () => {
  test('is OpenAI’s completion, with one member of our own', async () => {
    const answer = await context.client().chatCompletion(MODEL, HELLO)
    expect(answer).toMatchObject({
      id: expect.any(String),
      object: 'chat.completion',
      created: expect.any(Number),
      model: MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'You said: hello' },
          finish_reason: 'stop',
          logprobs: null
        }
      ],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
        total_tokens: expect.any(Number)
      },
      aihubmix: { route: 'openai', requestId: 'mock-000001', attempts: 1, warnings: [] }
    })
    expect(answer).not.toHaveProperty('aihubmix.servedBy')
  })

  test('belongs to the caller’s realm', async () => {
    const answer = await context.client().chatCompletion(MODEL, HELLO)
    expect(answer.constructor).toBe(Object)
    expect(answer.choices).toBeInstanceOf(Array)
  })

  test('keeps every field that the server sent, and their order', async () => {
    const json = {
      id: 'x1',
      object: 'chat.completion',
      created: 7,
      model: 'served-model',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'hi',
            refusal: null,
            annotations: [],
            reasoning_content: 'thought',
            own: { deep: [1, { two: null }] }
          },
          logprobs: {
            content: [{ token: 'hi', logprob: -0.1, bytes: [104, 105], top_logprobs: [] }]
          },
          finish_reason: 'stop',
          content_filter_results: { hate: { filtered: false } }
        }
      ],
      usage: {
        prompt_tokens: 1,
        completion_tokens: 2,
        total_tokens: 3,
        cost: 0.0001,
        prompt_tokens_details: { cached_tokens: 0 }
      },
      system_fingerprint: 'fp_1',
      service_tier: 'default',
      prompt_filter_results: [{ prompt_index: 0 }]
    }
    context.gateway.enqueue({ json })
    const { aihubmix, ...answer } = await context.client().chatCompletion(MODEL, HELLO)
    expect(answer).toMatchObject(json)
    expect(aihubmix.route).toBe('openai')
    expect(
      Object.keys(answer.choices[0].message).filter((key) => key in json.choices[0].message)
    ).toEqual(Object.keys(json.choices[0].message))
  })

  test('has its tool calls as they came, the arguments’ text unchanged', async () => {
    const text = '{"n": 12345678901234567890123, "s" : "\\u00e9"}'
    context.gateway.enqueue({
      json: JSON.parse(
        completion({
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: null,
                tool_calls: [
                  { id: 'call_1', type: 'function', function: { name: 'f', arguments: text } },
                  { id: 'call_2', type: 'function', function: { name: 'g', arguments: '' } }
                ]
              },
              finish_reason: 'tool_calls'
            }
          ]
        })
      )
    })
    const { message, finish_reason: reason } = (await context.client().chatCompletion(MODEL, HELLO))
      .choices[0]
    expect(reason).toBe('tool_calls')
    expect(message.content).toBeNull()
    expect(message.tool_calls.map((call) => call.function.arguments)).toEqual([text, '{}'])
  })

  test.each([
    ['ASCII', 'plain text'],
    ['Latin-1', 'Größe, naïve café'],
    ['Chinese', '你好，世界'],
    ['emoji and joined ones', '😀👩‍👩‍👧‍👦 ok'],
    ['controls and quotes', 'a\u0000b\u001f"\\\b\f\n\r\t/\u2028\u2029'],
    ['a byte order mark', '\uFEFFtext']
  ])('carries %s unharmed both ways', async (_, text) => {
    const answer = await context.client().chatCompletion(MODEL, [{ role: 'user', content: text }])
    expect(answer.choices[0].message.content).toBe(`You said: ${text}`)
    const stream = await context
      .client()
      .chatCompletion(MODEL, [{ role: 'user', content: text }], { stream: true })
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe(
      `You said: ${text}`
    )
  })

  test('in several pieces, cut anywhere, is the same', async () => {
    const chat = { content: 'Grüße, 世界 😀' }
    context.gateway.enqueue([{ chat }, { chat, chunkBytes: 1 }])
    const client = context.client()
    const [whole, cut] = [
      await client.chatCompletion(MODEL, HELLO),
      await client.chatCompletion(MODEL, HELLO)
    ]
    expect(cut.choices).toEqual(whole.choices)
  })

  test('many at once each get their own', async () => {
    const client = context.client()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        client.chatCompletion(MODEL, [{ role: 'user', content: `number ${n}` }])
      )
    )
    answers.forEach((answer, n) =>
      expect(answer.choices[0].message.content).toBe(`You said: number ${n}`)
    )
  })
})

describe('what is sent', () => {
  test('is what `buildRequest` shows, to the byte', async () => {
    const client = context.client({ appCode: 'CODE1', headers: { 'x-own': '1' } })
    const call = [
      MODEL,
      HELLO,
      { temperature: 0.5, tools: [], metadata: { b: '1', a: '2' } },
      { headers: { 'x-call': '2' } }
    ]
    const built = client.buildRequest(...call)
    await client.chatCompletion(...call)
    expect(built).toMatchObject({
      route: 'openai',
      method: 'POST',
      url: `${context.gateway.url}/v1/chat/completions`,
      warnings: []
    })
    expect(sent().bodyText).toBe(built.bodyText)
    expect(built.body).toEqual(JSON.parse(built.bodyText))
    expect(built.headers.authorization).toBe('Bearer ***')
    const own = Object.entries(built.headers).filter(([name]) => name !== 'authorization')
    expect(sent().headers).toMatchObject(Object.fromEntries(own))
  })

  test('`buildRequest` needs no network and settles nothing', () => {
    const client = context.client({ baseURL: 'https://nowhere.invalid' })
    expect(client.buildRequest(MODEL, HELLO, { stream: true }).body).toMatchObject({
      model: MODEL,
      messages: HELLO,
      stream: true,
      stream_options: { include_usage: true }
    })
  })

  test('keeps the caller’s order, unknown keys and numbers as JavaScript writes them', () => {
    const options = {
      zeta: 1,
      alpha: { y: [], x: 0.1 },
      seed: 9007199254740991,
      big: 2 ** 64,
      tiny: 5e-324,
      negative: -0
    }
    const { bodyText } = context.client().buildRequest(MODEL, HELLO, options)
    const expected = JSON.stringify({ model: MODEL, messages: HELLO, ...options })
    expect(bodyText).toBe(expected)
    expect(bodyText).toContain('"big":18446744073709552000')
  })

  test('big integers written as text, and the arguments of calls, are unchanged', () => {
    const call = {
      id: 'c1',
      type: 'function',
      function: { name: 'f', arguments: '{"id": 12345678901234567890123}' }
    }
    const messages = [
      ...HELLO,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: '12345678901234567890123' }
    ]
    const { bodyText } = context.client().buildRequest(MODEL, messages)
    expect(bodyText).toContain('{\\"id\\": 12345678901234567890123}')
    expect(JSON.parse(bodyText).messages).toEqual(messages)
  })

  test('`undefined` members, functions and symbols vanish as in JSON', () => {
    const { body } = context
      .client()
      .buildRequest(MODEL, [{ role: 'user', content: 'x', name: undefined }], {
        temperature: undefined,
        user: () => 'x',
        metadata: { a: Symbol('a'), b: '1' },
        [Symbol('key')]: 1
      })
    expect(body).toEqual({
      model: MODEL,
      messages: [{ role: 'user', content: 'x' }],
      metadata: { b: '1' }
    })
  })

  test('`toJSON` is asked', () => {
    const when = new Date(0)
    expect(
      context.client().buildRequest(MODEL, HELLO, { metadata: { when } }).body.metadata
    ).toEqual({
      when: '1970-01-01T00:00:00.000Z'
    })
  })

  test('the arguments win over options of the same name', () => {
    const { body } = context
      .client()
      .buildRequest(MODEL, HELLO, { model: 'other', messages: [], temperature: 1 })
    expect(body).toEqual({ model: MODEL, messages: HELLO, temperature: 1 })
  })

  test('the caller’s objects are not changed, even if they are frozen', async () => {
    const freeze = (value) => {
      if (typeof value === 'object' && value !== null)
        Object.values(Object.freeze(value)).forEach(freeze)
      return value
    }
    const messages = freeze([
      { role: 'system', content: '<cache>a</cache>' },
      { role: 'user', content: [{ type: 'text', text: 'x' }] }
    ])
    const options = freeze({ stream: true, tools: [], tool_choice: 'auto', extra_body: { a: 1 } })
    const request = freeze({ headers: { 'x-a': '1' }, timeout: { total: 5000 } })
    const before = JSON.stringify([messages, options, request])
    await (
      await context.client().chatCompletion(MODEL, messages, options, request)
    ).finalChatCompletion()
    expect(JSON.stringify([messages, options, request])).toBe(before)
    expect(sent().body).not.toHaveProperty('tool_choice')
    expect(sent().body).toMatchObject({ a: 1, tools: [] })
  })

  test('changes made after the call do not matter', async () => {
    const messages = [{ role: 'user', content: 'before' }]
    const answer = context.client().chatCompletion(MODEL, messages)
    messages[0].content = 'after'
    expect((await answer).choices[0].message.content).toBe('You said: before')
  })
})

describe('`chat.completions.create`', () => {
  test('is the same in one argument', async () => {
    const client = context.client()
    const one = await client.chatCompletion(MODEL, HELLO, { temperature: 0 })
    const other = await client.chat.completions.create({
      model: MODEL,
      messages: HELLO,
      temperature: 0
    })
    expect(other.choices).toEqual(one.choices)
    expect(context.gateway.requests[1].body).toEqual(context.gateway.requests[0].body)
  })

  test('`withResponse` gives status, headers and trace id', async () => {
    const promise = context.client().chat.completions.create({ model: MODEL, messages: HELLO })
    const { data, response, request_id: id } = await promise.withResponse()
    expect(data).toEqual(await promise)
    expect(response.status).toBe(200)
    expect(response.headers).toBeInstanceOf(Headers)
    expect(response.headers.get('content-type')).toMatch(/json/)
    expect(id).toBe('mock-000001')
    expect(context.gateway.requests).toHaveLength(1)
  })

  test('`withResponse` of a stream', async () => {
    const {
      data,
      response,
      request_id: id
    } = await context
      .client()
      .chat.completions.create({ model: MODEL, messages: HELLO, stream: true })
      .withResponse()
    expect(response.headers.get('content-type')).toMatch(/event-stream/)
    expect(id).toBe('mock-000001')
    expect(data.requestId).toBe(id)
    expect((await data.finalChatCompletion()).choices[0].message.content).toBe('You said: hello')
  })

  test('a failure that `withResponse` hands over is not an unhandled one', async () => {
    context.gateway.enqueue({ status: 400 })
    const { completions } = context.client().chat
    const error = await failureOf(
      completions.create({ model: MODEL, messages: HELLO }).withResponse()
    )
    expect(error.code).toBe('INVALID_REQUEST')
    expect((await failureOf(completions.create({}).withResponse())).param).toBe('model')
    // Jest fails a test in which a rejection is not handled; that shows in a later turn.
    await new Promise(setImmediate)
  })
})

describe('an answer of 2xx that is none', () => {
  test.each([
    ['HTML', '<!doctype html><html><body>Welcome</body></html>', 'text/html'],
    ['text', 'it works', 'text/plain'],
    ['nothing', '', 'application/json'],
    ['cut JSON', completion().slice(0, 60), 'application/json'],
    ['a number', '42', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['an object without choices', '{"hello":1}', 'application/json'],
    ['choices of the wrong kind', '{"choices":{"a":1}}', 'application/json']
  ])('%s', async (_, body, type) => {
    const server = await startHttpServer((_request, response) => {
      response.setHeader('content-type', type)
      response.end(body)
    })
    try {
      const client = context.client({ baseURL: server.url, maxRetries: 0 })
      expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({
        code: 'INVALID_RESPONSE',
        attempts: 1
      })
      expect(await failureOf(client.chatCompletion(MODEL, HELLO, { stream: true }))).toMatchObject({
        code: 'INVALID_RESPONSE'
      })
    } finally {
      await server.close()
    }
  })

  test('with an error inside has the status that its type implies', async () => {
    for (const [type, status, code] of [
      ['overloaded_error', 529, 'OVERLOADED'],
      ['rate_limit_error', 429, 'RATE_LIMIT'],
      ['invalid_request_error', 400, 'INVALID_REQUEST'],
      ['authentication_error', 401, 'AUTH_ERROR'],
      ['something_else', 500, 'SERVER_ERROR']
    ]) {
      const json = { error: { message: 'no', type } }
      context.gateway.enqueue([{ json }, { json }])
      const client = context.client({ maxRetries: 0 })
      for (const stream of [false, true]) {
        expect(await failureOf(client.chatCompletion(MODEL, HELLO, { stream }))).toMatchObject({
          code,
          status,
          type,
          message: 'no'
        })
      }
    }
  })
})
