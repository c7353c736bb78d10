import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { overAiSdk } from './ai-text.mjs'

export function create({ url, model }) {
  return overAiSdk(providerOf({ baseURL: `${url}/v1` })(model))
}

export const providerOf = (options) =>
  createOpenAICompatible({ name: 'aihubmix', apiKey: 'sk-benchmark', ...options })
