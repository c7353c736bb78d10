// The examples of the declarations' comments, as files that compile: one for each, in a folder of their own.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

// What examples take for granted.
const GIVEN = `
declare const client: import('aihubmix-native').AihubmixModelClient
declare const messages: import('aihubmix-native').ChatCompletionMessageParam[]
declare const model: string
declare const cityFormat: import('aihubmix-native').ResponseFormatJSONSchema
declare const z: { object(shape: object): import('aihubmix-native').StandardSchema<City>; string(): unknown; number(): unknown }
interface City { name: string; population: number }
`

/**
 * Writes every example and a tsconfig for them.
 *
 * @returns {{ folder: string, count: number }} the new folder, which the caller removes
 */
export function writeExamples() {
  const folder = mkdtempSync(join(tmpdir(), 'aihubmix-types-'))
  const exported = exportedNames()
  let count = 0
  for (const file of declarations()) {
    for (const { line, text } of examplesIn(readFileSync(join(root, file), 'utf8'))) {
      const name = `${file.replace(/[^a-z]+/gi, '-').replace(/-d-ts$/, '')}-${line}.mts`
      writeFileSync(join(folder, name), `${importsFor(text, exported)}\n${text}\nexport {}\n`)
      count++
    }
  }
  writeFileSync(
    join(folder, 'given.d.ts'),
    `${GIVEN}\ndeclare module 'zod' { const given: typeof z; export { given as z } }\n`
  )
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, '__test__/types/tsconfig.json'),
      compilerOptions: {
        declaration: false,
        noUncheckedIndexedAccess: false,
        module: 'preserve',
        moduleResolution: 'bundler',
        typeRoots: [join(root, 'node_modules/@types')],
        paths: {
          'aihubmix-native': [join(root, 'index.d.ts')],
          openai: [join(root, 'node_modules/openai')]
        }
      },
      include: ['*.mts', 'given.d.ts']
    })
  )
  return { folder, count }
}

function declarations() {
  const files = readdirSync(join(root, 'types'), { recursive: true, encoding: 'utf8' })
  return [
    'index.d.ts',
    ...files.filter((file) => file.endsWith('.d.ts')).map((file) => join('types', file))
  ]
}

function examplesIn(source) {
  const found = []
  const lines = source.split('\n')
  for (let at = 0; at < lines.length; at++) {
    if (!/^\s*\* @example$/.test(lines[at])) continue
    const body = []
    for (let next = at + 1; !/^\s*\*\/|^\s*\* @/.test(lines[next]); next++)
      body.push(lines[next].replace(/^\s*\* ?/, ''))
    found.push({ line: at + 1, text: body.join('\n') })
  }
  return found
}

function exportedNames() {
  const names = new Set()
  for (const file of declarations()) {
    const source = readFileSync(join(root, file), 'utf8')
    for (const [, name] of source.matchAll(
      /^export (?:declare )?(?:class|function|interface|type) (\w+)/gm
    ))
      names.add(name)
  }
  return [...names]
}

// An example that imports nothing of this package has its names from it all the same.
function importsFor(text, exported) {
  if (text.includes("from 'aihubmix-native'")) return ''
  const code = text.replace(/\/\/.*$/gm, '')
  const used = exported.filter(
    (name) =>
      new RegExp(`\\b${name}\\b`).test(code) &&
      !new RegExp(`\\b(?:const|type|interface|class) ${name}\\b`).test(code)
  )
  const known = used.filter((name) => name !== 'City' && !name.startsWith('Web'))
  return known.length > 0 ? `import { ${known.join(', ')} } from 'aihubmix-native'` : ''
}

/**
 * Writes the `js` blocks of the documents likewise. They are JavaScript: no annotations are asked of them, all else that
 * `strict` finds is.
 *
 * @returns {{ folder: string, count: number }} the new folder, which the caller removes
 */
export function writeBlocks() {
  const folder = mkdtempSync(join(tmpdir(), 'aihubmix-types-'))
  let count = 0
  for (const page of pages()) {
    for (const { line, text } of blocksIn(readFileSync(join(root, page), 'utf8'))) {
      const name = `${page.replace(/[^a-z]+/gi, '-').replace(/-md$/, '')}-${line}.mts`
      writeFileSync(join(folder, name), `${typed(text)}\nexport {}\n`)
      count++
    }
  }
  writeFileSync(
    join(folder, 'given.d.ts'),
    "declare const client: import('aihubmix-native').AihubmixModelClient\n"
  )
  const modules = (path) => join(root, 'node_modules', path)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, '__test__/types/tsconfig.json'),
      compilerOptions: {
        declaration: false,
        noUncheckedIndexedAccess: false,
        strict: true,
        noImplicitAny: false,
        useUnknownInCatchVariables: false,
        skipLibCheck: true,
        module: 'preserve',
        moduleResolution: 'bundler',
        typeRoots: [modules('@types')],
        paths: {
          'aihubmix-native': [join(root, 'index.d.ts')],
          'aihubmix-native/*': [join(root, '*.d.ts')],
          '*': [modules('*')]
        }
      },
      include: ['*.mts', 'given.d.ts']
    })
  )
  return { folder, count }
}

// What TypeScript would have to be told in these places.
function typed(text) {
  return text
    .replace(
      /(const messages) = \[/g,
      "$1: import('aihubmix-native').ChatCompletionMessageParam[] = ["
    )
    .replace(/(const tools) = \[/g, "$1: import('aihubmix-native').ChatCompletionTool[] = [")
}

// The Chinese README shows the same code as the English one.
function pages() {
  const names = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', ...names.map((name) => `docs/${name}`)]
}

// Fragments need a program around them.
function blocksIn(markdown) {
  return [...markdown.matchAll(/^```js\n(.*?)^```$/gms)].map(({ index, 1: text }) => ({
    line: markdown.slice(0, index).split('\n').length,
    text
  }))
}
