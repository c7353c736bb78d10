'use strict'

// Where a stream begins and ends: the same for chats and for the vendors' own events.

const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('..')
const { KEY, HELLO, failureOf } = require('./support/gateway')
const { startHttpServer, completion } = require('./support/servers')
const { chunk, readAll } = require('./support/sse')

const GEMINI = 'gemini-2.5-flash'
const USAGE = { usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 9 } }

const event = (data) => `data: ${JSON.stringify(data)}\n\n`
const part = (index, text, finishReason) => ({
  index,
  content: { role: 'model', parts: text === undefined ? [] : [{ text }] },
  finishReason
})
const gemini = (candidates, members) =>
  event({ candidates, modelVersion: GEMINI, responseId: 'r', ...members })

// Each word is one piece, each wait in milliseconds is before it.
async function answering(pieces, contentType = 'text/event-stream') {
  const server = await startHttpServer(async (_request, response) => {
    response.writeHead(200, { 'content-type': contentType })
    for (const piece of pieces) {
      if (typeof piece === 'number') await sleep(piece)
      else response.write(piece)
    }
    response.end()
  })
  const client = new AihubmixModelClient({ apiKey: KEY, baseURL: server.url, maxRetries: 0 })
  return { client, close: () => server.close() }
}

// What each choice said: of a chat, and of Gemini's own events.
async function chatSaid(client, options) {
  const stream = await client.chatCompletion(GEMINI, HELLO, { stream: true, ...options })
  const said = []
  for (const { choices } of await readAll(stream)) {
    for (const { index, delta } of choices)
      said[index] = (said[index] ?? '') + (delta.content ?? '')
  }
  return said
}

async function eventsSaid(client) {
  const contents = [{ role: 'user', parts: [{ text: 'x' }] }]
  const stream = await client.gemini.generateContent({ model: GEMINI, contents, stream: true })
  const said = []
  for (const { candidates = [] } of await readAll(stream)) {
    for (const { index, content } of candidates) {
      said[index] = (said[index] ?? '') + (content.parts[0]?.text ?? '')
    }
  }
  return said
}

describe('a finish reason is not the end', () => {
  // Longer than a finished stream is listened to without a word.
  const LONG = 2_300

  test.each([
    [
      'with nothing said yet',
      [gemini([part(0, undefined, 'STOP')]), LONG, gemini([part(0, 'a')])],
      ['a']
    ],
    [
      'in every chunk',
      [
        gemini([part(0, 'a', 'STOP')]),
        1_300,
        gemini([part(0, 'b', 'STOP')]),
        1_300,
        gemini([part(0, 'c', 'STOP')])
      ],
      ['abc']
    ],
    [
      'while another candidate goes on',
      [gemini([part(0, 'a', 'STOP'), part(1, 'b')]), LONG, gemini([part(1, 'c', 'STOP')])],
      ['a', 'bc']
    ]
  ])('%s', async (_name, script, said) => {
    const end = gemini(
      said.map((_, index) => part(index, undefined, 'STOP')),
      USAGE
    )
    const { client, close } = await answering([...script, end])
    try {
      const both = await Promise.all([chatSaid(client, { n: said.length }), eventsSaid(client)])
      expect(both).toEqual([said, said])
    } finally {
      await close()
    }
  })
})

describe('a whole answer in place of a stream', () => {
  const response = {
    id: 'r',
    object: 'response',
    status: 'completed',
    model: 'gpt-4o',
    output: [{ type: 'message', content: [{ type: 'output_text', text: 'hello' }] }]
  }

  test.each([
    ['at once', []],
    ['behind blank lines that keep the connection alive', ['\n', 30, '\n', 30]],
    ['behind a byte order mark', ['\ufeff', 30]]
  ])('%s', async (_name, lead) => {
    const chat = await answering([...lead, completion()], 'application/json')
    const native = await answering([...lead, JSON.stringify(response)], 'application/json')
    try {
      const stream = await chat.client.chatCompletion('gpt-4o', HELLO, { stream: true })
      expect((await stream.finalChatCompletion()).choices[0].message.content).toBe('hi')
      const whole = await chat.client.chatCompletion('gpt-4o', HELLO)
      expect(whole.choices[0].message.content).toBe('hi')

      const { responses } = native.client
      const events = await readAll(
        await responses.create({ model: 'gpt-4o', input: 'x', stream: true })
      )
      expect(events).toEqual([response])
      expect(await responses.create({ model: 'gpt-4o', input: 'x' })).toMatchObject(response)
    } finally {
      await Promise.all([chat.close(), native.close()])
    }
  })
})

test('the end in the middle of an event is an interruption like the end between two', async () => {
  const said = event(chunk({ role: 'assistant', content: 'half' }))
  const created = event({ type: 'response.created', response: {} })
  for (const cut of ['', said.slice(0, 30)]) {
    const chat = await answering([said + cut])
    const native = await answering([created + cut])
    try {
      const stream = await chat.client.chatCompletion('gpt-4o', HELLO, { stream: true })
      expect(await failureOf(readAll(stream))).toMatchObject({
        code: 'STREAM_INTERRUPTED',
        retryable: true,
        partial: { choices: [{ message: { content: 'half' } }] }
      })
      const { responses } = native.client
      const events = await responses.create({ model: 'gpt-4o', input: 'x', stream: true })
      expect(await failureOf(readAll(events))).toMatchObject({ code: 'STREAM_INTERRUPTED' })
    } finally {
      await Promise.all([chat.close(), native.close()])
    }
  }
})
