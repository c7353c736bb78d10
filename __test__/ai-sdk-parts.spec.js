'use strict'

// The provider for the AI SDK, part by part: what vendors do besides speaking, what they say of an answer, and what the
// vendors' own providers for the AI SDK are told and have stored.

const { createAihubmix } = require('../ai-sdk')
const { useGateway } = require('./support/gateway')

const context = useGateway()
const chatModel = (id, version = 'v4') =>
  createAihubmix({ client: context.client(), specificationVersion: version })(id)
const user = (text) => [{ role: 'user', content: [{ type: 'text', text }] }]
const CLAUDE = 'claude-sonnet-4-6'
const GEMINI = 'gemini-3.5-flash'
const RESPONSES = 'gpt-5.5-pro'

async function partsOf({ stream }) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return parts
}

const message = (content, more) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: CLAUDE,
  content,
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, output_tokens: 4 },
  ...more
})
const candidate = (parts, more) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...more }]
})
const response = (output, more) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: RESPONSES,
  output,
  ...more
})
const spoken = (text, annotations = []) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations }]
})

// A part of an answer as an application stores it.
const stored = (content) =>
  content
    .filter(({ type }) => !['source', 'tool-approval-request'].includes(type))
    .map(({ providerMetadata, ...part }) => ({
      ...part,
      ...(part.type === 'tool-call' && { input: JSON.parse(part.input) }),
      ...(part.type === 'tool-result' && { output: { type: 'json', value: part.result } }),
      providerOptions: providerMetadata
    }))
const answered = (content) => ({ role: 'assistant', content: stored(content) })

// What a second turn sends of the first.
async function sentBack(model, content, more = user('go on')) {
  const { warnings } = await model.doGenerate({
    prompt: [...user('x'), answered(content), ...more]
  })
  return { body: context.gateway.requests.at(-1).body, warnings }
}

describe('what a vendor does besides speaking', () => {
  test('is a part of its own on Claude, and goes back as it came', async () => {
    const blocks = [
      { type: 'compaction', content: 'so far' },
      { type: 'text', text: 'Done.' },
      { type: 'container_upload', file_id: 'file_1' }
    ]
    context.gateway.enqueue({ json: message(blocks) })
    const model = chatModel(CLAUDE)
    const { content } = await model.doGenerate({ prompt: user('x') })
    expect(content.map(({ type, kind, text }) => kind ?? text ?? type)).toEqual([
      'anthropic.compaction',
      'anthropic.container_upload',
      'Done.'
    ])
    expect(content[0].providerMetadata.aihubmix.block).toEqual(blocks[0])
    const { body, warnings } = await sentBack(model, content)
    expect(body.messages[1].content).toEqual(blocks)
    expect(warnings).toEqual([])
  })

  test('is shown on Gemini: code that ran, and a picture that was made while thinking', async () => {
    const parts = [
      { text: 'I draw.', thought: true },
      { thought: true, inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { executableCode: { language: 'PYTHON', code: '1' } },
      { codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'no' } },
      { text: 'Here.' },
      { inlineData: { mimeType: 'image/png', data: 'BBBB' }, thoughtSignature: 'c2ln' }
    ]
    context.gateway.enqueue([
      { json: candidate(parts) },
      {},
      { sse: [candidate(parts)] },
      { json: candidate(parts) }
    ])
    const model = chatModel(GEMINI)
    const { content } = await model.doGenerate({ prompt: user('x') })
    const expected = [
      'reasoning-file: AAAA',
      'tool-call: code_execution',
      'tool-result: code_execution, failed',
      'file: BBBB'
    ]
    const shownOf = (list) =>
      list
        .filter(({ type }) => ['reasoning-file', 'tool-call', 'tool-result', 'file'].includes(type))
        .map(
          ({ type, toolName, data, isError }) =>
            `${type}: ${toolName ?? data.data}${isError ? ', failed' : ''}`
        )
    expect(shownOf(content)).toEqual(expected)
    const [ran, came] = content.filter(({ toolCallId }) => toolCallId)
    expect(came.toolCallId).toBe(ran.toolCallId)
    const { body, warnings } = await sentBack(model, content)
    expect(body.contents[1].parts).toEqual(parts)
    expect(warnings).toEqual([])
    const streamed = await partsOf(await model.doStream({ prompt: user('x') }))
    expect(shownOf(streamed).sort()).toEqual([...expected].sort())
    // `ai` 6 has no such parts; the state is kept all the same.
    const older = chatModel(GEMINI, 'v3')
    const { content: told } = await older.doGenerate({ prompt: user('x') })
    expect(told.map(({ type }) => type)).not.toContain('reasoning-file')
    const kept = told.flatMap(({ providerMetadata }) => providerMetadata?.aihubmix?.details ?? [])
    expect(JSON.stringify(kept)).toContain('"data":"AAAA"')
  })

  test('on Responses: an item that the SDK has no name for, and a call that waits for leave', async () => {
    const asks = { type: 'mcp_approval_request', id: 'mcpr_1', name: 'pay', arguments: '{"sum":1}' }
    const output = [
      { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [] },
      { ...asks, server_label: 's' }
    ]
    context.gateway.enqueue({ json: response(output) })
    const model = chatModel(RESPONSES)
    const { content } = await model.doGenerate({ prompt: user('x') })
    expect(content).toMatchObject([
      { type: 'reasoning', text: '' },
      { type: 'custom', kind: 'openai.mcp_list_tools' },
      { type: 'tool-call', toolName: 'pay', input: '{"sum":1}', providerExecuted: true },
      { type: 'tool-approval-request', approvalId: 'mcpr_1', toolCallId: 'mcpr_1' }
    ])
    const decided = { type: 'tool-approval-response', approvalId: 'mcpr_1', approved: false }
    const decision = [{ role: 'tool', content: [{ ...decided, reason: 'too much' }] }]
    const { body, warnings } = await sentBack(model, content, decision)
    expect(body.input.slice(1)).toEqual([
      ...output,
      {
        type: 'mcp_approval_response',
        approval_request_id: 'mcpr_1',
        approve: false,
        reason: 'too much'
      }
    ])
    expect(warnings).toEqual([])
    // On a model that has asked nothing.
    const told = await chatModel('qwen3-max').doGenerate({ prompt: [...user('x'), ...decision] })
    expect(told.warnings).toMatchObject([{ feature: 'tool-approval-response' }])
  })
})

describe('what an answer rests on', () => {
  const block = (text, citation) => ({ type: 'text', text, citations: [citation] })
  const DOCUMENT = { type: 'page_location', document_index: 0, document_title: 'Report' }
  const blocks = [
    block('One.', { ...DOCUMENT, cited_text: 'page 1', start_page_number: 1, end_page_number: 2 }),
    block(' Two.', {
      type: 'web_search_result_location',
      url: 'https://a.example/',
      title: 'A',
      cited_text: 'of A',
      encrypted_index: 'ZQ=='
    }),
    block(' Three.', {
      ...DOCUMENT,
      cited_text: 'page 5',
      start_page_number: 5,
      end_page_number: 6
    })
  ]

  test('on Claude are its documents and pages, with the passages', async () => {
    context.gateway.enqueue({ json: message(blocks) })
    const { content } = await chatModel(CLAUDE).doGenerate({ prompt: user('x') })
    const sources = content.filter(({ type }) => type === 'source')
    expect(sources).toMatchObject([
      { sourceType: 'url', url: 'https://a.example/', title: 'A' },
      { sourceType: 'document', title: 'Report', mediaType: 'application/pdf' }
    ])
    expect(new Set(sources.map(({ id }) => id)).size).toBe(2)
    const { citations } = content.find(({ type }) => type === 'text')
    expect(citations).toEqual([
      { source: sources[0], startIndex: 4, endIndex: 9, citedText: 'of A' },
      { source: sources[1], citedText: 'page 1' },
      { source: sources[1], citedText: 'page 5' }
    ])
  })

  test('on Responses are files, too; places count from the beginning of their text', async () => {
    const url = { type: 'url_citation', url: 'https://a.example/', title: 'A' }
    const file = { type: 'file_citation', file_id: 'file_1', filename: 'a.txt', index: 1 }
    const annotations = [{ ...url, start_index: 0, end_index: 2 }, file]
    context.gateway.enqueue({ json: response([spoken('It is.', annotations)]) })
    const { content } = await chatModel(RESPONSES).doGenerate({ prompt: user('x') })
    expect(content.find(({ type }) => type === 'text').citations).toMatchObject([
      { source: { url: 'https://a.example/' }, startIndex: 0, endIndex: 2 },
      { source: { sourceType: 'document', title: 'a.txt', filename: 'a.txt' } }
    ])
  })
})

describe('what an answer says of itself', () => {
  test.each([
    [
      CLAUDE,
      message([{ type: 'text', text: 'a' }], {
        stop_reason: 'stop_sequence',
        stop_sequence: 'END',
        container: { id: 'c_1', expires_at: 'soon' },
        context_management: { applied_edits: [{ type: 'x', cleared_tool_uses: 1 }] }
      }),
      {
        anthropic: {
          stopSequence: 'END',
          container: { id: 'c_1', expiresAt: 'soon' },
          contextManagement: { appliedEdits: [{ type: 'x', clearedToolUses: 1 }] }
        },
        aihubmix: { stop_sequence: 'END', container: { expires_at: 'soon' } }
      }
    ],
    [
      GEMINI,
      candidate([{ text: 'a' }], {
        groundingMetadata: { webSearchQueries: ['q'] },
        safetyRatings: [{ category: 'c' }]
      }),
      {
        google: {
          groundingMetadata: { webSearchQueries: ['q'] },
          safetyRatings: [{ category: 'c' }],
          urlContextMetadata: null
        },
        aihubmix: { groundingMetadata: { webSearchQueries: ['q'] }, route: 'gemini' }
      }
    ],
    [
      RESPONSES,
      response([spoken('a')], { service_tier: 'flex' }),
      { openai: { responseId: 'resp_1', serviceTier: 'flex' }, aihubmix: { service_tier: 'flex' } }
    ]
  ])('of %s stands in the namespace of its vendor, too', async (id, json, expected) => {
    context.gateway.enqueue({ json })
    const { providerMetadata } = await chatModel(id).doGenerate({ prompt: user('x') })
    expect(providerMetadata).toMatchObject(expected)
  })

  test('in a stream is on its finish, logprobs of all chunks included', async () => {
    const grounded = { groundingMetadata: { webSearchQueries: ['q'] } }
    context.gateway.enqueue({ sse: [candidate([{ text: 'a' }], grounded)] })
    const gemini = await partsOf(await chatModel(GEMINI).doStream({ prompt: user('x') }))
    expect(gemini.at(-1).providerMetadata.google).toMatchObject(grounded)
    const chunk = (token, finish_reason = null) => ({
      id: 'c_1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'gpt-5.4',
      choices: [
        { index: 0, delta: { content: token }, logprobs: { content: [{ token }] }, finish_reason }
      ]
    })
    context.gateway.enqueue({ sse: [chunk('a'), chunk('b', 'stop'), '[DONE]'] })
    const chat = await partsOf(await chatModel('gpt-5.4').doStream({ prompt: user('x') }))
    const { openai } = chat.at(-1).providerMetadata
    expect(openai.logprobs.map(({ token }) => token)).toEqual(['a', 'b'])
  })
})

test('warnings have the kinds of the specification', async () => {
  const options = { prompt: user('x'), temperature: 1.5, seed: 1 }
  const { warnings } = await chatModel(CLAUDE).doGenerate(options)
  expect(warnings.map(({ type, feature }) => [type, feature])).toEqual([
    ['unsupported', 'seed'],
    ['compatibility', 'temperature']
  ])
})

describe('options of the vendors’ own providers', () => {
  const bodyOf = async (id, options) => {
    const { warnings } = await chatModel(id).doGenerate({ prompt: user('x'), ...options })
    return { body: context.gateway.requests.at(-1).body, warnings }
  }
  const providerOptions = {
    anthropic: {
      thinking: { type: 'enabled', budgetTokens: 2000 },
      metadata: { userId: 'u' },
      mcpServers: [{ type: 'url', name: 'n', url: 'https://a.example', authorizationToken: 't' }],
      container: { id: 'c', skills: [{ type: 'anthropic', skillId: 'pptx' }] },
      contextManagement: { edits: [{ type: 'clear_tool_uses_20250919', clearToolInputs: true }] },
      cacheControl: { type: 'ephemeral', ttl: '1h' },
      taskBudget: { type: 'tokens', total: 20_000 },
      disableParallelToolUse: true
    },
    google: {
      thinkingConfig: { thinkingLevel: 'low', includeThoughts: true },
      safetySettings: [{ category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'BLOCK_NONE' }],
      responseModalities: ['TEXT', 'IMAGE'],
      imageConfig: { aspectRatio: '1:1' },
      mediaResolution: 'MEDIA_RESOLUTION_LOW',
      serviceTier: 'flex'
    },
    openai: {
      reasoningSummary: 'detailed',
      store: true,
      previousResponseId: 'resp_1',
      metadata: { theUser: 'x' },
      include: ['file_search_call.results'],
      includeWebSearchSources: true,
      maxToolCalls: 2,
      allowedTools: { toolNames: ['f'], mode: 'required' }
    }
  }
  const only = (name) => ({ providerOptions: { [name]: providerOptions[name] } })
  const tools = [
    {
      type: 'function',
      name: 'f',
      inputSchema: { type: 'object' },
      providerOptions: { anthropic: { deferLoading: true, cacheControl: { type: 'ephemeral' } } }
    }
  ]

  test('of Anthropic’s', async () => {
    const { body, warnings } = await bodyOf(CLAUDE, { ...only('anthropic'), tools })
    expect(body).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2000 },
      metadata: { user_id: 'u' },
      mcp_servers: [{ name: 'n', authorization_token: 't' }],
      container: { id: 'c', skills: [{ type: 'anthropic', skill_id: 'pptx' }] },
      context_management: { edits: [{ clear_tool_inputs: true }] },
      cache_control: { type: 'ephemeral', ttl: '1h' },
      output_config: { task_budget: { type: 'tokens', total: 20_000 } },
      tool_choice: { disable_parallel_tool_use: true },
      tools: [{ name: 'f', defer_loading: true, cache_control: { type: 'ephemeral' } }]
    })
    expect(warnings).toEqual([])
  })

  test('of Google’s', async () => {
    const { body, warnings } = await bodyOf(GEMINI, only('google'))
    expect(body).toMatchObject({
      safetySettings: providerOptions.google.safetySettings,
      serviceTier: 'flex',
      generationConfig: {
        thinkingConfig: { thinkingLevel: 'low', includeThoughts: true },
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '1:1' },
        mediaResolution: 'MEDIA_RESOLUTION_LOW'
      }
    })
    expect(warnings).toEqual([])
  })

  test('of OpenAI’s', async () => {
    const { body } = await bodyOf(RESPONSES, { ...only('openai'), tools })
    expect(body).toMatchObject({
      reasoning: { summary: 'detailed' },
      store: true,
      previous_response_id: 'resp_1',
      metadata: { theUser: 'x' },
      include: ['file_search_call.results', 'web_search_call.action.sources'],
      max_tool_calls: 2,
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ name: 'f' }] }
    })
  })

  test('of another vendor’s are for that vendor’s models', async () => {
    const { anthropic, google } = providerOptions
    for (const id of ['gpt-5.4', GEMINI, CLAUDE]) {
      const { body, warnings } = await bodyOf(id, { providerOptions: { anthropic, google }, tools })
      if (id !== CLAUDE) expect(body).not.toHaveProperty('mcp_servers')
      if (id !== GEMINI) expect(body).not.toHaveProperty('safetySettings')
      expect(warnings.filter(({ feature }) => !/cache_control/.test(feature))).toEqual([])
    }
  })

  test('say how strict a schema is, and what instructions are', async () => {
    const { body } = await bodyOf('gpt-5.4', {
      prompt: [{ role: 'system', content: 'Be brief.' }, ...user('x')],
      responseFormat: { type: 'json', schema: { type: 'object' } },
      providerOptions: { openai: { strictJsonSchema: false, systemMessageMode: 'developer' } }
    })
    expect(body.response_format.json_schema.strict).toBe(false)
    expect(body.messages[0]).toEqual({ role: 'developer', content: 'Be brief.' })
    const { body: without } = await bodyOf('gpt-5.4', {
      prompt: [{ role: 'system', content: 'Be brief.' }, ...user('x')],
      providerOptions: { openai: { systemMessageMode: 'remove' } }
    })
    expect(without.messages).toHaveLength(1)
    const { body: gemini } = await bodyOf(GEMINI, {
      responseFormat: { type: 'json', schema: { type: 'object' } },
      providerOptions: { google: { structuredOutputs: false } }
    })
    expect(gemini.generationConfig).toEqual({ responseMimeType: 'application/json' })
  })

  test('of files are the vendor’s own members', async () => {
    const file = (mediaType, options) => ({
      prompt: [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              mediaType,
              filename: 'a',
              data: { type: 'data', data: mediaType === 'video/mp4' ? 'AAAA' : 'JVBERi0=' },
              providerOptions: options
            }
          ]
        }
      ]
    })
    const cited = { citations: { enabled: true }, title: 'T', context: 'C' }
    const claude = await bodyOf(CLAUDE, file('application/pdf', { anthropic: cited }))
    expect(claude.body.messages[0].content).toEqual([
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        ...cited
      }
    ])
    const videoMetadata = { fps: 1 }
    const gemini = await bodyOf(GEMINI, file('video/mp4', { google: { videoMetadata } }))
    expect(gemini.body.contents[0].parts).toMatchObject([{ inlineData: {}, videoMetadata }])
    expect([...claude.warnings, ...gemini.warnings]).toEqual([])
  })

  test('of results are marks and names of tools; a result that is an error says so', async () => {
    const result = (toolCallId, output, options) => ({
      type: 'tool-result',
      toolCallId,
      toolName: 'f',
      output,
      providerOptions: options
    })
    const call = (toolCallId) => ({ type: 'tool-call', toolCallId, toolName: 'f', input: {} })
    const mark = { anthropic: { cacheControl: { type: 'ephemeral' } } }
    const reference = { anthropic: { type: 'tool-reference', toolName: 'f' } }
    const prompt = [
      ...user('x'),
      { role: 'assistant', content: [call('a'), call('b')] },
      {
        role: 'tool',
        content: [
          result('a', { type: 'error-text', value: 'no', providerOptions: mark }),
          result('b', { type: 'content', value: [{ type: 'custom', providerOptions: reference }] })
        ]
      }
    ]
    const { body, warnings } = await bodyOf(CLAUDE, { prompt, tools })
    const [failed, found] = body.messages[2].content
    expect(failed).toMatchObject({
      is_error: true,
      content: [{ text: 'no', cache_control: { type: 'ephemeral' } }]
    })
    expect(found.content).toEqual([{ type: 'tool_reference', tool_name: 'f' }])
    expect(warnings).toEqual([])
  })
})

describe('a conversation that another provider has stored', () => {
  const reasoning = (text, options) => ({ type: 'reasoning', text, providerOptions: options })
  const history = (...content) => [...user('x'), { role: 'assistant', content }, ...user('y')]
  const text = (said, options) => ({ type: 'text', text: said, providerOptions: options })

  test('goes on with the thinking that Claude signed', async () => {
    const prompt = history(
      reasoning('I think.', { anthropic: { signature: 'c2ln' } }),
      reasoning('', { anthropic: { redactedData: 'aGlk' } }),
      text('Done.')
    )
    await chatModel(CLAUDE).doGenerate({ prompt })
    expect(context.gateway.requests.at(-1).body.messages[1].content).toEqual([
      { type: 'thinking', thinking: 'I think.', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'aGlk' },
      { type: 'text', text: 'Done.' }
    ])
    await chatModel(CLAUDE).doGenerate({
      prompt,
      providerOptions: { anthropic: { sendReasoning: false } }
    })
    expect(context.gateway.requests.at(-1).body.messages[1].content).toEqual([
      { type: 'text', text: 'Done.' }
    ])
  })

  test('goes on with the items that OpenAI encrypted', async () => {
    const openai = { itemId: 'rs_1' }
    const prompt = history(
      reasoning('One.', { openai: { ...openai, reasoningEncryptedContent: null } }),
      reasoning('Two.', { openai: { ...openai, reasoningEncryptedContent: 'ZW5j' } }),
      text('Done.', { openai: { itemId: 'msg_1' } })
    )
    await chatModel(RESPONSES).doGenerate({ prompt })
    expect(context.gateway.requests.at(-1).body.input[1]).toEqual({
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One.' },
        { type: 'summary_text', text: 'Two.' }
      ],
      encrypted_content: 'ZW5j'
    })
  })

  test('goes on with the signatures of Gemini, on a call and on a text', async () => {
    const signed = (thoughtSignature) => ({ google: { thoughtSignature } })
    const call = { type: 'tool-call', toolCallId: 'c1', toolName: 'f', input: {} }
    const prompt = history(reasoning('Hm.'), text('Done.', signed('dGV4dA==')), {
      ...call,
      providerOptions: signed('Y2FsbA==')
    })
    const tools = [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }]
    await chatModel(GEMINI).doGenerate({ prompt, tools })
    expect(context.gateway.requests.at(-1).body.contents[1].parts).toEqual([
      { text: 'Hm.', thought: true },
      { text: 'Done.', thoughtSignature: 'dGV4dA==' },
      { functionCall: { name: 'f', args: {} }, thoughtSignature: 'Y2FsbA==' }
    ])
  })

  test('goes on with what OpenRouter wrote', async () => {
    const detail = { type: 'reasoning.text', text: 'Hm.', signature: 'c2ln' }
    const details = [{ ...detail, format: 'anthropic-claude-v1', index: 0 }]
    const prompt = history(
      reasoning('Hm.', { openrouter: { reasoning_details: details } }),
      text('Done.')
    )
    await chatModel(CLAUDE).doGenerate({ prompt })
    expect(context.gateway.requests.at(-1).body.messages[1].content[0]).toEqual({
      type: 'thinking',
      thinking: 'Hm.',
      signature: 'c2ln'
    })
  })
})

describe('models beside chat', () => {
  const provider = () =>
    createAihubmix({ client: context.client(), specificationVersion: 'v4', maxRetries: 0 })

  test('know the response that they came with', async () => {
    const made = provider()
    const { response } = await made
      .embeddingModel('text-embedding-3-small')
      .doEmbed({ values: ['a'], providerOptions: { openai: { dimensions: 8 } } })
    expect(response.headers).toMatchObject({ 'x-request-id': expect.any(String) })
    expect(context.gateway.requests[0].body).toMatchObject({ dimensions: 8, input: ['a'] })
    const ranked = await made
      .rerankingModel('jina-reranker-m0')
      .doRerank({ query: 'q', documents: { type: 'text', values: ['a'] } })
    expect(ranked.response.headers).toMatchObject({ 'x-request-id': expect.any(String) })
    const spoken = await made.speechModel('tts-1').doGenerate({ text: 'hello' })
    expect(spoken.response.headers['content-type']).toMatch(/^audio/)
  })

  test('say when words were spoken, where that is asked for', async () => {
    const { words, segments, response } = await provider()
      .transcriptionModel('whisper-1')
      .doGenerate({
        audio: new Uint8Array(Buffer.from('RIFF\u0004\0\0\0WAVE', 'latin1')),
        mediaType: 'audio/wav',
        timestampGranularities: ['word', 'segment'],
        providerOptions: { openai: { language: 'en' } }
      })
    const time = { startSecond: expect.any(Number), endSecond: expect.any(Number) }
    expect([words[0], segments[0]]).toMatchObject([time, time])
    expect(response.headers).toMatchObject({ 'x-request-id': expect.any(String) })
    const { fields } = context.gateway.requests[0].body
    expect(fields).toMatchObject({ response_format: 'verbose_json', language: 'en' })
  })

  test('refuse an address where bytes are wanted, by the name of the option', async () => {
    const options = { prompt: 'x', n: 1, files: [{ type: 'url', url: 'https://a.example/a.png' }] }
    const failure = provider().imageModel('gpt-image-2').doGenerate(options)
    await expect(failure).rejects.toMatchObject({
      name: 'AI_APICallError',
      cause: { code: 'INVALID_REQUEST', param: 'files' }
    })
    expect(context.gateway.requests).toHaveLength(0)
  })
})
