'use strict'

// The documents teach living models: every id they name is in one list, and none of it is about to go.

const { readFileSync, readdirSync } = require('node:fs')
const path = require('node:path')
const { ABOUT_MODELS, MODELS, REVIEWED, WITHOUT_SUCCESSOR } = require('./support/models')

const ROOT = path.join(__dirname, '..')
const PLACES = ['README.md', 'README.zh-CN.md', 'ai-sdk.d.ts', 'index.d.ts', 'testing.d.ts']
const FOLDERS = ['docs', 'examples', 'types', '__test__']
const FAMILIES =
  'claude|gemini|gpt|imagen|sora|veo|dall-e|deepseek|kimi|qwen|grok|mistral|glm|whisper|tts|text-embedding|jina-reranker'
// With a digit: `gpt-image` alone is a kind, not an id.
const ID = new RegExp(`(?<![\\w./-])(?:${FAMILIES})-?(?=[a-z.-]*\\d)[a-z0-9.-]*[a-z0-9]`, 'g')
const TEXT = /\.(?:md|[cm]?js|[cm]?ts|html)$/

function* files(folder) {
  for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* entry.name === 'node_modules' ? [] : files(name)
    else if (TEXT.test(name) && !ABOUT_MODELS.includes(entry.name)) yield name
  }
}

const named = new Map()
for (const file of [...PLACES, ...FOLDERS.flatMap((folder) => [...files(folder)])]) {
  if (file === path.join('__test__', 'support', 'models.js')) continue
  for (const [id] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(ID)) {
    named.set(id, [...(named.get(id) ?? []), file])
  }
}
test('every model id stands in the list', () => {
  const known = { ...MODELS, ...WITHOUT_SUCCESSOR }
  const unknown = [...named.keys()].filter((id) => !Object.hasOwn(known, id))
  expect(unknown.map((id) => [id, ...new Set(named.get(id))])).toEqual([])
})

test('the types suggest the chat models of the list, and no others', () => {
  const text = readFileSync(path.join(ROOT, 'types', 'routes.d.ts'), 'utf8')
  const union = /export type ModelId =([^&]*)/.exec(text)[1]
  const suggested = [...union.matchAll(/'([^']+)'/g)].map(([, id]) => id)
  // Not chats, and the gateway's variants of others.
  const others = /^(?:gpt-image|imagen|jina|text-embedding|veo)|-(?:nothink|search)$/
  expect(suggested).toEqual(Object.keys(MODELS).filter((id) => !others.test(id)))
})

test('every id of the list is named somewhere', () => {
  const idle = Object.keys({ ...MODELS, ...WITHOUT_SUCCESSOR }).filter((id) => !named.has(id))
  expect(idle).toEqual([])
})

test('none retires within six months of the review', () => {
  const limit = new Date(REVIEWED)
  limit.setMonth(limit.getMonth() + 6)
  const going = Object.entries(MODELS).filter(([, date]) => date && new Date(date) < limit)
  expect(going).toEqual([])
})
