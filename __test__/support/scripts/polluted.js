'use strict'

// Every kind of call, with a member more on `Object.prototype`: prints what fails, for each name of argv.
// The gateway is in another process.

const {
  AihubmixModelClient,
  AihubmixError,
  resolveRoute,
  handleAihubmixErrors
} = require('../../..')
const { createAihubmix } = require('../../../ai-sdk')

const [baseURL, ...names] = process.argv.slice(2)
const HELLO = [{ role: 'user', content: 'hello' }]
const MODELS = ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']
const prompt = [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }]

async function drained(stream) {
  let count = 0
  for await (const _ of stream) count += 1
  if (count === 0) throw new Error('an empty stream')
}

async function refused(promise, code) {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown
  )
  if (!(error instanceof AihubmixError) || error.code !== code) throw error ?? new Error('no error')
  if (error.toJSON().message !== error.message) throw new Error('toJSON')
}

const CALLS = {
  chat: (client) =>
    Promise.all(MODELS.map((model) => client.chatCompletion(model, HELLO, { max_tokens: 9 }))),
  options: (client) =>
    client.chatCompletion(
      MODELS[0],
      HELLO,
      {},
      { timeout: 60_000, maxRetries: 0, headers: { a: 'b' } }
    ),
  signal: (client) =>
    client.chatCompletion(MODELS[0], HELLO, {}, { signal: new AbortController().signal }),
  stream: async (client) => {
    for (const model of MODELS)
      await drained(await client.chatCompletion(model, HELLO, { stream: true }))
  },
  final: async (client) =>
    (await client.chatCompletion(MODELS[1], HELLO, { stream: true })).finalChatCompletion(),
  create: (client) =>
    client.chat.completions.create({ model: MODELS[0], messages: HELLO }).withResponse(),
  error: (client) => refused(client.request({ method: 'GET', path: '/v1/nowhere' }), 'NOT_FOUND'),
  argument: (client) => refused(client.chatCompletion(MODELS[0], 5), 'INVALID_REQUEST'),
  aborted: (client) =>
    refused(
      client.chatCompletion(MODELS[0], HELLO, {}, { signal: AbortSignal.abort() }),
      'ABORTED'
    ),
  build: async (client) => client.buildRequest(MODELS[1], HELLO),
  route: async () => resolveRoute(MODELS[0], { openaiApi: 'auto' }),
  classified: async () => handleAihubmixErrors(new Error('rate limit')),
  fetch: async (client) => {
    const body = `{"model":"${MODELS[1]}","messages":[{"role":"user","content":"hello"}]}`
    const headers = { __proto__: null, 'content-type': 'application/json' }
    const answer = await client.fetch(`${baseURL}/v1/chat/completions`, {
      method: 'POST',
      body,
      headers
    })
    if (answer.status !== 200) throw new Error(await answer.text())
    await answer.json()
  },
  embeddings: (client) => client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' }),
  transcription: (client) =>
    client.audio.transcriptions.create({ model: 'whisper-1', file: Buffer.alloc(99) }),
  speech: async (client) =>
    (
      await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x' })
    ).arrayBuffer(),
  images: (client) => client.images.generate({ model: 'gpt-image-2', prompt: 'a fox' }),
  models: (client) => client.models.list(),
  catalog: (client) => client.models.catalog({ type: 'llm' }),
  responses: (client) => client.responses.create({ model: MODELS[0], input: 'x' }),
  messages: (client) =>
    client.messages.create({ model: MODELS[1], max_tokens: 9, messages: HELLO }),
  events: async (client) =>
    drained(await client.responses.create({ model: MODELS[0], input: 'x', stream: true })),
  parse: (client) =>
    client.chat.completions.parse({
      model: MODELS[0],
      messages: HELLO,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', schema: { type: 'object' } }
      }
    }),
  sdk: (client) => createAihubmix({ client }).languageModel(MODELS[1]).doGenerate({ prompt }),
  'sdk stream': async (client) => {
    const { stream } = await createAihubmix({ client })
      .languageModel(MODELS[2])
      .doStream({ prompt })
    await drained(stream)
  }
}

// What Node.js itself loads late, and cannot load any more then.
void Headers

const VALUES = { text: 'text', function: () => 'called', object: { x: 1 } }

async function main() {
  for (const name of names) {
    for (const [kind, value] of Object.entries(VALUES)) {
      for (const [call, run] of Object.entries(CALLS)) {
        // Node.js can make no web stream then.
        if (['get', 'set'].includes(name) && ['fetch', 'sdk stream'].includes(call)) continue
        Object.defineProperty(Object.prototype, name, {
          __proto__: null,
          value,
          enumerable: true,
          configurable: true,
          writable: true
        })
        let failure
        try {
          const client = new AihubmixModelClient({ apiKey: 'sk-polluted-polluted', baseURL })
          await run(client)
          client.close()
        } catch (error) {
          failure = error
        }
        delete Object.prototype[name]
        if (failure !== undefined)
          console.log(
            `${name} (${kind}), ${call}: ${failure.stack?.split('\n').slice(0, 4).join(' | ')}`
          )
      }
    }
  }
}

main()
