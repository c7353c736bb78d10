// Who is measured, and what each of them is: `file` is an adapter in peers/, `program` a program of native/.
//
// An adapter has `create({ url, protocol, atOnce, model, options })`, which gives
//
//   message(message)       a message of OpenAI's shape in the client's own
//   whole(messages)        a promise of an answer;          answerText(answer): its text
//   stream(messages)       a promise of an async iterable;  chunkText(chunk): what a chunk says, '' if nothing
//
// Loading the file loads the client.

export const NATIVE = 'aihubmix-native'

const NATIVE_CLIENT = { file: 'aihubmix-native.mjs', own: true }

export const CLIENTS = {
  [NATIVE]: NATIVE_CLIENT,
  openai: { file: 'openai.mjs', packages: ['openai'] },
  '@anthropic-ai/sdk': { file: 'anthropic.mjs', packages: ['@anthropic-ai/sdk'] },
  '@google/genai': { file: 'google-genai.mjs', packages: ['@google/genai'] },
  undici: { file: 'undici.mjs', packages: ['undici'] },
  'aihubmix-native/ai-sdk': { file: 'aihubmix-native-ai-sdk.mjs', packages: ['ai'], own: true },
  '@ai-sdk/openai-compatible': {
    file: 'ai-openai-compatible.mjs',
    packages: ['ai', '@ai-sdk/openai-compatible']
  },
  '@ai-sdk/anthropic': { file: 'ai-anthropic.mjs', packages: ['ai', '@ai-sdk/anthropic'] },
  'aihubmix-native, throttle': {
    ...NATIVE_CLIENT,
    options: { throttle: { concurrency: 1_000, requestsPerMinute: 1e7 } }
  },
  'aihubmix-native, cost and meter': { ...NATIVE_CLIENT, options: { pricing: 'catalog' } },
  'aihubmix-native, fallback': { ...NATIVE_CLIENT, options: { fallback: ['gpt-5.4'] } },
  'aihubmix-native, fit': { ...NATIVE_CLIENT, options: { fit: {} } },
  'aihubmix-native, traced': {
    file: 'aihubmix-native-traced.mjs',
    packages: ['@opentelemetry/sdk-trace-base'],
    own: true
  },
  'openai over client.fetch': {
    file: 'openai-over-client-fetch.mjs',
    packages: ['openai'],
    own: true
  },
  '@ai-sdk/openai-compatible over client.fetch': {
    file: 'ai-openai-compatible-over-client-fetch.mjs',
    packages: ['ai', '@ai-sdk/openai-compatible'],
    own: true
  },
  // Floors: bytes in, bytes out, no JSON and no events.
  'undici.dispatch': { file: 'undici-dispatch.mjs', packages: ['undici'], floor: true },
  'reqwest (Rust)': { program: 'floor', crate: 'reqwest', floor: true }
}

// The models that lead to each vendor's API.
export const MODELS = {
  chat: 'gpt-5.4-mini',
  claude: 'claude-sonnet-4-6',
  gemini: 'gemini-3.5-flash'
}

export const VENDOR_SDKS = { chat: 'openai', claude: '@anthropic-ai/sdk', gemini: '@google/genai' }
