import { clientOf } from './aihubmix-native.mjs'
import { providerOf } from './ai-openai-compatible.mjs'
import { overAiSdk } from './ai-text.mjs'

export function create(task) {
  const client = clientOf(task)
  const baseURL = client.getBaseURL('gpt-5.4-mini')
  return overAiSdk(providerOf({ baseURL, fetch: client.fetch })(task.model))
}
