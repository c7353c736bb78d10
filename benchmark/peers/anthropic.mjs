import Anthropic from '@anthropic-ai/sdk'

const LIMIT = { max_tokens: 1_024 }

export function create({ url, model }) {
  const client = new Anthropic({
    apiKey: 'sk-benchmark',
    baseURL: url,
    maxRetries: 0,
    timeout: 600_000
  })
  return {
    message: ({ role, content }) => ({
      role,
      content: Array.isArray(content) ? content.map(block) : content
    }),
    whole: (messages) => client.messages.create({ model, messages, ...LIMIT }),
    answerText: ({ content }) => content[0].text,
    stream: (messages) => client.messages.create({ model, messages, stream: true, ...LIMIT }),
    chunkText({ delta }) {
      return delta?.text ?? delta?.thinking ?? delta?.partial_json ?? ''
    }
  }
}

function block({ text, image_url }) {
  if (text !== undefined) return { type: 'text', text }
  const [, mediaType, data] = /^data:([^;]+);base64,(.*)$/.exec(image_url.url)
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } }
}
