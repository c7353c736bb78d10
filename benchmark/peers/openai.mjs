import OpenAI from 'openai'
import { inOpenaisShape } from './openai-shape.mjs'

export function create(task) {
  return overOpenai(clientOf(task), task.model)
}

async function clientOf({ url, protocol }) {
  // Node.js' own fetch speaks HTTP/1.1 only.
  const http2 = protocol === 'http2' ? await import('./undici-http2-fetch.mjs') : {}
  return new OpenAI({ apiKey: 'sk-benchmark', baseURL: `${url}/v1`, maxRetries: 0, ...http2 })
}

export async function overOpenai(client, model) {
  const openai = await client
  return {
    ...inOpenaisShape,
    whole: (messages) => openai.chat.completions.create({ model, messages }),
    stream: (messages) =>
      openai.chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true }
      })
  }
}
