'use strict'

// Images: which endpoint a model has, and one result for all.

const { useGateway, failureOf, eventually } = require('../support/gateway')

const context = useGateway()
const generate = (body, request) => context.client().images.generate(body, request)

test.each([
  ['gpt-image-2', '/v1/images/generations'],
  ['gpt-image-2', '/v1/images/generations'],
  ['black-forest/flux', '/v1/images/generations'],
  ['openai', '/v1/images/generations'],
  ['openai/gpt-image-1', '/v1/models/openai/gpt-image-1/predictions'],
  ['bfl/flux-kontext-max', '/v1/models/bfl/flux-kontext-max/predictions'],
  ['google/imagen-4.0-generate-001', '/v1/models/google/imagen-4.0-generate-001/predictions'],
  ['ideogram/V3', '/v1/models/ideogram/V3/predictions'],
  ['doubao/seedream', '/v1/models/doubao/seedream/predictions'],
  ['bailian/qwen-image', '/v1/models/bailian/qwen-image/predictions'],
  ['qianfan/x', '/v1/models/qianfan/x/predictions'],
  ['imagen-4.0-generate-001', '/gemini/v1beta/models/imagen-4.0-generate-001:predict'],
  ['Imagen-3', '/gemini/v1beta/models/Imagen-3:predict']
])('%s is asked at %s', async (model, path) => {
  const { created, data } = await generate({ model, prompt: 'a fox' })
  expect(Number.isInteger(created)).toBe(true)
  expect(data.length).toBe(1)
  expect(data[0].b64_json ?? data[0].url).toMatch(/^(?:iVBOR|http)/)
  expect(context.gateway.requests[0].path).toBe(path)
})

test("Imagen's parameters", async () => {
  const body = {
    model: 'imagen-4.0-generate-001',
    prompt: 'a fox',
    n: 2,
    personGeneration: 'dont_allow',
    output_format: 'jpeg',
    output_compression: 80,
    response_format: 'b64_json',
    quality: 'hd',
    user: 'u'
  }
  const { data } = await generate({ ...body, size: '1792x1024' })
  expect(data).toHaveLength(2)
  expect(context.gateway.requests[0].body).toEqual({
    instances: [{ prompt: 'a fox' }],
    parameters: {
      includeRaiReason: true,
      sampleCount: 2,
      aspectRatio: '16:9',
      personGeneration: 'dont_allow',
      outputOptions: { mimeType: 'image/jpeg', compressionQuality: 80 }
    }
  })
  for (const [size, ratio] of [
    ['1024x1024', '1:1'],
    ['1024x1536', '3:4'],
    ['1536x1024', '4:3'],
    ['1024x1792', '9:16'],
    ['auto', undefined]
  ]) {
    await generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox', size })
    expect(context.gateway.requests.at(-1).body.parameters.aspectRatio).toBe(ratio)
  }
  expect(
    await failureOf(generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox', size: 'large' }))
  ).toMatchObject({ param: 'size' })
  expect(
    await failureOf(generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox', stream: true }))
  ).toMatchObject({ param: 'stream' })
})

test('images that Imagen withheld are warned of with their reasons', async () => {
  const predictions = [{ raiFilteredReason: 'no' }, { bytesBase64Encoded: 'QUJD' }, {}]
  context.gateway.enqueue({ json: { predictions } })
  const { data, aihubmix } = await generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox' })
  expect(data).toEqual([{ b64_json: 'QUJD' }])
  expect(aihubmix.warnings.map(({ message }) => message)).toEqual([
    'no',
    'an image was withheld without a reason'
  ])
})

test.each([
  [{ predictions: [{ raiFilteredReason: 'Support codes: 29310472' }] }, /29310472/],
  [{ predictions: [] }, /no image/],
  [{}, /no image/]
])('an answer of Imagen without an image is an error: %j', async (json, message) => {
  context.gateway.enqueue({ json })
  const error = await failureOf(generate({ model: 'imagen-4.0-generate-001', prompt: 'a fox' }))
  expect(error).toMatchObject({ code: 'INVALID_RESPONSE', type: 'content_filter', body: json })
  expect(error.message).toMatch(message)
  expect(error.retryable).toBe(false)
})

test('a vendor gets everything but the model as its input', async () => {
  await generate({
    model: 'ideogram/V3',
    prompt: 'a fox',
    rendering_speed: 'QUALITY',
    aspect_ratio: '2x1'
  })
  expect(context.gateway.requests[0].body).toEqual({
    input: { prompt: 'a fox', rendering_speed: 'QUALITY', aspect_ratio: '2x1' }
  })
})

test.each([
  [
    { output: { b64_json: [{ bytesBase64: 'QUJD' }, { bytesBase64: 'REVG' }] } },
    [{ b64_json: 'QUJD' }, { b64_json: 'REVG' }]
  ],
  [{ output: [{ b64_json: 'QUJD' }] }, [{ b64_json: 'QUJD' }]],
  [
    { output: [{ url: 'https://p.example/1.png' }, 'https://p.example/2.png'] },
    [{ url: 'https://p.example/1.png' }, { url: 'https://p.example/2.png' }]
  ],
  [{ output: 'data:image/png;base64,QUJD' }, [{ b64_json: 'QUJD' }]],
  [
    { output: { images: [{ url: 'https://p.example/1.png' }] } },
    [{ url: 'https://p.example/1.png' }]
  ],
  [{ data: [{ b64_json: 'QUJD' }], created: 7 }, [{ b64_json: 'QUJD' }]],
  [{ output: [] }, []]
])('the images of %j', async (answer, data) => {
  context.gateway.enqueue({ json: answer })
  expect((await generate({ model: 'doubao/x', prompt: 'a fox' })).data).toEqual(data)
})

test('an image that takes its time is asked for again', async () => {
  const url = `${context.gateway.url}/v1/predictions/1`
  context.gateway.enqueue([
    { json: { output: [{ polling_url: url }] } },
    { json: { status: 'Pending' } },
    { json: { status: 'Ready', result: { sample: 'https://p.example/1.png' } } }
  ])
  expect((await generate({ model: 'bfl/flux', prompt: 'a fox' })).data).toEqual([
    { url: 'https://p.example/1.png' }
  ])
  expect(context.gateway.requests).toHaveLength(3)
  context.gateway.enqueue([
    { json: { output: [{ polling_url: url }] } },
    { json: { status: 'Content Moderated' } }
  ])
  expect(await failureOf(generate({ model: 'bfl/flux', prompt: 'a fox' }))).toMatchObject({
    code: 'INVALID_RESPONSE',
    message: expect.stringMatching(/Content Moderated/)
  })
})

test('asking again ends with the signal, and never leaves the origin', async () => {
  const url = `${context.gateway.url}/v1/predictions/1`
  context.gateway.enqueue([
    { json: { output: [{ polling_url: url }] } },
    { json: { status: 'Pending' } }
  ])
  const controller = new AbortController()
  const failing = failureOf(
    generate({ model: 'bfl/flux', prompt: 'a fox' }, { signal: controller.signal })
  )
  await eventually(() => context.gateway.requests.length === 2)
  controller.abort('why')
  expect(await failing).toMatchObject({ code: 'ABORTED', cause: 'why' })
  context.gateway.enqueue({ json: { output: [{ polling_url: 'https://evil.example/1' }] } })
  expect(await failureOf(generate({ model: 'bfl/flux', prompt: 'a fox' }))).toMatchObject({
    code: 'INVALID_REQUEST',
    param: 'path'
  })
})

test('a streamed image', async () => {
  const events = [
    { type: 'image_generation.partial_image', b64_json: 'QQ==' },
    { type: 'image_generation.completed', b64_json: 'QUJD' }
  ]
  context.gateway.enqueue({ sse: events })
  const seen = []
  for await (const event of await generate({ model: 'gpt-image-2', prompt: 'a fox', stream: true }))
    seen.push(event)
  expect(seen).toEqual(events)
})
