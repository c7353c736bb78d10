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

describe.each(SDKS)('%s', (name, script) => {
  const { version, engines } = JSON.parse(
    readFileSync(path.join(__dirname, '..', 'node_modules', name, 'package.json'), 'utf8')
  )
  const oldest = Number(/>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0)
  const node = nodeOfAtLeast(oldest)
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
