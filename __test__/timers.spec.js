'use strict'

// How long a call may take, and how often it is tried.

const { MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

describe('retries and timers of a client', () => {
  test('`maxRetries` counts what comes after the first attempt, and a call may differ', async () => {
    context.gateway.enqueue(
      Array.from({ length: 9 }, () => ({ status: 500, headers: { 'retry-after-ms': '1' } }))
    )
    const client = context.client({ maxRetries: 1 })
    expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({ attempts: 2 })
    expect(
      await failureOf(client.chatCompletion(MODEL, HELLO, {}, { maxRetries: 3 }))
    ).toMatchObject({ attempts: 4 })
    expect(
      await failureOf(client.chatCompletion(MODEL, HELLO, {}, { maxRetries: 0 }))
    ).toMatchObject({ attempts: 1 })
    expect(context.gateway.requests).toHaveLength(7)
  })

  test('by default a call is retried twice', async () => {
    context.gateway.enqueue(
      Array.from({ length: 2 }, () => ({ status: 503, headers: { 'retry-after-ms': '1' } }))
    )
    expect((await context.client().chatCompletion(MODEL, HELLO)).aihubmix.attempts).toBe(3)
  })

  test('a plain number is the whole call’s time', async () => {
    context.gateway.enqueue([{ stallAfter: 0 }, { stallAfter: 0 }])
    expect(
      await failureOf(context.client({ timeout: 50 }).chatCompletion(MODEL, HELLO))
    ).toMatchObject({
      code: 'TIMEOUT',
      phase: 'total'
    })
    const patient = context.client({ timeout: 60_000 })
    expect(
      await failureOf(patient.chatCompletion(MODEL, HELLO, {}, { timeout: 50 }))
    ).toMatchObject({ phase: 'total' })
  })

  test('of a stream it is the time to the first delta', async () => {
    context.gateway.enqueue([{ stallAfter: 0 }, { chat: 'slow but steady words', gapMs: 40 }])
    const client = context.client({ timeout: 100 })
    const options = { stream: true }
    expect(await failureOf(client.chatCompletion(MODEL, HELLO, options))).toMatchObject({
      code: 'TIMEOUT',
      phase: 'response'
    })
    const answer = await (await client.chatCompletion(MODEL, HELLO, options)).finalChatCompletion()
    expect(answer.choices[0].message.content).toBe('slow but steady words')
  })

  test('each timer has its own message', async () => {
    const silent = { delayMs: 60_000 }
    context.gateway.enqueue([
      silent,
      { chat: 'half an answer', chunkBytes: 10, stallAfter: 20 },
      silent
    ])
    const messages = []
    for (const phase of ['response', 'idle', 'total']) {
      const error = await failureOf(
        context.client({ timeout: { [phase]: 40 } }).chatCompletion(MODEL, HELLO)
      )
      expect(error).toMatchObject({ code: 'TIMEOUT', phase })
      messages.push(error.message)
    }
    expect(new Set(messages).size).toBe(3)
  })
})
