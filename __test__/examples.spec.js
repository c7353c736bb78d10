'use strict'

// Every example does what it says, against the mock gateway.

const { execFile } = require('node:child_process')
const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { KEY, useGateway } = require('./support/gateway')
const { nodeOfAtLeast } = require('./support/newer-node')

const context = useGateway()
const folder = path.join(__dirname, '..', 'examples')
const jestProgram = path.join(__dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js')
const MOST_LINES = 40
let workplace

beforeAll(() => {
  workplace = mkdtempSync(path.join(os.tmpdir(), 'aihubmix-native-'))
})
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

// Those whose packages want a newer Node.js.
const NEWER = { '17-ai-sdk.mjs': 22, '18-other-sdks.mjs': 22 }

function run(args, env = {}, node = process.execPath) {
  const { AIHUBMIX_API_KEY, AIHUBMIX_BASE_URL, ...inherited } = process.env
  return new Promise((resolve) => {
    execFile(
      node,
      args,
      { cwd: workplace, env: { ...inherited, ...env }, timeout: 30_000 },
      (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr })
      }
    )
  })
}

// What each prints, among other things.
const SAYS = {
  '01-chat.mjs': [
    /gpt-5.4-mini \(openai, stop, \d+ tokens\)/,
    /claude-sonnet-4-6 \(anthropic, stop/,
    /gemini-3.5-flash \(gemini, stop/
  ],
  '02-stream.mjs': [
    /^You said: Count from one to ten\.$/m,
    /^stop: \d+ tokens read, \d+ written$/m
  ],
  '03-tools.mjs': [
    /^get_weather\({"city":.*}\)$/m,
    /(The tool answered: {"city":.*"celsius":21.*\s*){2}/
  ],
  '04-vision.mjs': [
    /gpt-5.4-mini: You said: Which colour/,
    /claude-sonnet-4-6: You said/,
    /gemini-3.5-flash: You said/
  ],
  '05-cache.mjs': [/You said: When does the office open\?/, /of them \d+ from the cache/],
  '06-cancel.mjs': [/ABORTED - the user pressed stop/, /left after the first word/],
  '07-errors.mjs': [/You said: hello/, /wrong parameter messages\[0\]\.role/],
  '08-embeddings.mjs': [/^-?\d\.\d{3} Stocks fell/m, /^\d\.\d{3} The cat sat/m],
  '09-images.mjs': [
    /gpt-image-2: gpt-image-2\.png/,
    /imagen-4\.0-generate-001: imagen/,
    /bfl\/flux-kontext-max: http/,
    /blue\.png/
  ],
  '10-speech-and-transcription.mjs': [
    /fox\.mp3 audio\/mpeg/,
    /(\d+) of \1 bytes/,
    /This is what audio\.mp3 says/,
    /00:00:00,000 -->/
  ],
  '11-catalog.mjs': [
    /claude-sonnet-4-6 +anthropic +200000 tokens 1 \$/,
    /\d+ models with tools/,
    /\d+ models for this key/
  ],
  '12-structured-output.mjs': [
    /gpt-5.4-mini: { name: '.*', population: \d+ }/,
    /claude-sonnet-4-6: { name/,
    /gemini-3\.5-flash: { name/
  ],
  '14-http-stream.mjs': [/^You said: Good morning$/m],
  '20-length.mjs': [
    /^about \d+ tokens, \d+ at most$/m,
    /^\d+ messages stay, \d+ go$/m,
    /^fitted messages$/m
  ],
  '16-cost.mjs': [/^\d+ \+ \d+ tokens, 0\.\d+ USD$/m, /^the budget of 0 USD is spent/m],
  '15-throttle.mjs': [/^sea - /m, /^glacier - /m],
  '21-explain-cache.mjs': [
    /^another question: about \d{4} tokens shared \(parted at messages\[0\]\S*, \d+ tokens are read anew\)/m,
    /^a date in front: about \d{1,3} tokens shared \(parted at system\S*, \d{4} tokens are read anew\)/m
  ],
  '17-ai-sdk.mjs': [
    /^claude-sonnet-4-6, 2 steps: The tool answered: {"celsius":21}$/m,
    /^gemini-3.5-flash, 2 steps: The tool answered/m
  ],
  '18-other-sdks.mjs': [
    /^openai: You said: Good morning$/m,
    /^LangChain: You said: Good morning$/m
  ],
  '22-events.mjs': [
    /^You said: Good morning\nwith usage$/m,
    /^calls get_weather\nThe tool answered: {"city":.*"celsius":21}$/m,
    /^text\/event-stream; charset=utf-8 data: \[DONE\]$/m,
    /^200 data: \[DONE\]$/m
  ],
  '19-otel.mjs': [/^chat claude-sonnet-4-6 \(anthropic\): \d+ tokens written$/m]
}

test('every example is listed here, numbered, and short', () => {
  // What is larger than one file has a folder, and tests, of its own.
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map(({ name }) => name).filter((file) => file !== 'demo.mjs')
  expect(files.sort()).toEqual([...Object.keys(SAYS), '13-jest.test.js'].sort())
  for (const file of files) {
    expect([
      file,
      readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n').length <= MOST_LINES
    ]).toEqual([file, true])
  }
})

test('both chat pages read Markdown with the same code', () => {
  const [backend, electron] = ['backend-chat', 'electron'].map((name) =>
    readFileSync(path.join(folder, name, 'markdown.js'), 'utf8')
  )
  expect(electron).toBe(backend)
})

test.each(Object.entries(SAYS))(
  '%s',
  async (file, says) => {
    const node = nodeOfAtLeast(NEWER[file] ?? 0)
    if (node === undefined) return console.log(`skipped: there is no Node.js for ${file}`)
    const env = { AIHUBMIX_API_KEY: KEY, AIHUBMIX_BASE_URL: context.gateway.url }
    const { code, stdout, stderr } = await run([path.join(folder, file)], env, node)
    expect([code, stderr]).toEqual([0, ''])
    for (const line of says) expect(stdout).toMatch(line)
    expect(stdout).not.toContain(KEY)
  },
  40_000
)

test('13-jest.test.js', async () => {
  const file = path.join(folder, '13-jest.test.js')
  const config = {
    rootDir: path.dirname(folder),
    testMatch: [file],
    transform: {},
    modulePathIgnorePatterns: ['<rootDir>/npm/']
  }
  const { code, stderr } = await run([jestProgram, '--config', JSON.stringify(config)], {
    CI: 'true'
  })
  expect(stderr).toMatch(/Tests: +2 passed, 2 total/)
  expect(code).toBe(0)
}, 40_000)

test('the demo talks on every route to the embedded mock gateway', async () => {
  const { code, stdout, stderr } = await run([path.join(folder, 'demo.mjs')])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^The embedded mock gateway, http:\/\/127/)
  for (const route of ['openai', 'anthropic', 'gemini', 'openai-responses'])
    expect(stdout).toContain(`━━ ${route} ━`)
  expect(stdout.match(/tool call {2}get_weather\({"city":"Lisbon"}\)/g)).toHaveLength(4)
  expect(stdout.match(/assistant {2}Yes: light rain/g)).toHaveLength(4)
}, 40_000)

test('with a key the demo talks to the real gateway, and says so', async () => {
  const { stdout } = await run([path.join(folder, 'demo.mjs')], {
    AIHUBMIX_API_KEY: KEY,
    AIHUBMIX_BASE_URL: context.gateway.url
  })
  expect(stdout).toMatch(new RegExp(`^The real gateway, ${context.gateway.url}`))
  expect(context.gateway.requests.length).toBeGreaterThanOrEqual(8)
  expect(stdout).not.toContain(KEY)
}, 40_000)
