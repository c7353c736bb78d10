import OpenAI from 'openai'
import { clientOf } from './aihubmix-native.mjs'
import { overOpenai } from './openai.mjs'

export function create(task) {
  const client = clientOf(task)
  const baseURL = client.getBaseURL('gpt-5.4-mini')
  return overOpenai(new OpenAI({ apiKey: 'unused', baseURL, fetch: client.fetch }), task.model)
}
