'use strict'

// What a vendor's prompt cache reads and writes of a request: the beginnings of the prompts that came before.
//
// | wire | what is kept |
// |---|---|
// | Anthropic | up to each `cache_control` mark, for its `ttl`; nothing without one |
// | the others | all of it by itself, in steps of 128 tokens; with marks (Claude behind chat completions) as above |
//
// As at the vendors a beginning of fewer than 1,024 tokens is not kept, and a model finds only its own.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching,
// https://platform.openai.com/docs/guides/prompt-caching, https://ai.google.dev/gemini-api/docs/caching

const { createHash } = require('node:crypto')

const CHARACTERS_PER_TOKEN = 4
const LEAST = 1_024
const STEP = 128
// A longer prompt is not looked at to its end: the rest is new.
const MOST_CHARACTERS = 4_000_000
const MINUTES = { '5m': 5, '1h': 60 }
const MOST_KEPT = 100_000

// The members of a request, in the order in which they are cached.
const ORDER = [
  'tools',
  'system',
  'systemInstruction',
  'instructions',
  'messages',
  'input',
  'contents'
]

class PromptCache {
  // The hash of a beginning -> when it is forgotten.
  #kept = new Map()
  #now

  constructor(now = () => performance.now()) {
    this.#now = now
  }

  clear() {
    this.#kept.clear()
  }

  // The tokens of a request that are read from the cache, and those written to it, by lifetime. `marksOnly`: nothing
  // is kept without a mark.
  count(model, body, marksOnly) {
    const blocks = ORDER.flatMap((name) => blocksOf(body?.[name]))
    const isMarked = blocks.some(({ ttl }) => ttl !== undefined)
    if (!isMarked && marksOnly) return NONE
    return isMarked ? this.#marked(model, blocks) : this.#whole(model, blocks)
  }

  #marked(model, blocks) {
    const hash = createHash('sha256').update(String(model))
    const marks = []
    let length = 0
    for (const { text, ttl } of blocks) {
      hash.update(text)
      length += text.length
      const tokens = tokensOf(length)
      if (ttl !== undefined && tokens >= LEAST)
        marks.push({ tokens, ttl, key: hash.copy().digest('hex') })
    }
    const read = marks.findLast(({ key }) => this.#has(key))?.tokens ?? 0
    const written = { '5m': 0, '1h': 0 }
    let before = read
    for (const { tokens, ttl, key } of marks) {
      if (tokens > before) {
        written[ttl] += tokens - before
        before = tokens
      }
      this.#keep(key, MINUTES[ttl])
    }
    return { read, written5m: written['5m'], written1h: written['1h'] }
  }

  #whole(model, blocks) {
    const text = blocks
      .map((block) => block.text)
      .join('')
      .slice(0, MOST_CHARACTERS)
    const width = STEP * CHARACTERS_PER_TOKEN
    const hash = createHash('sha256').update(String(model))
    let read = 0
    let isSame = true
    for (let end = width; end <= text.length; end += width) {
      const key = hash
        .update(text.slice(end - width, end))
        .copy()
        .digest('hex')
      isSame &&= this.#has(key)
      if (isSame) read = tokensOf(end)
      this.#keep(key, MINUTES['5m'])
    }
    return { ...NONE, read: read >= LEAST ? read : 0 }
  }

  #has(key) {
    return (this.#kept.get(key) ?? -Infinity) > this.#now()
  }

  #keep(key, minutes) {
    const until = Math.max(this.#now() + minutes * 60_000, this.#kept.get(key) ?? 0)
    this.#kept.delete(key)
    this.#kept.set(key, until)
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value)
  }
}

const NONE = { read: 0, written5m: 0, written1h: 0 }

function tokensOf(characters) {
  return Math.floor(characters / CHARACTERS_PER_TOKEN)
}

// Each with its text and, behind a mark, the lifetime that it asks for.
function blocksOf(value) {
  if (value === undefined || value === null) return []
  const items = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => {
    if (!Array.isArray(item?.content)) return [blockOf(item)]
    const { content, ...head } = item
    return [blockOf(head), ...content.map(blockOf)]
  })
}

function blockOf(item) {
  let ttl
  const text = JSON.stringify(item, (name, member) => {
    if (name !== 'cache_control') return member
    if (member?.type === 'ephemeral') ttl = MINUTES[member.ttl] === undefined ? '5m' : member.ttl
    return undefined
  })
  return { text: text ?? '', ttl }
}

module.exports = { PromptCache }
