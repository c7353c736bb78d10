// This package: every vendor's API in OpenAI's shape.

import { AihubmixModelClient } from '../../index.js'
import { inOpenaisShape } from './openai-shape.mjs'

export const clientOf = ({ url, options }) =>
  new AihubmixModelClient({
    apiKey: 'sk-benchmark',
    baseURL: url,
    maxRetries: 0,
    proxy: false,
    ...options
  })

export function create(task) {
  const { model, options } = task
  const client = clientOf(task)
  const call = options?.pricing && { meter: client.meter() }
  return {
    ...inOpenaisShape,
    whole: (messages) => client.chatCompletion(model, messages, {}, call),
    stream: (messages) => client.chatCompletion(model, messages, { stream: true }, call)
  }
}
