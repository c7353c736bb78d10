'use strict'

// Other SDKs on top of client.fetch: each holds the same conversation with models of every route, and sends
// no request twice.

const { readFileSync } = require('node:fs')
const path = require('node:path')
const { KEY, useGateway } = require('./support/gateway')
const { runScript } = require('./support/child')
const { nodeOfAtLeast } = require('./support/newer-node')

const context = useGateway()
const MODELS = [
  ['gpt-5.4-mini', '/v1/chat/completions'],
  ['claude-sonnet-4-6', '/v1/messages'],
  ['gemini-3.5-flash', '/gemini/v1beta/models/gemini-3.5-flash:']
]
// The package whose `engines` count, and the script.
const SDKS = [
  ['openai', 'sdk-openai'],
  ['ai', 'sdk-ai'],
  ['@langchain/openai', 'sdk-langchain']
]

// The package whose `engines` count, and the SDK of the script.
const FAULTY = [
  ['openai', 'openai'],
  ['ai', 'ai'],
  ['ai', 'ai-sdk'],
  ['@langchain/openai', 'langchain']
]

function manifestOf(name) {
  const file = path.join(__dirname, '..', 'node_modules', name, 'package.json')
  return JSON.parse(readFileSync(file, 'utf8'))
}

function oldestNodeOf({ engines }) {
  return Number(/>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0)
}

describe.each(SDKS)('%s', (name, script) => {
  const manifest = manifestOf(name)
  const { version, engines } = manifest
  const node = nodeOfAtLeast(oldestNodeOf(manifest))
  const title = `${version} with %s`
  if (node === undefined) {
    console.log(
      `skipped: ${name} ${version} wants Node.js ${engines.node}, this is ${process.version}`
    )
  }

  const each = node ? test.each(MODELS) : test.skip.each(MODELS)
  each(
    title,
    async (model, route) => {
      const { report, stderr, code } = await runScript(script, {
        node,
        args: [context.gateway.url, model],
        env: { AIHUBMIX_API_KEY: KEY }
      })
      expect([code, stderr]).toEqual([0, ''])
      expect(report).toEqual({
        chat: 'You said: hello',
        stream: 'You said: hello',
        tool: 'get_weather',
        tools: 'The tool answered: 21 degrees',
        structured: { name: expect.any(String) },
        usage: expect.any(Number),
        refused: 400
      })
      expect(report.usage).toBeGreaterThan(0)
      // Chat, stream, two for the tool, structured output: each asked once, on the model's own route.
      const sent = context.gateway.requests.filter(({ body }) => body.model !== ' ')
      expect(sent).toHaveLength(5)
      for (const { path: asked } of sent) expect(asked.startsWith(route)).toBe(true)
    },
    30_000
  )

  const one = node ? test : test.skip
  one(
    'repeats a failure by itself, without a second repetition below it',
    async () => {
      const failure = { status: 500, headers: { 'retry-after-ms': '1' } }
      context.gateway.enqueue([failure, failure])
      const { report, stderr } = await runScript(script, {
        node,
        args: [context.gateway.url, 'gpt-5.4-mini'],
        env: { AIHUBMIX_API_KEY: KEY }
      })
      expect(stderr).toBe('')
      expect(report.chat).toBe('You said: hello')
      expect(context.gateway.requests.filter(({ body }) => body.model !== ' ')).toHaveLength(7)
    },
    30_000
  )
})

describe('what may be billed, or will not be otherwise in a second, is asked for once', () => {
  for (const [name, sdk] of FAULTY) {
    const node = nodeOfAtLeast(oldestNodeOf(manifestOf(name)))
    const one = node ? test : test.skip
    one(
      `by ${sdk}`,
      async () => {
        const { report } = await runScript('sdk-faults', { node, args: [sdk] })
        expect(report).toEqual({ silence: 1, reset: 1, quota: 1 })
      },
      60_000
    )
  }
})
