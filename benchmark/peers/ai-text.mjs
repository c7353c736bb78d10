// The AI SDK over a provider's model: `generateText` and `streamText`.

import { generateText, streamText } from 'ai'

export function overAiSdk(model) {
  globalThis.AI_SDK_LOG_WARNINGS = false
  return {
    message: (message) => message,
    whole: (messages) => generateText({ model, messages, maxRetries: 0 }),
    answerText: ({ text }) => text,
    stream: (messages) => streamText({ model, messages, maxRetries: 0, onError }).textStream,
    chunkText: (text) => text
  }
}

function onError({ error }) {
  throw error
}
