'use strict'

// Answers of the Responses API that are kept: in the background, taken up again, ended, deleted; and clients over clients.

const { useGateway, failureOf } = require('../support/gateway')

const context = useGateway()
const create = (more) =>
  context.client().responses.create({ model: 'gpt-5.5', input: 'hello', ...more })

test('an answer in the background is asked for until it is there', async () => {
  const { responses } = context.client()
  const seen = []
  let response = await create({ background: true })
  while (response.status !== 'completed') {
    seen.push(response.status)
    response = await responses.retrieve(response.id)
  }
  expect(seen).toEqual(['queued', 'in_progress'])
  expect(response.output_text).toBe('You said: hello')
})

test('a stream is taken up again after the last event that arrived', async () => {
  const { responses } = context.client()
  const events = []
  for await (const event of await create({ stream: true })) {
    events.push(event)
    if (event.type === 'response.output_text.delta') break
  }
  const { response } = events[0]
  const query = { stream: true, starting_after: events.at(-1).sequence_number }
  for await (const event of await responses.retrieve(response.id, query)) events.push(event)
  expect(events.map(({ sequence_number: number }) => number)).toEqual(events.map((_, at) => at))
  expect(events.at(-1).type).toBe('response.completed')
})

test('an answer is ended, and deleted', async () => {
  const { responses } = context.client()
  const { id } = await create({ background: true })
  expect((await responses.cancel(id)).status).toBe('cancelled')
  expect(await responses.delete(id)).toEqual({ id, object: 'response', deleted: true })
  expect(await failureOf(responses.retrieve(id))).toMatchObject({ code: 'NOT_FOUND' })
  expect(await failureOf(responses.cancel((await create()).id))).toMatchObject({ status: 400 })
  expect(await failureOf(responses.retrieve(''))).toMatchObject({ param: 'id' })
})

test('a client with other options keeps the rest', async () => {
  const client = context.client({ headers: { 'x-mine': '1' }, maxRetries: 0 })
  const other = client.withOptions({ appCode: 'CODE1234' })
  client.close()
  await other.responses.create({ model: 'gpt-5.5', input: 'hello' })
  const { headers } = context.gateway.requests[0]
  expect(headers).toMatchObject({ 'x-mine': '1', 'app-code': 'CODE1234' })
  expect(() => other.withOptions('sk-x')).toThrow(/must be an object/)
})
