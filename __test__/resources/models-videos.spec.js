'use strict'

// The lists of models, and videos from order to deletion.

const { useGateway, failureOf, eventually } = require('../support/gateway')

const context = useGateway()

test('the list is a promise of a page and a loop over its models', async () => {
  const list = context.client().models.list()
  const ids = []
  for await (const model of list) ids.push(model.id)
  expect((await list).data.map(({ id }) => id)).toEqual(ids)
  expect(ids).toContain('gpt-5.4-mini')
  expect(context.gateway.requests).toHaveLength(1)
})

test('filters of the catalog, lists joined', async () => {
  const { data } = await context.client().models.catalog({
    type: 'llm',
    features: ['tools', 'thinking'],
    model: undefined,
    sort_order: 'desc'
  })
  expect(data.map(({ model_id }) => model_id)).toEqual(['claude-sonnet-4-6'])
  expect(context.gateway.requests[0].query).toEqual({
    type: 'llm',
    features: 'tools,thinking',
    sort_order: 'desc'
  })
  expect(await failureOf(context.client().models.catalog('llm'))).toMatchObject({ param: 'filter' })
})

test('an unchanged catalog is not sent again, and each caller has its own', async () => {
  const client = context.client()
  const first = await client.models.catalog({ type: 'llm' })
  first.data.length = 0
  const again = await client.models.catalog({ type: 'llm' })
  expect(again.data.length).toBeGreaterThan(1)
  const [one, two] = context.gateway.requests
  expect(one.headers['if-none-match']).toBeUndefined()
  expect(two.headers['if-none-match']).toMatch(/^"/)
  await client.models.catalog({ type: 'video' })
  expect(context.gateway.requests[2].headers['if-none-match']).toBeUndefined()
  context.gateway.enqueue({ json: { success: true, data: [] }, headers: { etag: '"new"' } })
  expect((await client.models.catalog({ type: 'llm' })).data).toEqual([])
  await client.models.catalog({ type: 'llm' })
  expect(context.gateway.requests.at(-1).headers['if-none-match']).toBe('"new"')
})

test('success: false is an error', async () => {
  context.gateway.enqueue({ json: { success: false, message: 'not now' } })
  expect(await failureOf(context.client({ maxRetries: 0 }).models.catalog())).toMatchObject({
    message: 'not now'
  })
})

test('a video from its order to its deletion', async () => {
  const { videos } = context.client()
  const job = await videos.create({ model: 'veo-3.1-generate-001', prompt: 'a boat', seconds: '8' })
  const told = []
  const video = await videos.waitFor(job, {
    interval: 1,
    onProgress: ({ status, progress }) => told.push([status, progress])
  })
  expect(told).toEqual([
    ['in_progress', 50],
    ['completed', 100]
  ])
  expect(video).toMatchObject({ id: job.id, status: 'completed', seconds: '8' })
  const content = await videos.content(video.id, { variant: 'video' })
  expect(content.headers.get('content-type')).toBe('video/mp4')
  expect((await content.bytes()).length).toBeGreaterThan(8)
  expect(context.gateway.requests.at(-1).query).toEqual({ variant: 'video' })
  expect(await videos.remix(video.id, { prompt: 'a ship' })).toMatchObject({
    remixed_from_video_id: video.id,
    prompt: 'a ship'
  })
  expect(await videos.delete(video.id)).toEqual({
    id: video.id,
    object: 'video.deleted',
    deleted: true
  })
  expect(await failureOf(videos.retrieve(video.id))).toMatchObject({
    code: 'NOT_FOUND',
    status: 404
  })
})

test('a video that failed is an answer', async () => {
  context.gateway.enqueue({
    json: {
      id: 'v',
      object: 'video',
      status: 'failed',
      error: { code: 'moderation', message: 'no' }
    }
  })
  expect(await context.client().videos.waitFor('v', { interval: 1 })).toMatchObject({
    status: 'failed',
    error: { code: 'moderation' }
  })
})

test('waiting ends by its time, by the signal, and by what onProgress throws', async () => {
  const { videos } = context.client()
  const under_way = { json: { id: 'v', object: 'video', status: 'queued', progress: 0 } }
  context.gateway.enqueue(new Array(20).fill(under_way))
  const started = performance.now()
  expect(await failureOf(videos.waitFor('v', { interval: 20, timeout: 50 }))).toMatchObject({
    code: 'TIMEOUT',
    phase: 'total'
  })
  expect(performance.now() - started).toBeLessThan(200)
  const controller = new AbortController()
  const asked = context.gateway.requests.length
  const failing = failureOf(
    videos.waitFor({ id: 'v' }, { interval: 10_000 }, { signal: controller.signal })
  )
  await eventually(() => context.gateway.requests.length > asked)
  controller.abort('why')
  expect(await failing).toMatchObject({ code: 'ABORTED', cause: 'why' })
  const mine = new Error('mine')
  expect(
    await failureOf(
      videos.waitFor('v', {
        onProgress: () => {
          throw mine
        }
      })
    )
  ).toBe(mine)
  expect(await failureOf(videos.waitFor('v', { interval: -1 }))).toMatchObject({
    param: 'interval'
  })
})

test('ids stay in their place of the path', async () => {
  const { videos } = context.client()
  context.gateway.enqueue({ json: {} })
  await videos.retrieve('a/../../models?x=1#y')
  expect(context.gateway.requests[0].path).toBe('/v1/videos/a%2F..%2F..%2Fmodels%3Fx%3D1%23y')
  for (const id of ['', '..', '.', undefined, 7]) {
    expect(await failureOf(videos.delete(id))).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'id'
    })
  }
  expect(context.gateway.requests).toHaveLength(1)
})
