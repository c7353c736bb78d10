'use strict'

// The AI SDK's prompt as OpenAI's messages.
//
// | prompt | message |
// |---|---|
// | `system` | `system` |
// | `user`: `text`, `file` | `user`: `text`, `image_url`, `input_audio`, `file`, … (files.js) |
// | `assistant` | `assistant` (assistant-message.js) |
// | `tool`: `tool-result` | `tool`, one for each (tool-message.js) |
// | `tool`: `tool-approval-response` | state of the answer that asked |
//
// Cache marks are read of `providerOptions.aihubmix` and `.anthropic`.

const { assistantMessage } = require('./assistant-message')
const { filePart } = require('./files')
const { markOf, marked } = require('./marks')
const { approvalDetail, toolMessage } = require('./tool-message')

// `context`: { route, sendsReasoning, warn(feature, details) }: the family of the model, whether reasoning goes back,
// what to do about what has no place.
function messagesOf(prompt, context) {
  const messages = []
  for (const message of prompt) {
    if (message.role === 'system' || message.role === 'developer')
      messages.push(systemMessage(message))
    else if (message.role === 'user') messages.push(userMessage(message, context))
    else if (message.role === 'assistant') messages.push(...assistantMessage(message, context))
    else for (const part of message.content) addToolPart(messages, part, message, context)
  }
  return messages
}

function systemMessage(message) {
  const cached = markOf(message)
  const { role, content } = message
  if (cached === undefined) return { role, content }
  return { role, content: [marked({ type: 'text', text: content }, cached)] }
}

function userMessage(message, { route }) {
  const last = message.content.length - 1
  const content = message.content.map((part, at) => {
    // A mark on the message stands at its end.
    const cached = markOf(part) ?? (at === last ? markOf(message) : undefined)
    const made = part.type === 'text' ? { type: 'text', text: part.text } : filePart(part, route)
    return marked(withBreakpoint(made, part), cached)
  })
  const [only] = content
  const isPlain = content.length === 1 && Object.keys(only).length === 2 && only.type === 'text'
  return { role: 'user', content: isPlain ? only.text : content }
}

// OpenAI's own mark of a part.
function withBreakpoint(made, { providerOptions }) {
  const mark = providerOptions?.openai?.promptCacheBreakpoint
  return mark === undefined ? made : { ...made, prompt_cache_breakpoint: mark }
}

function addToolPart(messages, part, message, context) {
  if (part.type === 'tool-result') {
    messages.push(toolMessage(part, message, context))
    return
  }
  // Responses wants the decision behind the item that asks for it.
  const asking = messages.findLast(({ role }) => role === 'assistant')
  const detail = part.type === 'tool-approval-response' ? approvalDetail(part, asking) : undefined
  if (detail !== undefined) asking.reasoning_details.push(detail)
  else context.warn(part.type, 'a decision about a tool of the vendor has no place in this chat')
}

module.exports = { messagesOf }
