'use strict'

// What Claude refuses in a conversation: roles, blocks, pairing, thinking.

const { createHash } = require('node:crypto')

const API = 'https://platform.claude.com/docs/en/api/messages'
const TOOLS = 'https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use'
const THINKING = 'https://platform.claude.com/docs/en/build-with-claude/extended-thinking'
const PREFIX =
  'https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/prefix-checks'
const VISION = 'https://platform.claude.com/docs/en/build-with-claude/vision'

const THOUGHTS = new Set(['thinking', 'redacted_thinking'])
const RESULTS_OF_SERVER = /_tool_result$/

const HISTORY_RULES = [
  {
    id: 'claude.role',
    page: API,
    always: true,
    check: ({ body }) => {
      const at = body.messages.findIndex(
        (message) => !['user', 'assistant', 'system'].includes(message?.role)
      )
      return at < 0 ? undefined : `messages.${at}.role: Input should be 'user' or 'assistant'`
    }
  },
  {
    id: 'claude.system-message',
    page: 'https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages',
    check: ({ body, facts }) =>
      !facts.systemMessages && body.messages.some(({ role }) => role === 'system')
        ? 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.'
        : undefined
  },
  {
    id: 'claude.content',
    page: API,
    always: true,
    check: ({ body: { messages } }) => {
      for (const [at, { content }] of messages.entries()) {
        if (typeof content !== 'string' && !Array.isArray(content))
          return `messages.${at}.content: Field required`
        if (content.length === 0 && !isFinalAnswer(messages, at)) {
          return `messages.${at}: all messages must have non-empty content except for the optional final assistant message`
        }
      }
    }
  },
  {
    id: 'claude.text',
    page: API,
    always: true,
    check: ({ body }) => {
      for (const { block, message } of blocksOf(body)) {
        if (block?.type === 'text' && block.text === '')
          return `messages.${message}: text content blocks must be non-empty`
      }
    }
  },
  {
    id: 'claude.blank-text',
    page: API,
    check: ({ body }) => {
      // What Claude said itself may be blank.
      for (const { block, role } of blocksOf(body)) {
        if (role !== 'assistant' && block?.type === 'text' && block.text?.trim() === '')
          return 'messages: text content blocks must contain non-whitespace text'
      }
      const system = Array.isArray(body.system) ? body.system : []
      return system.some(({ text }) => !text?.trim())
        ? 'system: text content blocks must contain non-whitespace text'
        : undefined
    }
  },
  {
    id: 'claude.trailing-whitespace',
    page: API,
    always: true,
    check: ({ body: { messages } }) => {
      const last = messages.at(-1)
      const text = typeof last.content === 'string' ? last.content : textOf(last.content.at(-1))
      return last.role === 'assistant' && /\s$/.test(text ?? '')
        ? 'messages: final assistant content cannot end with trailing whitespace'
        : undefined
    }
  },
  {
    id: 'claude.prefill',
    page: 'https://platform.claude.com/docs/en/build-with-claude/prompt-engineering/prefill-claudes-response',
    check: ({ body: { messages }, facts }) => {
      const last = messages.at(-1)
      if (facts.prefill || last.role !== 'assistant') return undefined
      // A paused turn goes on by itself.
      if (blocks(last).some(({ type }) => RESULTS_OF_SERVER.test(type))) return undefined
      return 'This model does not support assistant message prefill. The conversation must end with a user message.'
    }
  },
  {
    id: 'claude.tool-result',
    page: TOOLS,
    always: true,
    check: ({ body: { messages } }) => {
      for (const [at, message] of messages.entries()) {
        const calls = callsOf(messages[at - 1])
        for (const [place, { type, tool_use_id: id }] of blocks(message).entries()) {
          if (type !== 'tool_result' || calls.includes(id)) continue
          return (
            `messages.${at}.content.${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
            'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
          )
        }
      }
    }
  },
  {
    id: 'claude.tool-use-unanswered',
    page: TOOLS,
    always: true,
    check: ({ body: { messages } }) => {
      for (const [at, message] of messages.entries()) {
        if (at + 1 === messages.length) return undefined
        // Results stand at the head of the next message.
        const next = blocks(messages[at + 1])
        const head = next.findIndex(({ type }) => type !== 'tool_result')
        const answered = next.slice(0, head < 0 ? next.length : head).map((b) => b.tool_use_id)
        const open = callsOf(message).filter((id) => !answered.includes(id))
        if (open.length === 0) continue
        return (
          `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.'
        )
      }
    }
  },
  {
    id: 'claude.tool-result-twice',
    page: TOOLS,
    check: ({ body: { messages } }) => {
      for (const [at, message] of messages.entries()) {
        const ids = blocks(message)
          .filter(({ type }) => type === 'tool_result')
          .map((block) => block.tool_use_id)
        const twice = repeated(ids)
        if (twice === undefined) continue
        return `messages.${at}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`
      }
    }
  },
  {
    id: 'claude.tool-use-id',
    page: TOOLS,
    check: ({ body }) => {
      for (const { block, place } of blocksOf(body)) {
        if (block?.type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(block.id ?? ''))
          return `${place}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`
      }
      const ids = body.messages.flatMap(callsOf)
      return repeated(ids) === undefined ? undefined : 'messages: `tool_use` ids must be unique'
    }
  },
  {
    id: 'claude.tool-use-input',
    page: TOOLS,
    check: ({ body }) => {
      for (const { block, place } of blocksOf(body)) {
        const { type, input } = block ?? {}
        if (type !== 'tool_use' && type !== 'server_tool_use') continue
        if (input === null || typeof input !== 'object' || Array.isArray(input))
          return `${place}.${type}.input: Input should be a valid dictionary`
      }
    }
  },
  {
    id: 'claude.thinking-signature',
    page: THINKING,
    always: true,
    check: ({ body }) => {
      for (const { block, place } of blocksOf(body)) {
        if (block?.type === 'thinking' && !block.signature)
          return `${place}.thinking.signature: Field required`
      }
    }
  },
  {
    id: 'claude.signature',
    page: THINKING,
    check: ({ body, issued }) => {
      for (const { block, place } of blocksOf(body)) {
        if (!THOUGHTS.has(block?.type)) continue
        const state = block.type === 'thinking' ? 'signature' : 'data'
        if (issued.find(block[state]) === undefined)
          return `${place}: Invalid \`${state}\` in \`${block.type}\` block`
      }
    }
  },
  {
    id: 'claude.thinking-changed',
    page: THINKING,
    check: ({ body, issued }) => {
      for (const { block, place } of blocksOf(body)) {
        if (block?.type !== 'thinking') continue
        const text = issued.find(block.signature)?.text
        if (text === undefined || text === block.thinking) continue
        return (
          `${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. ` +
          'These blocks must remain as they were in the original response.'
        )
      }
    }
  },
  {
    id: 'claude.thinking-first',
    page: `${THINKING}#preserving-thinking-blocks`,
    check: ({ body: { messages, thinking } }) => {
      // Of a budget only: adaptive thinking does not ask for it.
      if (thinking?.type !== 'enabled') return undefined
      const at = messages.findLastIndex(({ role }) => role === 'assistant')
      const open = at >= 0 && callsOf(messages[at]).length > 0
      // The turn begins behind what the user said last.
      const said = messages.findLastIndex(
        (message) =>
          message.role === 'user' && !blocks(message).some(({ type }) => type === 'tool_result')
      )
      const first = messages.findIndex((message, i) => i > said && message.role === 'assistant')
      const type = first >= 0 ? blocks(messages[first])[0]?.type : undefined
      if (!open || first < 0 || THOUGHTS.has(type)) return undefined
      return (
        `messages.${first}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${type ?? 'text'}\`. ` +
        'When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set ' +
        'of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. ' +
        'To avoid this requirement, disable `thinking`.'
      )
    }
  },
  {
    id: 'claude.prefix',
    page: PREFIX,
    guess:
      'which members of a block count; that a missing run of thinking before all others is no change',
    check: (request) => {
      if (!request.facts.bound) return undefined
      if (request.body.thinking?.block_binding?.prefix_mismatch_behavior === 'drop_block')
        return undefined
      for (const { signature, type, prefix, before, place } of thoughtsOf(request.body)) {
        const origin = request.issued.find(signature)
        // Another model's thinking is left out of the prompt, without an error.
        if (origin?.prefix === undefined || origin.model !== request.model) continue
        if (origin.prefix === prefix && endsWith(origin.before, before)) continue
        return (
          `${place}: Invalid \`signature\` in \`${type}\` block. The block is bound to a different conversation. ` +
          'Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".'
        )
      }
    }
  },
  {
    id: 'claude.image',
    page: VISION,
    check: ({ body }) => {
      for (const { block, place } of blocksOf(body)) {
        const { type, source } = block ?? {}
        if (type !== 'image' || source?.type !== 'base64') continue
        const fault = imageFault(source)
        if (fault) return `${place}.image.source.base64${fault}`
      }
    }
  }
]

const IMAGES = {
  'image/jpeg': [0xff, 0xd8],
  'image/png': [0x89, 0x50],
  'image/gif': [0x47, 0x49],
  'image/webp': [0x52, 0x49]
}

function imageFault({ media_type: declared, data }) {
  if (IMAGES[declared] === undefined)
    return ".media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'"
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data))
    return '.data: Invalid base64 data'
  const bytes = Buffer.from(data.slice(0, 16), 'base64')
  const real = Object.keys(IMAGES).find((type) =>
    IMAGES[type].every((byte, i) => bytes[i] === byte)
  )
  if (real === undefined || real === declared) return undefined
  return `.data: The image was specified using the ${declared} media type, but the image appears to be a ${real} image`
}

/** What the thinking of an answer is bound to, by signature. `content`: the answer's blocks. */
function originsOf(body, content) {
  const answered = { ...body, messages: [...body.messages, { role: 'assistant', content }] }
  const thoughts = [...thoughtsOf(answered)].map(({ signature, prefix, before }) => [
    signature,
    { prefix, before }
  ])
  return new Map(thoughts)
}

// Each block of thinking with a digest of everything else before it, and the thinking before it.
function* thoughtsOf(body) {
  const digest = createHash('sha256')
  digest.update(
    JSON.stringify([unmarked(body.tools ?? []), unmarked(blocks({ content: body.system }))])
  )
  const before = []
  for (const { block, role, place } of blocksOf(body)) {
    if (!THOUGHTS.has(block?.type)) {
      digest.update(`\n${role}${JSON.stringify(unmarked(block))}`)
      continue
    }
    const signature = block.signature ?? block.data
    const prefix = digest.copy().digest('base64')
    yield { signature, type: block.type, place, prefix, before: [...before] }
    before.push(signature)
  }
}

// Marks for the cache are no part of what is said.
function unmarked(value) {
  if (Array.isArray(value)) return value.map(unmarked)
  if (value === null || typeof value !== 'object') return value
  const { cache_control: _, ...rest } = value
  return Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, unmarked(member)]))
}

function endsWith(list, tail) {
  return tail.every((entry, i) => list[list.length - tail.length + i] === entry)
}

function* blocksOf({ messages }) {
  for (const [message, { role, content }] of messages.entries()) {
    for (const [at, block] of blocks({ content }).entries()) {
      yield { block, role, message, place: `messages.${message}.content.${at}` }
    }
  }
}

function blocks(message) {
  const { content } = message ?? {}
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return Array.isArray(content) ? content : []
}

function callsOf(message) {
  return blocks(message)
    .filter((block) => block?.type === 'tool_use')
    .map(({ id }) => id)
}

function textOf(block) {
  return block?.type === 'text' ? block.text : undefined
}

function isFinalAnswer(messages, at) {
  return at === messages.length - 1 && messages[at].role === 'assistant'
}

function repeated(list) {
  return list.find((entry, at) => list.indexOf(entry) !== at)
}

module.exports = { HISTORY_RULES, blocksOf, originsOf, repeated }
