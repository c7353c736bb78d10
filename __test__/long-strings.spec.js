'use strict'

// Long strings cross the Node boundary beside their JSON: nobody sees a difference.

const fc = require('fast-check')
const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()
const LONG = 5_000

const plainly = (value) => JSON.parse(JSON.stringify(value))
const sent = (messages) =>
  JSON.parse(context.client().buildRequest(MODEL, messages).bodyText).messages

// Short ones, and ones that go beside, of everything that is written in another way in JSON.
const text = fc
  .tuple(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom('', '"', '\\', '\n', '\u0000', '\u007f', 'é', '世界', '😀', '\u2028', '\ufffd'),
    fc.constantFrom(1, 100, 2_000)
  )
  .map(([some, special, times]) => (some + special).repeat(times).toWellFormed())
const part = fc.oneof(
  text.map((text) => ({ type: 'text', text })),
  text.map((data) => ({
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${data}`, detail: 'low' }
  })),
  text.map((own) => ({
    type: 'text',
    text: own,
    0: own,
    extra: { [own.slice(0, 5).toWellFormed()]: own, deeper: { own } }
  }))
)
const message = fc.oneof(
  text.map((content) => ({ role: 'user', content })),
  text.map((content) => ({ content, role: 'system', name: 'x' })),
  fc.array(part, { minLength: 1, maxLength: 3 }).map((content) => ({ role: 'user', content }))
)
const conversation = fc.array(message, { minLength: 1, maxLength: 4 })

test('a conversation is sent as JSON writes it, and is left as it was', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const before = structuredClone(messages)
      expect(sent(messages)).toEqual(plainly(messages))
      expect(messages).toEqual(before)
    }),
    { numRuns: 60 }
  )
})

test('messages that are computed, hidden, inherited or write themselves are what JSON makes of them', () => {
  const long = 'x'.repeat(LONG)
  class Message {
    role = 'user'
    get content() {
      return 'of the prototype'
    }
    toJSON() {
      return { role: 'user', content: `written ${long}` }
    }
  }
  const written = {
    role: 'user',
    content: long,
    toJSON: () => ({ role: 'user', content: 'short' })
  }
  const part = { type: 'text', text: long, toJSON: () => ({ type: 'text', text: 'short' }) }
  const computed = {
    role: 'user',
    get content() {
      return long
    }
  }
  const hidden = Object.defineProperty({ role: 'assistant', refusal: 'no' }, 'content', {
    value: long
  })
  const messages = [
    new Message(),
    written,
    { role: 'user', content: [part] },
    computed,
    hidden,
    ...HELLO
  ]
  expect(sent(messages)).toEqual(plainly(messages))
})

test('what is changed in place is sent changed', async () => {
  const client = context.client()
  const part = { type: 'text', text: 'a'.repeat(LONG) }
  const messages = [
    { role: 'user', content: [part] },
    { role: 'user', content: 'b'.repeat(LONG) }
  ]
  context.gateway.enqueue([{ chat: 'one' }, { chat: 'two' }])
  await client.chatCompletion(MODEL, messages)
  part.text = 'c'.repeat(LONG)
  messages[1].content = 'd'.repeat(LONG)
  await client.chatCompletion(MODEL, messages)
  const bodies = context.gateway.requests.map((request) => request.body.messages)
  expect(bodies[0]).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'a'.repeat(LONG) }] },
    { role: 'user', content: 'b'.repeat(LONG) }
  ])
  expect(bodies[1]).toEqual(messages)
})

test('halves of surrogate pairs in long strings are replaced, with a warning', () => {
  const content = `世${'x'.repeat(LONG)}\ud83d and \ude00"`
  const built = context.client().buildRequest(MODEL, [{ role: 'user', content }])
  expect(JSON.parse(built.bodyText).messages[0].content).toBe(content.toWellFormed())
  expect(built.warnings.map(({ code }) => code)).toEqual(['lone_surrogate'])
})

test('a mistake beside a long string is still named', async () => {
  const content = [{ type: 'text', text: 'x'.repeat(LONG), size: 1n }]
  const error = await failureOf(context.client().chatCompletion(MODEL, [{ role: 'user', content }]))
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', param: 'messages[0].content[0].size' })
})

test('long answers are what their JSON says: whatever stands in them, and in their order', async () => {
  const client = context.client()
  await fc.assert(
    fc.asyncProperty(text, text, async (one, two) => {
      const choice = (index, content) => ({
        index,
        message: { role: 'assistant', content, refusal: null, reasoning_content: two },
        finish_reason: 'stop'
      })
      const body = {
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: MODEL,
        choices: [choice(0, one), choice(1, two)]
      }
      context.gateway.enqueue([{ json: body }, { json: body }])
      const plain = await client.chatCompletion(MODEL, HELLO)
      const { data } = await client.chat.completions
        .create({ model: MODEL, messages: HELLO })
        .withResponse()
      for (const { choices } of [plain, data]) {
        expect(choices.map(({ message }) => [message.content, message.reasoning_content])).toEqual([
          [one, two],
          [two, two]
        ])
        expect(Object.keys(choices[0].message)[1]).toBe('content')
      }
    }),
    { numRuns: 30 }
  )
})

// Some of them V8 keeps where the core has them.
test.each([
  ['plain', 'a'],
  ['with NUL', 'a\u0000'],
  ['escaped', '"\n\\'],
  ['Latin-1', 'é'],
  ['UTF-16', '世'],
  ['pairs', '😀'],
  ['half a pair', '\ud83d']
])('large answers are whole, wherever their texts are: %s', async (_kind, part) => {
  const client = context.client()
  const [large, small] = [`<${part.repeat(70_000)}>`, `<${part.repeat(10)}>`]
  const call = (text) => ({
    id: 'call_1',
    type: 'function',
    function: { name: 'write', arguments: JSON.stringify({ text }) }
  })
  const message = { role: 'assistant', content: large, refusal: null, tool_calls: [call(large)] }
  const logprobs = { content: [{ token: small, note: [large] }], refusal: null }
  const choices = [{ index: 0, message, logprobs, finish_reason: 'stop' }]
  const body = { id: 'c', object: 'chat.completion', created: 1, model: MODEL, choices }
  const image = { created: 1, data: [{ b64_json: large, revised_prompt: small }] }
  context.gateway.enqueue([{ json: body }, { json: image }, { json: image }, { json: large }])
  const completion = await client.chatCompletion(MODEL, HELLO)
  expect(completion.choices).toEqual(choices)
  expect(JSON.parse(JSON.stringify(completion)).choices).toEqual(choices)
  expect(
    await client.request({ method: 'POST', path: '/v1/images/generations', body: {} })
  ).toEqual(image)
  const told = client.images.generate({ model: 'gpt-image-2', prompt: 'a' }).withResponse()
  expect((await told).data).toEqual(image)
  expect(await client.request({ method: 'GET', path: '/v1/texts' })).toBe(large)
})
