'use strict'

// What the documentation says is what the package does: every `js` block of the README and of docs/
// runs in a process of its own against the mock gateway. A line `// → …` in a block is a line that it
// prints. A block whose fence says `js fragment` needs a program around it (Electron, Jest, another
// package): it is checked for syntax only.

const { execFile } = require('node:child_process')
const { existsSync, readFileSync, readdirSync } = require('node:fs')
const path = require('node:path')
const { startMockGateway } = require('../testing')

const ROOT = path.join(__dirname, '..')
const PAGES = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`)
]
const FILES_OF_TYPES = readdirSync(path.join(ROOT, 'types'), { recursive: true })
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => name.replaceAll('\\', '/'))

// The client of the README's first example, for the blocks that go on with it.
const CLIENT = `import { AihubmixModelClient } from 'aihubmix-native'\nconst client = new AihubmixModelClient()\n`

let gateway

beforeAll(async () => {
  gateway = await startMockGateway()
})

afterEach(() => gateway.reset())
afterAll(() => gateway.close())

describe.each(PAGES)('%s', (page) => {
  const markdown = readFileSync(path.join(ROOT, page), 'utf8')
  const blocks = blocksOf(markdown)

  if (page.startsWith('README')) {
    test('shows code', () => {
      expect(blocks.length).toBeGreaterThan(10)
    })
  }

  test('links to files that exist', () => {
    const missing = linksOf(markdown).filter(
      (link) => !existsSync(path.join(ROOT, path.dirname(page), link))
    )
    expect(missing).toEqual([])
  })

  if (blocks.length === 0) return
  test.each(blocks)('line $line: $title', async ({ code, fragment }) => {
    const program = code.includes('new AihubmixModelClient') ? code : `${CLIENT}${code}`
    if (fragment) {
      expect(await node(['--input-type=module', '--check'], code)).toMatchObject({ code: 0 })
      return
    }
    const { stdout, ...ended } = await node(['--input-type=module'], program)
    expect(ended).toEqual({ code: 0, stderr: '' })
    let rest = stdout.split('\n')
    for (const expected of outputOf(code)) {
      const at = rest.indexOf(expected)
      if (at < 0) throw new Error(`it did not print "${expected}", but:\n${stdout}`)
      rest = rest.slice(at + 1)
    }
  })
})

test('both READMEs have the same sections and show the same code', () => {
  const [sections, others] = PAGES.map((page) =>
    readFileSync(path.join(ROOT, page), 'utf8').match(/^(#+ |\|[- |]+$)/gm)
  )
  expect(others).toEqual(sections)
  const [english, chinese] = PAGES.map((page) =>
    blocksOf(readFileSync(path.join(ROOT, page), 'utf8'))
  )
  const withoutWords = ({ code }) =>
    code.replace(/(['"`])(?:(?!\1).)*\1/gs, '…').replace(/\/\/ (?!→).*/g, '')
  expect(chinese.map(withoutWords)).toEqual(english.map(withoutWords))
})

test('docs/api.md leads to every file of declarations', () => {
  const linked = linksOf(readFileSync(path.join(ROOT, 'docs', 'api.md'), 'utf8'))
  const declarations = [
    'ai-sdk.d.ts',
    'otel.d.ts',
    'testing.d.ts',
    ...FILES_OF_TYPES.map((name) => `types/${name}`)
  ]
  expect(linked.toSorted()).toEqual(declarations.map((name) => `../${name}`).toSorted())
})

function blocksOf(markdown) {
  const blocks = []
  for (const { index, 1: attributes, 2: code } of markdown.matchAll(
    /^```js( [^\n]*)?\n(.*?)^```$/gms
  )) {
    blocks.push({
      code,
      fragment: attributes?.trim() === 'fragment',
      line: markdown.slice(0, index).split('\n').length,
      title:
        markdown
          .slice(0, index)
          .match(/^#+ .*$/gm)
          ?.at(-1)
          ?.replace(/^#+ /, '') ?? ''
    })
  }
  return blocks
}

function linksOf(markdown) {
  const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link.split('#')[0])
  return links.filter((link) => link !== '' && !link.includes(':'))
}

function outputOf(code) {
  return [...code.matchAll(/^\s*\/\/ → (.*)$/gm)].map(([, line]) => line)
}

// Runs a program from its standard input, in the package's folder, so that it finds the package by its name.
function node(flags, program) {
  const env = {
    ...process.env,
    AIHUBMIX_BASE_URL: gateway.url,
    AIHUBMIX_API_KEY: 'sk-readme-0123456789'
  }
  for (const name of ['NODE_OPTIONS', 'AIHUBMIX_APP_CODE', 'AIHUBMIX_LOG']) delete env[name]
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env, timeout: 18_000, killSignal: 'SIGKILL' }
    const child = execFile(process.execPath, flags, options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr })
    })
    child.stdin.end(program)
  })
}
