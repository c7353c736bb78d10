'use strict'

// The end of a client.

const { MODEL, HELLO, useGateway, failureOf, eventually } = require('./support/gateway')
const { chunk, readAll } = require('./support/sse')

const context = useGateway()

describe('close()', () => {
  test('may be called twice, and calls after it are refused', async () => {
    const client = context.client()
    await client.chatCompletion(MODEL, HELLO)
    client.close()
    client.close()
    expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({ code: 'ABORTED' })
    expect(await failureOf(client.chatCompletion(MODEL, HELLO, { stream: true }))).toMatchObject({
      code: 'ABORTED'
    })
    expect(
      await failureOf(client.chat.completions.create({ model: MODEL, messages: HELLO }))
    ).toMatchObject({ code: 'ABORTED' })
    expect(context.gateway.requests).toHaveLength(1)
  })

  test('cancels what is in flight, whole, streamed and waiting to retry', async () => {
    const client = context.client()
    context.gateway.enqueue([
      { match: ({ body }) => body.user === 'whole', stallAfter: 0 },
      {
        match: ({ body }) => body.user === 'stream',
        sse: [chunk({ content: 'one' }), chunk({ content: 'two' })],
        gapMs: 60_000
      },
      { match: ({ body }) => body.user === 'retry', status: 503, headers: { 'retry-after': '50' } }
    ])
    const stream = await client.chatCompletion(MODEL, HELLO, { stream: true, user: 'stream' })
    const failures = [
      failureOf(client.chatCompletion(MODEL, HELLO, { user: 'whole' })),
      failureOf(client.chatCompletion(MODEL, HELLO, { user: 'retry' })),
      failureOf(readAll(stream))
    ]
    await eventually(() => context.gateway.requests.length === 3)
    client.close()
    for (const error of await Promise.all(failures)) {
      expect(error).toMatchObject({ code: 'ABORTED' })
      expect(error.cause.message).toBe('the client was closed')
    }
    await eventually(() => context.gateway.closedEarly === 2)
  })

  test('leaves other clients alone', async () => {
    const [one, other] = [context.client(), context.client()]
    context.gateway.enqueue({ chat: 'still here', delayMs: 50 })
    const answer = other.chatCompletion(MODEL, HELLO)
    one.close()
    expect((await answer).choices[0].message.content).toBe('still here')
  })

  test('is what `using` calls', async () => {
    const client = context.client()
    client[Symbol.dispose ?? Symbol.for('nodejs.dispose')]()
    expect(await failureOf(client.chatCompletion(MODEL, HELLO))).toMatchObject({ code: 'ABORTED' })
  })
})
