// This package: every vendor's API in OpenAI's shape.

import { AihubmixModelClient } from '../../index.js'
import { inOpenaisShape } from './openai-shape.mjs'

export const clientOf = ({ url }) =>
  new AihubmixModelClient({ apiKey: 'sk-benchmark', baseURL: url, maxRetries: 0, proxy: false })

export function create(task) {
  const client = clientOf(task)
  return {
    ...inOpenaisShape,
    whole: (messages) => client.chatCompletion(task.model, messages),
    stream: (messages) => client.chatCompletion(task.model, messages, { stream: true })
  }
}
