'use strict'

// Nothing that a vendor says is lost: an answer with every member that the newest types of the vendor's own SDK name is
// read, whole and streamed, and each of them is found again.

const { readFileSync } = require('node:fs')
const path = require('node:path')
const { HELLO, useGateway } = require('./support/gateway')

const context = useGateway()
const types = (...file) =>
  readFileSync(path.join(__dirname, '..', 'node_modules', ...file), 'utf8').replaceAll('\r', '')

// The names of an interface's (or class's) own members.
function membersOf(text, name) {
  const body = new RegExp(
    `(?:interface|class) ${name}(?: extends \\w+)? \\{\\n([\\s\\S]*?)\\n\\}`
  ).exec(text)
  if (body === null) throw new Error(`the types have no ${name}`)
  const own = [...body[1].matchAll(/^ {4}(\w+)\??: /gm)].map(([, member]) => member)
  return own.length > 0
    ? own
    : [...body[1].matchAll(/^ {2}(\w+)\??: /gm)].map(([, member]) => member)
}

const ANTHROPIC = types('@anthropic-ai', 'sdk', 'resources', 'beta', 'messages', 'messages.d.ts')
const OPENAI = types('openai', 'resources', 'responses', 'responses.d.ts')
const GOOGLE = types('@google', 'genai', 'dist', 'genai.d.ts')

// Each member that the test does not set itself holds a word that says its name.
const word = (name) => `said-${name}`
const filled = (names, set) =>
  Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(set, name) ? set[name] : { word: word(name) }])
  )

const CLAUDE = filled(membersOf(ANTHROPIC, 'BetaMessage'), {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-5',
  content: [{ type: 'text', text: 'hello' }],
  stop_reason: 'end_turn',
  stop_sequence: 'said-stop_sequence',
  usage: {
    ...filled(membersOf(ANTHROPIC, 'BetaUsage'), {
      input_tokens: 11,
      output_tokens: 13,
      cache_read_input_tokens: 17,
      cache_creation_input_tokens: 19,
      cache_creation: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 12 }
    })
  }
})

const RESPONSES = filled(
  membersOf(OPENAI, 'Response').filter((name) => name !== 'output_text'),
  {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    completed_at: 2,
    status: 'completed',
    model: 'gpt-5.5-pro',
    error: null,
    incomplete_details: null,
    background: false,
    output: [
      {
        type: 'message',
        id: 'm',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'hello', annotations: [] }]
      }
    ],
    usage: { input_tokens: 11, output_tokens: 13, total_tokens: 24 }
  }
)

const GEMINI = {
  ...filled(
    membersOf(GOOGLE, 'GenerateContentResponse').filter(
      (name) => !/^(?:sdkHttpResponse|automatic\w+)$/.test(name)
    ),
    {
      candidates: [
        {
          ...filled(membersOf(GOOGLE, 'Candidate'), {
            content: { role: 'model', parts: [{ text: 'hello' }] },
            finishReason: 'STOP',
            finishMessage: 'said-finishMessage',
            index: 0,
            tokenCount: 13,
            avgLogprobs: -0.5,
            safetyRatings: [{ category: word('safetyRatings') }],
            groundingMetadata: { webSearchQueries: [word('groundingMetadata')] },
            // It is what the client itself goes on with.
            continuationToken: undefined,
            citationMetadata: undefined,
            logprobsResult: undefined
          })
        }
      ],
      createTime: '2026-01-01T00:00:00Z',
      modelVersion: 'gemini-3.5-flash',
      responseId: 'r',
      promptFeedback: undefined,
      usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 13, totalTokenCount: 24 }
    }
  )
}

const VENDORS = [
  ['claude-opus-5-5', CLAUDE, (json) => ({ json })],
  ['gpt-5.5-pro', RESPONSES, (json) => ({ json })],
  ['gemini-3.5-flash', GEMINI, (json) => ({ json })],
  ['gemini-3.5-flash', GEMINI, (json) => ({ sse: [json] })],
  ['gpt-5.5-pro', RESPONSES, (response) => ({ sse: [{ type: 'response.completed', response }] })]
]

// What OpenAI's own shape or the request itself says already.
const REPEATED = new Set(['instructions', 'tools'])

test.each(VENDORS)('%s: every member', async (model, answer, script) => {
  const scripted = script(answer)
  context.gateway.enqueue(scripted)
  const client = context.client()
  const read =
    scripted.sse === undefined
      ? await client.chatCompletion(model, HELLO)
      : await (await client.chatCompletion(model, HELLO, { stream: true })).finalChatCompletion()
  const text = JSON.stringify(read)
  const said = [...JSON.stringify(answer).matchAll(/said-(\w+)/g)].map(([, name]) => name)
  expect(said.length).toBeGreaterThan(1)
  expect(said.filter((name) => !REPEATED.has(name) && !text.includes(word(name)))).toEqual([])
})
