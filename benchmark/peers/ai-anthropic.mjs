import { createAnthropic } from '@ai-sdk/anthropic'
import { overAiSdk } from './ai-text.mjs'

export function create({ url, model }) {
  return overAiSdk(createAnthropic({ apiKey: 'sk-benchmark', baseURL: `${url}/v1` })(model))
}
