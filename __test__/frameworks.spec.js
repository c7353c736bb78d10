'use strict'

// The frameworks that sit on the client, with their packages from npm: an answer, a stream and a tool on each vendor's
// own API, nothing asked twice. Their packages are heavy, so they have a folder of their own and are installed there
// when this runs for the first time; where they cannot be had, that is said.

const { execFileSync } = require('node:child_process')
const { readFileSync, rmSync, statSync } = require('node:fs')
const path = require('node:path')
const { KEY, useGateway } = require('./support/gateway')
const { runProgram } = require('./support/child')
const { nodeOfAtLeast } = require('./support/newer-node')

const context = useGateway()
const folder = path.join(__dirname, 'frameworks')
// The newest asks for this.
const NODE = 22
const ROUTES = {
  'claude-sonnet-4-6': [/^\/v1\/messages$/, 'signature'],
  'gemini-3.5-flash': [/^\/gemini\/v1(?:beta)?\/models\/gemini-3\.5-flash:/, 'thoughtSignature'],
  'gpt-5.5-pro': [/^\/v1\/responses$/, 'encrypted_content']
}
const [CLAUDE, GEMINI, RESPONSES] = Object.keys(ROUTES)

// Which models, and whether the vendor's own state goes back with the tool's result.
const FRAMEWORKS = [
  ['anthropic-sdk', { [CLAUDE]: true }],
  ['google-genai', { [GEMINI]: true }],
  ['langchain-anthropic', { [CLAUDE]: true }],
  ['langchain-openai', { [CLAUDE]: false, [GEMINI]: false }],
  ['llamaindex', { [CLAUDE]: false, [GEMINI]: false }],
  ['mastra', { [CLAUDE]: true, [GEMINI]: true }],
  ['openrouter', { [CLAUDE]: true, [GEMINI]: true, [RESPONSES]: true }],
  ['openai-agents', { [CLAUDE]: false, [GEMINI]: true }],
  ['openai-agents-ai-sdk', { [CLAUDE]: true, [GEMINI]: true }]
]
const CASES = FRAMEWORKS.flatMap(([name, models]) =>
  Object.entries(models).map(([model, keepsState]) => [name, model, keepsState])
)

// What is installed is what the lockfile says, or is made so.
function isInstalled() {
  const lock = path.join(folder, 'package-lock.json')
  try {
    const made = statSync(path.join(folder, 'node_modules', '.package-lock.json'))
    if (made.mtimeMs >= statSync(lock).mtimeMs) return true
  } catch {
    // Not yet.
  }
  try {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    const shell = process.platform === 'win32'
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 300_000, shell })
    return true
  } catch {
    rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true })
    return false
  }
}

const node = nodeOfAtLeast(NODE)
const run = node !== undefined && isInstalled() ? test : test.skip
if (run === test.skip) console.log('skipped: the frameworks, or a Node.js for them, cannot be had')

// The signatures in a request, but for the stand-in that Google has for calls without one.
function signatures(body, member) {
  const found = []
  JSON.stringify(body, (key, value) => {
    if (key === member && !/^skip_thought/.test(value)) found.push(value)
    return value
  })
  return found
}

function script(name, model, more = {}) {
  const env = { AIHUBMIX_API_KEY: KEY, MASTRA_TELEMETRY_DISABLED: '1', ...more }
  const args = [path.join(folder, `${name}.mjs`), context.gateway.url, model]
  return runProgram(node, args, { env })
}

run.each(CASES)(
  '%s on %s',
  async (name, model, keepsState) => {
    const [route, member] = ROUTES[model]
    const { report, stderr, code } = await script(name, model)
    expect([code, stderr]).toEqual([0, ''])
    expect(report).toEqual({
      chat: 'You said: hello',
      stream: 'You said: hello',
      tools: 'The tool answered: 21 degrees',
      called: 1
    })
    const { requests } = context.gateway
    expect(requests).toHaveLength(4)
    for (const { path: asked } of requests) expect(asked).toMatch(route)
    const kept = signatures(requests.at(-1).body, member).length > 0
    expect(kept).toBe(keepsState)
  },
  60_000
)

// The blocks of the documents that need these packages.
const BLOCKS = ['other-sdks', 'diagnostics'].flatMap((page) => {
  const text = readFileSync(path.join(__dirname, '..', 'docs', `${page}.md`), 'utf8')
  const fenced = [...text.matchAll(/^```js fragment\n(.*?)^```$/gms)]
  return fenced.map(([, code]) => [page, /from '([^']+)'/.exec(code)[1], code])
})
const CLIENT = "import { AihubmixModelClient } from 'aihubmix-native'\n"
const MADE = 'const client = new AihubmixModelClient()\n'

run.each(BLOCKS)(
  'docs/%s.md shows %s as it is',
  async (_page, _name, code) => {
    const program = code.includes('new AihubmixModelClient') ? code : CLIENT + MADE + code
    const own = program.replace(/'aihubmix-native(\/ai-sdk)?'/g, (_, entry) =>
      JSON.stringify(path.join(__dirname, '..', entry ? 'ai-sdk.js' : 'index.js'))
    )
    const env = { AIHUBMIX_API_KEY: KEY, AIHUBMIX_BASE_URL: context.gateway.url }
    const args = ['--input-type=module', '--eval', own]
    const { stdout, stderr, code: ended } = await runProgram(node, args, { env, cwd: folder })
    expect([ended, stderr]).toEqual([0, ''])
    const expected = [...code.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line)
    expect(expected.length).toBeGreaterThan(0)
    expect(stdout.trimEnd().split('\n')).toEqual(expected)
  },
  60_000
)

test('every framework of the folder is listed here', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  const used = FRAMEWORKS.map(([name]) => readFileSync(path.join(folder, `${name}.mjs`), 'utf8'))
  const named = Object.keys(dependencies).filter(
    (name) => !/core$|zod|workflow|pino|^ai$/.test(name)
  )
  for (const name of named) expect(used.some((text) => text.includes(`'${name}`))).toBe(true)
})
