// Chats: overloads by `stream`, messages, options, answers.

import { AihubmixModelClient } from 'aihubmix-native'
import type {
  AihubmixExtension,
  APIPromise,
  BuiltRequest,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
  ChatCompletionStream,
  ChatOptions,
  FinishReason,
  WithResponse
} from 'aihubmix-native'
import { is } from './expect'

declare const maybe: boolean
declare const limit: number | undefined

export async function byStream(
  client: AihubmixModelClient,
  messages: ChatCompletionMessageParam[]
) {
  is<ChatCompletion>()(await client.chatCompletion('gpt-5.4-mini', messages))
  is<ChatCompletion>()(await client.chatCompletion('gpt-5.4-mini', messages, {}))
  is<ChatCompletion>()(await client.chatCompletion('gpt-5.4-mini', messages, { stream: false }))
  is<ChatCompletion>()(
    await client.chatCompletion('gpt-5.4-mini', messages, { stream: undefined, max_tokens: limit })
  )
  is<ChatCompletionStream>()(
    await client.chatCompletion('gpt-5.4-mini', messages, { stream: true, top_k: 5 })
  )
  is<ChatCompletion | ChatCompletionStream>()(
    await client.chatCompletion('gpt-5.4-mini', messages, { stream: maybe })
  )
  is<BuiltRequest>()(client.buildRequest('gpt-5.4-mini', messages, { stream: maybe }))

  is<APIPromise<ChatCompletion>>()(
    client.chat.completions.create({ model: 'gpt-5.4-mini', messages })
  )
  is<ChatCompletionStream>()(
    await client.chat.completions.create({ model: 'gpt-5.4-mini', messages, stream: true })
  )
  is<ChatCompletion | ChatCompletionStream>()(
    await client.chat.completions.create({ model: 'gpt-5.4-mini', messages, stream: maybe })
  )
  const whole = await client.chat.completions
    .create({ model: 'gpt-5.4-mini', messages, stream: true })
    .withResponse()
  is<WithResponse<ChatCompletionStream>>()(whole)
  is<number>()(whole.response.status)
  const limits: string | null = whole.response.headers.get('x-ratelimit-remaining-requests')
  return [limits, whole.request_id]
}

export async function pushedBack(client: AihubmixModelClient) {
  const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Name a prime.' }]
  const answer = await client.chatCompletion('claude-sonnet-4-6', messages)
  messages.push(answer.choices[0]!.message)
  for (const call of answer.choices[0]!.message.tool_calls ?? []) {
    if (call.type === 'function') {
      const args: unknown = JSON.parse(call.function.arguments)
      messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(args) })
    } else {
      messages.push({ role: 'tool', tool_call_id: call.id, content: call.custom.input })
    }
  }
  const stream = await client.chatCompletion('claude-sonnet-4-6', messages, { stream: true })
  messages.push((await stream.finalChatCompletion()).choices[0]!.message)
  const parsed = await client.chat.completions.parse({
    model: 'gpt-5.5',
    messages,
    response_format: { type: 'json_object' }
  })
  messages.push(parsed.choices[0]!.message)
}

export async function answers(
  client: AihubmixModelClient,
  messages: readonly ChatCompletionMessageParam[]
) {
  const answer = await client.chatCompletion('gemini-3.5-flash', messages)
  const choice = answer.choices[0]!
  is<string | null>()(choice.message.content)
  is<FinishReason>()(choice.finish_reason)
  is<string | undefined>()(choice.native_finish_reason)
  is<ChatCompletionMessageToolCall[] | undefined>()(choice.message.tool_calls)
  is<AihubmixExtension>()(answer.aihubmix)
  is<number | undefined>()(answer.usage?.prompt_tokens_details?.cache_creation_tokens)
  is<'anthropic' | 'gemini' | 'openai' | 'openai-responses'>()(answer.aihubmix.route)
  const url: string | undefined = choice.message.images?.[0]?.image_url.url
  const source: string | undefined = choice.message.annotations?.[0]?.url_citation.url
  return [
    url,
    source,
    answer.aihubmix.warnings.map(
      (warning) => `${warning.code} ${warning.param ?? ''} ${warning.message}`
    )
  ]
}

export async function streams(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  const stream = await client.chatCompletion('gpt-5.4-mini', messages, {
    stream: true,
    stream_options: { include_usage: true }
  })
  for await (const chunk of stream) {
    is<ChatCompletionChunk>()(chunk)
    const delta = chunk.choices[0]?.delta
    console.log(
      delta?.content,
      delta?.reasoning_content,
      delta?.tool_calls?.[0]?.function?.arguments
    )
    if (chunk.choices[0]?.finish_reason === 'stop')
      console.log(chunk.aihubmix?.attempts, chunk.usage?.total_tokens)
    if (maybe) break
  }
  const [one, other] = stream.tee()
  is<ChatCompletionStream>()(one)
  const bytes: Uint8Array | undefined = (await other.toReadableStream().getReader().read()).value
  is<boolean>()(stream.controller.signal.aborted)
  stream.abort()
  is<string | undefined>()(stream.requestId)
  return [bytes, await stream.finalChatCompletion()]
}

export const headers = (client: AihubmixModelClient) =>
  client.chatCompletion('gpt-5.4-mini', [], {}, { headers: new Headers({ 'X-Trace': 'a' }) })

export const everyRole: ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Be brief. <cache>the manual</cache>' },
  {
    role: 'developer',
    content: [{ type: 'text', text: 'more', cache_control: { type: 'ephemeral', ttl: '1h' } }]
  },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
      { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } },
      {
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'hello' },
        title: 'a'
      }
    ]
  },
  {
    role: 'assistant',
    content: null,
    reasoning_content: 'hm',
    reasoning_details: [{ type: 'thinking', format: 'anthropic', signature: 'x' }],
    tool_calls: [
      {
        id: 'call_1',
        type: 'function',
        function: { name: 'look', arguments: '{}' },
        extra_content: { google: { thought_signature: 'x' } }
      }
    ]
  },
  {
    role: 'tool',
    tool_call_id: 'call_1',
    content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }]
  },
  {
    role: 'assistant',
    content: [
      { type: 'thinking', thinking: 'hm', signature: 'x' },
      { type: 'text', text: 'yes' }
    ]
  },
  {
    role: 'user',
    parts: [{ text: 'Gemini’s own form' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }]
  }
]

export const vendors: ChatOptions = {
  top_k: 40,
  thinking: { type: 'enabled', budget_tokens: 2048 },
  reasoning: { effort: 'high', max_tokens: 2048 },
  reasoning_effort: 'xhigh',
  safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  generationConfig: {
    thinkingConfig: { thinkingBudget: 0 },
    mediaResolution: 'MEDIA_RESOLUTION_LOW'
  },
  enable_thinking: false,
  extra_body: { anything: { at: 'all' } },
  tools: [
    {
      type: 'function',
      function: { name: 'f', parameters: { type: 'object' }, strict: true },
      cache_control: { type: 'ephemeral' }
    },
    { type: 'custom', custom: { name: 'shell', format: { type: 'text' } } },
    { type: 'function', name: 'flat', parameters: { type: 'object' } },
    { type: 'web_search_20250305', name: 'web_search', max_uses: 3 },
    { name: 'native', input_schema: { type: 'object' } },
    { googleSearch: {} },
    { type: 'web_search' },
    { type: 'builtin_function', function: { name: '$web_search' } }
  ],
  tool_choice: { type: 'function', function: { name: 'f' } },
  response_format: {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: { type: 'object' }, strict: true }
  },
  modalities: ['text', 'image'],
  temperature: limit,
  metadata: { user_id: 'u1' }
}

// What is constant and what is readonly fits too.
const question = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] as const
export const constant = (client: AihubmixModelClient) =>
  client.chatCompletion('gpt-5.4-mini', question, { stop: ['a', 'b'] as const, tools: [] as const })

export const requestOptions = (client: AihubmixModelClient, signal: AbortSignal) =>
  client.chatCompletion(
    'gpt-5.4-mini',
    question,
    {},
    {
      signal,
      timeout: { response: 1000, idle: limit },
      maxRetries: 0,
      headers: { 'X-Trace': 'a', 'APP-Code': null, 'X-None': undefined, 'X-Number': 1 },
      route: 'openai-responses'
    }
  )

export async function refused(client: AihubmixModelClient, messages: ChatCompletionMessageParam[]) {
  // @ts-expect-error a model and messages are needed
  client.chatCompletion('gpt-5.4-mini')
  // @ts-expect-error the model is a text
  client.chatCompletion(4, messages)
  // @ts-expect-error messages are a list
  client.chatCompletion('gpt-5.4-mini', 'hello')
  // @ts-expect-error misspelt
  client.chatCompletion('gpt-5.4-mini', messages, { temprature: 1 })
  // @ts-expect-error misspelt, streamed
  client.chatCompletion('gpt-5.4-mini', messages, { stream: true, maxTokens: 1 })
  // @ts-expect-error a number
  client.chatCompletion('gpt-5.4-mini', messages, { temperature: 'hot' })
  // @ts-expect-error not an effort
  client.chatCompletion('gpt-5.4-mini', messages, { reasoning_effort: 'huge' })
  // @ts-expect-error a boolean
  client.chatCompletion('gpt-5.4-mini', messages, { stream: 'yes' })
  // @ts-expect-error no such route
  client.chatCompletion('gpt-5.4-mini', messages, {}, { route: 'claude' })
  // @ts-expect-error retries go by number
  client.chatCompletion('gpt-5.4-mini', messages, {}, { maxRetries: '2' })
  // @ts-expect-error misspelt
  client.chatCompletion('gpt-5.4-mini', messages, {}, { retries: 2 })
  // @ts-expect-error no such timer
  client.chatCompletion('gpt-5.4-mini', messages, {}, { timeout: { read: 1 } })
  // @ts-expect-error no such role
  messages.push({ role: 'robot', content: 'hello' })
  // @ts-expect-error a tool's message names its call
  messages.push({ role: 'tool', content: 'hello' })
  // @ts-expect-error no such part
  messages.push({ role: 'user', content: [{ type: 'picture', url: 'x' }] })
  // @ts-expect-error the URL stands in an object
  messages.push({
    role: 'user',
    content: [{ type: 'image_url', image_url: 'https://example.com/a.png' }]
  })
  // @ts-expect-error no such lifetime
  messages.push({
    role: 'user',
    content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '2h' } }]
  })
  client.chatCompletion('gpt-5.4-mini', messages, {
    // @ts-expect-error a function is defined by its name
    tools: [{ type: 'function', function: { parameters: {} } }]
  })
  // @ts-expect-error the model is needed
  client.chat.completions.create({ messages })
  // @ts-expect-error misspelt
  client.chat.completions.create({ model: 'gpt-5.4-mini', messages, max_token: 1 })
  const answer = await client.chatCompletion('gpt-5.4-mini', messages)
  // @ts-expect-error an answer is no stream
  for await (const chunk of answer) console.log(chunk)
  // @ts-expect-error content may be null
  answer.choices[0]!.message.content.length
  // @ts-expect-error a built request is there at once
  client.buildRequest('gpt-5.4-mini', messages).then
  // @ts-expect-error a tool call is a function's or a custom tool's
  answer.choices[0]!.message.tool_calls?.[0]!.function.name
}
