import { GoogleGenAI } from '@google/genai'

export function create({ url, model }) {
  const httpOptions = { baseUrl: `${url}/gemini` }
  const { models } = new GoogleGenAI({ apiKey: 'sk-benchmark', vertexai: false, httpOptions })
  return {
    message: ({ role, content }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: Array.isArray(content) ? content.map(part) : [{ text: content }]
    }),
    whole: (contents) => models.generateContent({ model, contents }),
    answerText: (answer) => answer.text,
    stream: (contents) => models.generateContentStream({ model, contents }),
    chunkText: ({ candidates }) => candidates?.[0]?.content?.parts?.[0].text ?? ''
  }
}

function part({ text, image_url }) {
  if (text !== undefined) return { text }
  const [, mimeType, data] = /^data:([^;]+);base64,(.*)$/.exec(image_url.url)
  return { inlineData: { mimeType, data } }
}
