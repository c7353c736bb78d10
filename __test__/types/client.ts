// The client itself: construction, errors, routes, helpers, raw requests.

import {
  AihubmixError,
  AihubmixModelClient,
  fixToolChoice,
  handleAihubmixErrors,
  processCacheTags,
  resolveRoute,
  routeModel,
  setFileExtension
} from 'aihubmix-native'
import type {
  ClientOptions,
  ErrorCode,
  KnownErrorCode,
  ModelFamily,
  Route,
  ServerSentEvent,
  Stream
} from 'aihubmix-native'
import { is } from './expect'

declare const text: string | undefined

export const clients = [
  new AihubmixModelClient('sk-test'),
  new AihubmixModelClient(),
  new AihubmixModelClient({}),
  new AihubmixModelClient({ apiKey: text, baseURL: text }),
  new AihubmixModelClient({
    apiKey: async () => 'sk-test',
    baseURL: 'http://127.0.0.1:9100/prefix/v1',
    fallbackBaseURLs: ['https://api.inferera.com'],
    appCode: 'ABCD1234',
    headers: { 'X-Team': 'a' },
    timeout: 30_000,
    maxRetries: 3,
    proxy: false,
    ca: ['-----BEGIN CERTIFICATE-----'],
    openaiApi: 'auto',
    cacheTags: 'all',
    inlineImageUrls: true,
    limits: { answer: 1 << 20, event: 1 << 16 },
    logger: console,
    logLevel: 'debug'
  }),
  new AihubmixModelClient({
    apiKey: () => 'sk-test',
    proxy: 'socks5h://127.0.0.1:1080',
    timeout: { connect: 1, total: 5 },
    appCode: null
  })
]

export function refused() {
  // @ts-expect-error a key is a text
  new AihubmixModelClient(7)
  // @ts-expect-error misspelt
  new AihubmixModelClient({ apikey: 'sk-test' })
  // @ts-expect-error misspelt
  new AihubmixModelClient({ baseUrl: 'https://aihubmix.com' })
  // @ts-expect-error no such API
  new AihubmixModelClient({ openaiApi: 'completions' })
  // @ts-expect-error only false switches the proxy off
  new AihubmixModelClient({ proxy: true })
  // @ts-expect-error no such timer
  new AihubmixModelClient({ timeout: { read: 1000 } })
  // @ts-expect-error no such place
  new AihubmixModelClient({ cacheTags: 'user' })
  // @ts-expect-error no such level
  new AihubmixModelClient({ logLevel: 'trace' })
  // @ts-expect-error a client has no such member
  new AihubmixModelClient().completions
}

export const options: ClientOptions = {}

export async function failures(client: AihubmixModelClient) {
  try {
    await client.models.list()
  } catch (error) {
    if (!AihubmixError.isInstance(error)) throw error
    is<AihubmixError>()(error)
    const asError: Error = error
    const code: string = error.code
    switch (error.code) {
      case 'RATE_LIMIT':
        return error.retryAfterMs
      case 'TIMEOUT':
        is<'connect' | 'response' | 'idle' | 'total' | 'queue' | undefined>()(error.phase)
        return error.phase
      case 'STREAM_INTERRUPTED':
        return error.partial?.choices[0]?.message.content
      default:
        return [
          asError.stack,
          code,
          error.status,
          error.type,
          error.param,
          error.requestId,
          error.vendorCode,
          error.headers?.get('x-request-id'),
          error.body,
          error.retryable,
          error.attempts,
          error.cause
        ]
    }
  }
  return undefined
}

export const severity: Record<KnownErrorCode, number> = {
  RATE_LIMIT: 1,
  AUTH_ERROR: 3,
  PERMISSION_DENIED: 3,
  INSUFFICIENT_QUOTA: 3,
  INVALID_REQUEST: 2,
  CONTEXT_LENGTH_EXCEEDED: 2,
  NOT_FOUND: 2,
  CONFLICT: 1,
  OVERLOADED: 1,
  SERVER_ERROR: 1,
  TIMEOUT: 1,
  CONNECTION_ERROR: 1,
  ABORTED: 0,
  STREAM_INTERRUPTED: 1,
  INVALID_RESPONSE: 2,
  CONFIG_ERROR: 3,
  API_ERROR: 2
}
export const vendors: ErrorCode = 'MODEL_ON_FIRE'

is<AihubmixError>()(handleAihubmixErrors(new Error('Rate limit reached')))
is<AihubmixError>()(new AihubmixError('Rate limit exceeded', 'RATE_LIMIT', 429))
// @ts-expect-error a status is a number
new AihubmixError('no', 'AUTH_ERROR', '401')
// @ts-expect-error readonly
new AihubmixError('no').code = 'AUTH_ERROR'

is<ModelFamily>()(routeModel('claude-sonnet-4-6'))
is<Route>()(resolveRoute('gpt-5.4-pro', { openaiApi: 'responses' }).route)
// @ts-expect-error no such API
resolveRoute('gpt-5.4-pro', { openaiApi: 'chat' })
is<{ model: string; tools: never[]; tool_choice: string }>()(
  fixToolChoice({ model: 'm', tools: [] as never[], tool_choice: 'auto' })
)
is<string>()(setFileExtension('audio/mpeg'))
is<{ type: 'ephemeral' } | undefined>()(processCacheTags('a').cacheControl)
// @ts-expect-error a text
processCacheTags(undefined)

export async function raw(client: AihubmixModelClient) {
  is<unknown>()(await client.request({ path: '/v1/dashboard/billing/subscription' }))
  is<{ output: string[] }>()(
    await client.request<{ output: string[] }>({
      method: 'POST',
      path: '/v1/x',
      body: { input: {} }
    })
  )
  const events = await client.request({
    method: 'POST',
    path: '/v1/completions',
    body: {},
    query: { a: [1, 'b'], c: text },
    stream: true
  })
  is<Stream<ServerSentEvent>>()(events)
  for await (const { event, data } of events) console.log(event, data)
  // @ts-expect-error a path is needed
  client.request({ method: 'GET' })
  // @ts-expect-error misspelt
  client.request({ path: '/v1/models', params: {} })
  is<string>()(client.getBaseURL())
  is<string>()(client.getBaseURL('gpt-5.4-mini'))
  is<void>()(client.close())
}

export async function fetched(client: AihubmixModelClient) {
  const { fetch } = client
  const asGlobal: typeof globalThis.fetch = client.fetch
  const response = await fetch(new URL('https://aihubmix.com/v1/models'), {
    method: 'GET',
    headers: { a: 'b' }
  })
  is<number>()(response.status)
  return [asGlobal, await response.json()]
}
