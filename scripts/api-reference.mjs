// Writes docs/api.md: every public declaration with its documentation, from index.d.ts and types/.
//
//   node scripts/api-reference.mjs           writes it
//   node scripts/api-reference.mjs --print   prints it instead

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './platforms.mjs'

// The order of the pages' chapters, and which files make one.
const CHAPTERS = [
  { title: 'The client', files: ['types/client.d.ts', 'types/options.d.ts'] },
  {
    title: 'Chats',
    files: ['types/chat.d.ts', 'types/messages.d.ts', 'types/completion.d.ts', 'types/streams.d.ts']
  },
  {
    title: 'Chats in the form of `openai`',
    files: ['types/resources/chat.d.ts', 'types/structured.d.ts', 'types/tools.d.ts']
  },
  {
    title: 'Routes, helpers, errors',
    files: ['types/routes.d.ts', 'types/helpers.d.ts', 'types/errors.d.ts']
  },
  {
    title: 'Other endpoints',
    files: [
      'embeddings',
      'rerank',
      'moderations',
      'images',
      'audio',
      'videos',
      'models',
      'bytes',
      'responses',
      'messages',
      'gemini'
    ]
      .map((name) => `types/resources/${name}.d.ts`)
      .concat('types/uploads.d.ts')
  },
  { title: '`aihubmix-native/testing`', files: ['testing.d.ts'] }
]

const reference = [
  '# API reference',
  '',
  'Written by `npm run docs` from [`index.d.ts`](../index.d.ts), [`types/`](../types/client.d.ts) and',
  '[`testing.d.ts`](../testing.d.ts); the same texts show in your editor.',
  '',
  ...CHAPTERS.flatMap(({ title, files }) => [
    `## ${title}`,
    '',
    ...files.flatMap(declarationsOf).flatMap(entry)
  ])
].join('\n')

if (process.argv.includes('--print')) process.stdout.write(reference)
else writeFileSync(join(root, 'docs', 'api.md'), reference)

// The exported declarations of a file: name, documentation, and their text.
function declarationsOf(file) {
  const source = readFileSync(join(root, file), 'utf8')
  const declarations = []
  const statement =
    /^(?:\/\*\*(?<doc>.*?)\*\/\n)?(?<text>export (?:declare )?(?:abstract )?(?<kind>class|function|interface|type|namespace|const) (?<name>\w+).*?)(?=\n\n(?=\S)|\n*$(?![\s\S]))/gms
  for (const { groups } of source.matchAll(statement)) {
    const { doc, kind, name } = groups
    declarations.push({
      name,
      kind,
      doc: prose(lastComment(doc)),
      text: withoutExport(groups.text)
    })
  }
  return declarations
}

// A file may begin with a comment of its own, which the pattern cannot tell from the declaration's.
function lastComment(doc) {
  return doc?.split('/**').at(-1)
}

function entry({ name, kind, doc, text }) {
  const heading = kind === 'function' ? `${name}()` : name
  return [`### \`${heading}\``, '', ...(doc === '' ? [] : [doc, '']), '```ts', text, '```', '']
}

function withoutExport(text) {
  return text.trimEnd().replace(/^export (declare )?/, '')
}

// A comment as markdown: its examples become code, its tags sentences.
function prose(comment = '') {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
  const [body, ...tags] = lines
    .join('\n')
    .trim()
    .split(/^(?=@\w+)|(?<=\s)(?=@see )/m)
  return [body.trim(), ...tags.map(tag)]
    .filter(Boolean)
    .join('\n\n')
    .replace(/\{@link ([\w.]+)\}/g, '`$1`')
}

function tag(text) {
  const [, name, rest] = /^@(\w+)\s*(.*)$/s.exec(text)
  if (name === 'example') return `\`\`\`ts\n${rest.trim()}\n\`\`\``
  if (name === 'see') return `See <${rest.trim()}>.`
  if (name === 'throws') return `Throws ${rest.replace(/^\{(\w+)\}/, '`$1`').trim()}.`
  if (name === 'deprecated') return `Deprecated: ${rest.trim()}`
  return ''
}
