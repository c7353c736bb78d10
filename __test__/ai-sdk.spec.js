'use strict'

// The provider for the AI SDK: under the real packages, and part by part.

const { readFileSync } = require('node:fs')
const path = require('node:path')
const { createAihubmix } = require('../ai-sdk')
const { useGateway } = require('./support/gateway')
const { runScript } = require('./support/child')
const { nodeOfAtLeast } = require('./support/newer-node')

const context = useGateway()
const chatModel = (id, version = 'v4') =>
  createAihubmix({ client: context.client(), specificationVersion: version })(id)
const ask = (text) => [{ role: 'user', content: [{ type: 'text', text }] }]

async function partsOf(result) {
  const parts = []
  for await (const part of result.stream) parts.push(part)
  return parts
}

describe.each(['ai', 'ai-6'])('%s', (name) => {
  const { version, engines } = JSON.parse(
    readFileSync(path.join(__dirname, '..', 'node_modules', name, 'package.json'), 'utf8')
  )
  const oldest = Number(/>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0)
  const node = nodeOfAtLeast(oldest)
  if (node === undefined) console.log(`skipped: ${name} ${version} wants Node.js ${engines.node}`)
  const each = node ? test.each : test.skip.each

  each([
    ['claude-sonnet-4-6', 'signature'],
    ['gemini-3.1-pro-preview', 'thoughtSignature'],
    ['gpt-5.5-pro', 'encrypted_content'],
    ['deepseek-v4-pro', 'reasoning_content']
  ])(
    `${version} with %s: every function, and its ${'%s'} through steps and storage`,
    async (model, state) => {
      const { report, stderr, code } = await runScript('ai-sdk', {
        node,
        args: [name, model],
        env: { AI_SDK_LOG_WARNINGS: 'false', NODE_NO_WARNINGS: '1' }
      })
      expect([code, stderr]).toEqual([0, ''])
      expect(report).toMatchObject({
        chat: 'You said: hello',
        reasoning: true,
        usage: true,
        finish: ['stop', 'string'],
        receipt: 1,
        stream: 'You said: hello',
        tools: ['The tool answered: 21 degrees', 2],
        streamedTools: 'The tool answered: 21 degrees',
        structured: { name: expect.any(String) },
        files: [true, true],
        aborted: 'AbortError',
        refused: [true, 400, 1],
        requestsOfOneFailure: 3,
        embeddings: 2,
        ranking: 2,
        images: [true],
        transcript: expect.any(String),
        speech: true,
        video: 'video/mp4'
      })
      // The model's own state of its first step, in the second step and after storage.
      expect(report.state).toEqual([expect.stringMatching(`^${state}: .+`)])
      expect(report.streamedState).toEqual([expect.stringMatching(`^${state}: .+`)])
      expect(report.storedState).toEqual(expect.arrayContaining(report.streamedState))
    },
    60_000
  )

  each([
    ['claude-sonnet-4-6', 'claude', 20],
    ['gemini-3.5-flash', 'gemini', 20],
    ['gpt-5.5-pro', 'responses', 20],
    ['gpt-5.4', 'chat', 18]
  ])(
    `${version} with %s: feature by feature`,
    async (model, family, features) => {
      const { report, stderr, code } = await runScript('ai-sdk-features', {
        node,
        args: [name, model, family],
        env: { AI_SDK_LOG_WARNINGS: 'false', NODE_NO_WARNINGS: '1' }
      })
      expect([code, stderr]).toEqual([0, ''])
      expect(report).toEqual({ done: features, failed: {} })
    },
    60_000
  )
})

describe('content', () => {
  // Thinking, hidden thinking, a search that the vendor runs, and an answer that cites it.
  const CLAUDE = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-6',
    content: [
      { type: 'thinking', thinking: 'I search.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'aGlkZGVu' },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_1',
        content: [
          {
            type: 'web_search_result',
            url: 'https://a.example/',
            title: 'A',
            encrypted_content: 'ZQ=='
          }
        ]
      },
      {
        type: 'text',
        text: 'Found.',
        citations: [
          {
            type: 'web_search_result_location',
            url: 'https://a.example/',
            title: 'A',
            cited_text: 'a',
            encrypted_index: 'Zg=='
          }
        ]
      }
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5 }
  }
  const tools = [
    { type: 'provider', id: 'anthropic.web_search_20250305', name: 'search', args: { maxUses: 1 } }
  ]

  // The same part of a prompt as an application stores it.
  const stored = (content) =>
    content
      .filter(({ type }) => type !== 'source')
      .map(({ providerMetadata, ...part }) => ({
        ...part,
        ...(part.type === 'tool-call' && { input: JSON.parse(part.input) }),
        ...(part.type === 'tool-result' && { output: { type: 'json', value: part.result } }),
        providerOptions: providerMetadata
      }))

  test('of a Claude that thinks, searches and cites has a part for each, and goes back byte for byte', async () => {
    context.gateway.enqueue({ json: CLAUDE })
    const model = chatModel('claude-sonnet-4-6')
    const { content, usage } = await model.doGenerate({ prompt: ask('search'), tools })
    expect(content).toMatchObject([
      { type: 'reasoning', text: 'I search.' },
      { type: 'reasoning', text: '' },
      { type: 'tool-call', toolName: 'web_search', providerExecuted: true },
      { type: 'tool-result', toolCallId: 'srvtoolu_1', toolName: 'web_search' },
      { type: 'text', text: 'Found.', citations: [{ source: { url: 'https://a.example/' } }] },
      { type: 'source', url: 'https://a.example/', title: 'A' }
    ])
    expect(usage.inputTokens).toMatchObject({ total: 8, noCache: 3, cacheRead: 5 })
    expect(context.gateway.requests[0].body.tools).toMatchObject([
      { type: 'web_search_20250305', name: 'web_search', max_uses: 1 }
    ])
    const prompt = [
      ...ask('search'),
      { role: 'assistant', content: stored(content) },
      ...ask('go on')
    ]
    await model.doGenerate({ prompt, tools })
    const [, { content: sent }] = context.gateway.requests[1].body.messages
    expect(sent.map((block) => JSON.stringify(block))).toEqual(
      CLAUDE.content.map((block) => JSON.stringify(block))
    )
  })

  test('of a stream is that of the whole answer', async () => {
    const script = {
      chat: {
        role: 'assistant',
        content: 'The answer.',
        reasoning_content: 'I think.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }
        ]
      }
    }
    const functions = [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }]
    for (const id of ['claude-sonnet-4-6', 'gemini-3.1-pro-preview', 'gpt-5.5-pro', 'gpt-5.4']) {
      context.gateway.enqueue([script, script])
      const options = { prompt: ask('x'), tools: functions, reasoning: 'high' }
      const whole = await chatModel(id).doGenerate(options)
      const parts = await partsOf(await chatModel(id).doStream(options))
      const joined = (kind) =>
        parts
          .filter(({ type }) => type === `${kind}-delta`)
          .map(({ delta }) => delta)
          .join('')
      const wholeText = (kind) =>
        whole.content
          .filter(({ type }) => type === kind)
          .map(({ text }) => text)
          .join('')
      expect([joined('text'), joined('reasoning')]).toEqual([
        wholeText('text'),
        wholeText('reasoning')
      ])
      const call = ({ type }) => type === 'tool-call'
      expect(parts.filter(call).map(({ input }) => input)).toEqual(
        whole.content.filter(call).map(({ input }) => input)
      )
      // Every block that begins also ends, under its id.
      const ids = (suffix) =>
        parts.filter(({ type }) => type.endsWith(suffix)).map((part) => part.id)
      expect(ids('-end')).toEqual(ids('-start').filter((blockId) => blockId !== undefined))
      expect(parts[0].type).toBe('stream-start')
      expect(parts.at(-1)).toMatchObject({
        type: 'finish',
        finishReason: { unified: 'tool-calls' }
      })
    }
  })

  test('of a Gemini that signs its text goes back with the signature on the text', async () => {
    const parts = [{ text: 'Hello.', thoughtSignature: 'c2lnbmVk' }]
    const answer = { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }] }
    const model = chatModel('gemini-3.1-pro-preview')
    context.gateway.enqueue([{ json: answer }, {}, { sse: [answer] }])
    const { content } = await model.doGenerate({ prompt: ask('x') })
    expect(content).toMatchObject([{ type: 'text', text: 'Hello.' }])
    const sentBack = async (told) => {
      await model.doGenerate({
        prompt: [...ask('x'), { role: 'assistant', content: told }, ...ask('y')]
      })
      return context.gateway.requests.at(-1).body.contents[1].parts
    }
    expect(await sentBack(stored(content))).toEqual(parts)
    const streamed = await partsOf(await model.doStream({ prompt: ask('x') }))
    const { providerMetadata } = streamed.find(({ type }) => type === 'text-end')
    const text = { type: 'text', text: 'Hello.', providerOptions: providerMetadata }
    expect(await sentBack([text])).toEqual(parts)
  })

  test('of another provider that has no place in a chat is left out with a warning', async () => {
    const data = { type: 'data', data: 'AAAA' }
    const prompt = [
      ...ask('x'),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Here.' },
          { type: 'custom', kind: 'other.compaction' },
          { type: 'reasoning-file', mediaType: 'image/png', data },
          { type: 'file', mediaType: 'audio/wav', data },
          { type: 'tool-call', toolCallId: 'call_1', toolName: 'f', input: {} }
        ]
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'call_1',
            toolName: 'f',
            output: { type: 'content', value: [{ type: 'text', text: 'ok' }, { type: 'custom' }] }
          }
        ]
      }
    ]
    const { warnings } = await chatModel('qwen3-max').doGenerate({ prompt })
    expect(warnings.map(({ feature }) => feature)).toEqual([
      'custom',
      'reasoning-file',
      'file',
      'custom'
    ])
    expect(context.gateway.requests[0].body.messages[1].content).toBe('Here.')
  })

  test('a call whose text the vendor wrote in its own way goes back in that way', async () => {
    const own = '{ "a": 1.0 }'
    context.gateway.enqueue({
      chat: {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: own } }]
      }
    })
    const model = chatModel('gpt-5.4')
    const { content } = await model.doGenerate({ prompt: ask('x') })
    const prompt = [
      ...ask('x'),
      { role: 'assistant', content: stored(content) },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'call_1',
            toolName: 'f',
            output: { type: 'json', value: { ok: true } }
          }
        ]
      }
    ]
    await model.doGenerate({ prompt })
    const { messages } = context.gateway.requests.at(-1).body
    expect(messages[1].tool_calls[0].function.arguments).toBe(own)
    expect(messages[2]).toEqual({ role: 'tool', tool_call_id: 'call_1', content: '{"ok":true}' })
    prompt[1].content[0].input = { a: 2 }
    await model.doGenerate({ prompt })
    expect(context.gateway.requests.at(-1).body.messages[1].tool_calls[0].function.arguments).toBe(
      '{"a":2}'
    )
  })
})

describe('options', () => {
  test('have their place in the body, those of other namespaces too', async () => {
    await chatModel('qwen3-max').doGenerate({
      prompt: [
        {
          role: 'system',
          content: 'Be brief.',
          providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } }
        },
        ...ask('x')
      ],
      maxOutputTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      stopSequences: ['END'],
      seed: 1,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      reasoning: 'provider-default',
      responseFormat: { type: 'json', schema: { type: 'object' }, name: 'n' },
      toolChoice: { type: 'tool', toolName: 'f' },
      tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' }, strict: true }],
      headers: { 'x-mine': '1', 'x-none': undefined },
      providerOptions: {
        openai: { parallelToolCalls: false, textVerbosity: 'low', logprobs: 2 },
        aihubmix: { user: 'u-1' }
      }
    })
    const [{ body, headers }] = context.gateway.requests
    expect(headers['x-mine']).toBe('1')
    expect(body).toMatchObject({
      messages: [
        { role: 'system', content: [{ text: 'Be brief.', cache_control: { type: 'ephemeral' } }] },
        { role: 'user', content: 'x' }
      ],
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END'],
      seed: 1,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true } },
      tool_choice: { type: 'function', function: { name: 'f' } },
      tools: [{ function: { name: 'f', strict: true } }],
      parallel_tool_calls: false,
      verbosity: 'low',
      logprobs: true,
      top_logprobs: 2,
      user: 'u-1'
    })
  })

  test('that a vendor has no place for are warned of', async () => {
    const { warnings } = await chatModel('claude-sonnet-4-6').doGenerate({
      prompt: ask('x'),
      seed: 1
    })
    expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'seed' }])
    const { stream } = await chatModel('claude-sonnet-4-6').doStream({ prompt: ask('x'), seed: 1 })
    const { value } = await stream.getReader().read()
    expect(value).toEqual({ type: 'stream-start', warnings })
  })
})

describe('a fallback', () => {
  const down = { status: 503, json: { error: { message: 'no' } } }
  const options = { maxRetries: 0, fallback: ['claude-sonnet-4-6'] }

  test('of the client is asked where a model fails, whole and streamed', async () => {
    const model = createAihubmix({ client: context.client(options) })('gpt-5.4')
    context.gateway.enqueue(down)
    const { providerMetadata, response } = await model.doGenerate({ prompt: ask('hello') })
    expect(response.modelId).toContain('claude')
    expect(providerMetadata.aihubmix.tried).toMatchObject([{ model: 'gpt-5.4' }])
    context.gateway.enqueue(down)
    const parts = await partsOf(await model.doStream({ prompt: ask('hello') }))
    expect(parts.at(-1).providerMetadata.aihubmix.tried).toMatchObject([{ model: 'gpt-5.4' }])
    expect(context.gateway.requests).toHaveLength(4)
  })

  test('may be that of one call', async () => {
    context.gateway.enqueue(down)
    const { response } = await chatModel('gpt-5.4').doGenerate({
      prompt: ask('hello'),
      providerOptions: { aihubmix: options }
    })
    expect(response.modelId).toContain('claude')
    expect(context.gateway.requests).toHaveLength(2)
    expect(context.gateway.requests[0].body).not.toHaveProperty('fallback')
  })
})

describe('the specification V3', () => {
  test('has bare data, and neither citations nor tags', async () => {
    const model = chatModel('gpt-5.4', 'v3')
    expect(model.specificationVersion).toBe('v3')
    const url = 'data:image/png;base64,iVBORw0KGgo='
    context.gateway.enqueue({
      chat: {
        role: 'assistant',
        content: 'Here.',
        images: [{ type: 'image_url', image_url: { url } }],
        annotations: [
          {
            type: 'url_citation',
            url_citation: { url: 'https://a.example/', title: 'A', start_index: 0, end_index: 4 }
          }
        ]
      }
    })
    const prompt = [
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image/*', data: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) },
          { type: 'file', mediaType: 'image/png', data: new URL('https://a.example/x.png') }
        ]
      }
    ]
    const { content } = await model.doGenerate({ prompt })
    expect(content.find(({ type }) => type === 'file')).toEqual({
      type: 'file',
      mediaType: 'image/png',
      data: 'iVBORw0KGgo='
    })
    expect(content.find(({ type }) => type === 'text')).toEqual({ type: 'text', text: 'Here.' })
    const [{ content: sent }] = context.gateway.requests[0].body.messages
    expect(sent.map((part) => part.image_url.url)).toEqual([
      'data:image/png;base64,iVBORw==',
      'https://a.example/x.png'
    ])
  })

  test('is chosen where it is asked for, and nothing else is', () => {
    expect(createAihubmix({ client: {}, specificationVersion: 'v3' }).specificationVersion).toBe(
      'v3'
    )
    // The package `ai` beside this project is a newer one.
    expect(createAihubmix({ client: {} }).specificationVersion).toBe('v4')
    expect(() => createAihubmix({ client: {}, specificationVersion: 'v2' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_ERROR', param: 'specificationVersion' })
    )
  })
})

describe('a stream', () => {
  test('that breaks off ends with an error that the AI SDK knows', async () => {
    context.gateway.enqueue({ chat: 'one two three four five', chunkBytes: 200, cutAfter: 500 })
    const parts = await partsOf(await chatModel('gpt-5.4').doStream({ prompt: ask('x') }))
    const { type, error } = parts.at(-1)
    expect(type).toBe('error')
    expect(error).toMatchObject({ name: 'AI_APICallError', isRetryable: false })
    expect(error.cause).toMatchObject({ code: 'STREAM_INTERRUPTED' })
  })

  test('that is left closes its connection', async () => {
    context.gateway.enqueue({ chat: 'word '.repeat(100), chunkBytes: 200, stallAfter: 2_000 })
    const { stream } = await chatModel('gpt-5.4').doStream({ prompt: ask('x') })
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel('enough')
    expect(await reader.closed).toBeUndefined()
  })

  test('shows the chunks themselves where they are asked for', async () => {
    const options = { prompt: ask('x'), includeRawChunks: true }
    const parts = await partsOf(await chatModel('gpt-5.4').doStream(options))
    const raw = parts.filter(({ type }) => type === 'raw')
    expect(raw.length).toBeGreaterThan(1)
    expect(raw[0].rawValue).toMatchObject({ object: 'chat.completion.chunk' })
  })
})

describe('videos', () => {
  const videoModel = (id, version = 'v4') =>
    createAihubmix({ client: context.client(), specificationVersion: version }).videoModel(id)

  test('are started and asked for by an application that does not wait', async () => {
    const model = videoModel('veo-3.1-generate-001')
    const { operation, warnings } = await model.doStart({
      prompt: 'a cat',
      n: 1,
      resolution: '1280x720',
      duration: 8,
      seed: 1,
      frameImages: [
        {
          frameType: 'first_frame',
          image: { type: 'file', mediaType: 'image/png', data: new Uint8Array([1]) }
        }
      ]
    })
    expect(warnings).toEqual([{ type: 'unsupported', feature: 'seed' }])
    const stored = JSON.parse(JSON.stringify(operation))
    expect(await model.doStatus({ operation: stored })).toMatchObject({ status: 'pending' })
    const { status, videos } = await model.doStatus({ operation: stored })
    expect([status, videos[0].mediaType, videos[0].data.length > 0]).toEqual([
      'completed',
      'video/mp4',
      true
    ])
    const [{ headers }] = context.gateway.requests
    expect(headers['content-type']).toMatch(/^multipart/)
  })

  test.each([
    ['another-vendors-model', '8'],
    ['veo-3.1-generate-001', 8]
  ])('of %s are %p seconds long', async (id, seconds) => {
    await videoModel(id).doStart({ prompt: 'a cat', n: 1, duration: 8 })
    expect(context.gateway.requests[0].body).toMatchObject({ seconds })
  })

  test('that fail are errors with the words of the vendor', async () => {
    const video = {
      id: 'v1',
      object: 'video',
      status: 'failed',
      error: { code: 'x', message: 'not that' }
    }
    context.gateway.enqueue([
      { json: { ...video, status: 'queued', error: null } },
      { json: video }
    ])
    await expect(
      videoModel('veo-3.1-generate-001', 'v3').doGenerate({ prompt: 'a cat', n: 1 })
    ).rejects.toThrow('not that')
    context.gateway.enqueue({ json: video })
    expect(
      await videoModel('veo-3.1-generate-001').doStatus({ operation: { id: 'v1' } })
    ).toMatchObject({
      status: 'error',
      error: 'not that'
    })
    expect(videoModel('veo-3.1-generate-001', 'v3').doStart).toBeUndefined()
  })
})
