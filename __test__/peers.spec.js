'use strict'

// What users of the `openai` and `@anthropic-ai/sdk` packages find here under the same names. What they do not find is
// named, with the reason; a new member of theirs fails this test until somebody has decided about it.

const Anthropic = require('@anthropic-ai/sdk')
const OpenAI = require('openai')
const { ChatCompletionStream } = require('openai/lib/ChatCompletionStream')
const { ChatCompletionStreamingRunner } = require('openai/lib/ChatCompletionStreamingRunner')
const { ResponseStream } = require('openai/lib/responses/ResponseStream')
const { Stream } = require('openai/streaming')
const { MessageStream } = require('@anthropic-ai/sdk/lib/MessageStream')
const { useGateway } = require('./support/gateway')

const context = useGateway()

// Not in the gateway's documentation; `client.request` and `client.fetch` reach whatever it has.
const NOT_THE_GATEWAYS = {
  'chat.completions': ['list', 'messages', 'retrieve', 'update', 'delete'],
  responses: ['compact', 'inputItems', 'inputTokens'],
  messages: ['batches'],
  models: ['delete'],
  images: ['createVariation'],
  videos: ['createCharacter', 'edit', 'extend', 'getCharacter', 'list']
}
const OTHERWISE = {
  // `videos.content`
  videos: ['downloadContent'],

  // of Anthropic's own accounts
  'messages.stream': ['workspace_id']
}
function membersOf(value) {
  const names = new Set()
  for (let at = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Reflect.ownKeys(at))
      if (typeof name === 'symbol' || !/^_|^constructor$/.test(name)) names.add(name)
  return names
}

const body = { model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'hello' }] }
const PAIRS = {
  'chat.completions': ({ openai, client }) => [openai.chat.completions, client.chat.completions],
  responses: ({ openai, client }) => [openai.responses, client.responses],
  messages: ({ anthropic, client }) => [anthropic.messages, client.messages],
  models: ({ openai, client }) => [openai.models, client.models],
  images: ({ openai, client }) => [openai.images, client.images],
  videos: ({ openai, client }) => [openai.videos, client.videos],
  embeddings: ({ openai, client }) => [openai.embeddings, client.embeddings],
  speech: ({ openai, client }) => [openai.audio.speech, client.audio.speech],
  transcriptions: ({ openai, client }) => [
    openai.audio.transcriptions,
    client.audio.transcriptions
  ],
  'chat.completions.stream': ({ client }) => [
    new ChatCompletionStream(body),
    client.chat.completions.stream(body)
  ],
  runTools: ({ client }) => [
    new ChatCompletionStreamingRunner(body),
    client.chat.completions.runTools({ ...body, tools: [], stream: true })
  ],
  'responses.stream': ({ client }) => [
    new ResponseStream(null),
    client.responses.stream({ model: 'gpt-5.5', input: 'hello' })
  ],
  'messages.stream': ({ client }) => [
    new MessageStream(body),
    client.messages.stream({ ...body, model: 'claude-sonnet-4-6', max_tokens: 9 })
  ],
  'a stream': async ({ client }) => [
    Stream.prototype,
    await client.chat.completions.create({ ...body, stream: true })
  ]
}

test.each(Object.entries(PAIRS))('%s', async (name, pairOf) => {
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
  const anthropic = new Anthropic({ apiKey: 'sk-test', baseURL: context.gateway.url })
  const [theirs, ours] = await pairOf({ openai, anthropic, client: context.client() })
  const known = membersOf(ours)
  const lacking = [...membersOf(theirs)].filter((member) => !known.has(member)).map(String)
  const named = [...(NOT_THE_GATEWAYS[name] ?? []), ...(OTHERWISE[name] ?? [])]
  expect(lacking.sort()).toEqual(named.sort())
  await ours.done?.()
  ours.abort?.()
})

test("a promise of an answer tells what openai's tells", async () => {
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${context.gateway.url}/v1` })
  const theirs = await openai.chat.completions.create(body).withResponse()
  const ours = await context.client().chat.completions.create(body).withResponse()
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort())
  expect([ours.response.status, typeof ours.request_id]).toEqual([200, 'string'])
  const raw = await context.client().chat.completions.create(body).asResponse()
  expect((await raw.json()).choices[0].message.content).toBe('You said: hello')
})
