'use strict'

// Images that the client downloads itself, for models that take inline data only. What stands behind a name
// is played by a proxy: nothing on this machine is a public address.

const { AihubmixModelClient } = require('../..')
const { startHttpProxy } = require('../support/proxies')
const { KEY, failureOf } = require('../support/gateway')
const { clientOf, usePeers } = require('../support/fault')

const peers = usePeers()
const MODEL = 'gemini-3.1-pro-preview'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
)
const ANSWER = JSON.stringify({
  candidates: [{ content: { role: 'model', parts: [{ text: 'a dot' }] }, finishReason: 'STOP' }]
})
const HOST = 'http://images.invalid'

const look = (...urls) => [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is it?' },
      ...urls.map((url) => ({ type: 'image_url', image_url: { url } }))
    ]
  }
]

// A gateway and an open web behind one proxy: `web` answers for images.
async function startWorld(web) {
  const sent = []
  const proxy = peers.add(
    await startHttpProxy({
      answer(request, response) {
        response.setHeader('connection', 'close')
        if (!request.url.startsWith('http://gateway.invalid')) return web(request, response)
        const parts = []
        request.on('data', (part) => parts.push(part))
        request.on('end', () => {
          sent.push(JSON.parse(Buffer.concat(parts)))
          response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
        })
        return undefined
      }
    })
  )
  const client = (options) =>
    new AihubmixModelClient({
      apiKey: KEY,
      baseURL: 'http://gateway.invalid',
      proxy: `http://${proxy.host}`,
      inlineImageUrls: true,
      maxRetries: 0,
      ...options
    })
  return { proxy, sent, client }
}

const png = (_request, response) =>
  response.writeHead(200, { 'content-type': 'text/plain' }).end(PNG)

describe('inlineImageUrls', () => {
  test('downloads each address once, and the bytes say what it is', async () => {
    const asked = []
    const world = await startWorld((request, response) => {
      asked.push(request.headers)
      png(request, response)
    })
    const answer = await world
      .client()
      .chatCompletion(MODEL, look(`${HOST}/a.jpg`, `${HOST}/a.jpg`, `${HOST}/b`))
    expect(answer.choices[0].message.content).toBe('a dot')
    const inline = { inlineData: { mimeType: 'image/png', data: PNG.toString('base64') } }
    expect(world.sent[0].contents[0].parts.slice(1)).toEqual([inline, inline, inline])
    expect(asked).toHaveLength(2)
    expect(JSON.stringify(asked)).not.toContain(KEY.slice(3))
  })

  test('works for streams, and follows redirects', async () => {
    const world = await startWorld((request, response) => {
      if (request.url.endsWith('/moved'))
        response.writeHead(302, { location: 'http://elsewhere.invalid/real' }).end()
      else png(request, response)
    })
    world.sent.length = 0
    // The gateway of this test answers a stream's request whole, which is heard all the same.
    await world.client().chatCompletion(MODEL, look(`${HOST}/moved`), { stream: true })
    expect(world.proxy.asked.slice(0, 2)).toEqual([
      `GET ${HOST}/moved`,
      'GET http://elsewhere.invalid/real'
    ])
    expect(world.sent).toHaveLength(1)
  })

  test.each([
    ['http://127.0.0.1:1/a.png'],
    ['http://localhost/a.png'],
    ['http://169.254.169.254/latest/meta-data'],
    ['http://10.0.0.1/'],
    ['http://[::1]/'],
    ['http://[::ffff:192.168.0.1]/'],
    ['http://2130706433/'],
    ['http://127.1/'],
    ['http://0x7f.1/'],
    ['http://017700000001/'],
    ['http://0/'],
    ['http://①②⑦.0.0.1/'],
    ['http://public.example@127.0.0.1/'],
    ['http://LOCALHOST./'],
    ['http://a.localhost/'],
    ['http://100.64.0.1/'],
    ['http://172.31.255.255/'],
    ['http://198.18.0.1/'],
    ['http://224.0.0.1/'],
    ['http://[::]/'],
    ['http://[fe80::1]/'],
    ['http://[fd00::1]/'],
    ['http://[64:ff9b::7f00:1]/'],
    ['http://[2002:7f00:1::]/'],
    ['http://intranet/a.png']
  ])('asks nobody at %s', async (url) => {
    const world = await startWorld(png)
    const error = await failureOf(world.client().chatCompletion(MODEL, look(url)))
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      param: 'messages[0].content',
      attempts: 0,
      retryable: false
    })
    expect(error.message).toContain('public')
    expect(world.proxy.asked).toEqual([])
  })

  test('asks nobody on this machine without a proxy either, whatever its name is', async () => {
    const peer = await peers.start((_, __, wire) => wire.answer(200, PNG))
    for (const url of [peer.url, `http://127.0.0.1:${peer.port}`]) {
      const error = await failureOf(
        clientOf(peer, { inlineImageUrls: true }).chatCompletion(MODEL, look(`${url}/a.png`))
      )
      expect(error).toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining('public')
      })
    }
    expect(peer.connections).toBe(0)
  })

  test('is not led to a private address', async () => {
    const world = await startWorld((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
    )
    const error = await failureOf(world.client().chatCompletion(MODEL, look(`${HOST}/a.png`)))
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('public')
    })
    expect(world.proxy.asked).toEqual([`GET ${HOST}/a.png`])
  })

  test('is not led in a circle', async () => {
    const world = await startWorld((_, response) =>
      response.writeHead(302, { location: '/again' }).end()
    )
    const error = await failureOf(world.client().chatCompletion(MODEL, look(`${HOST}/a.png`)))
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('redirects')
    })
    expect(world.proxy.asked).toHaveLength(6)
  })

  test('refuses what is not there, too large, or no image', async () => {
    const world = await startWorld((request, response) => {
      if (request.url.endsWith('/missing')) response.writeHead(404).end()
      else if (request.url.endsWith('/large'))
        response.writeHead(200, { 'content-length': (20 << 20) + 1 }).write(PNG)
      else response.end('<!doctype html>')
    })
    for (const [path, why] of [
      ['missing', '404'],
      ['large', '20971520 bytes'],
      ['page', 'no image']
    ]) {
      const error = await failureOf(
        world.client().chatCompletion(MODEL, look('data:image/png;base64,AAAA', `${HOST}/${path}`))
      )
      expect(error).toMatchObject({
        code: 'INVALID_REQUEST',
        param: 'messages[0].content',
        message: expect.stringContaining(why)
      })
    }
    expect(world.sent).toEqual([])
  })

  test('covers the download with the call’s timers', async () => {
    const world = await startWorld(() => {})
    const error = await failureOf(
      world.client({ timeout: { total: 150 } }).chatCompletion(MODEL, look(`${HOST}/a.png`))
    )
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      phase: 'total',
      message: expect.stringContaining('image')
    })
  })

  test('is off by default, and the error names it', async () => {
    const world = await startWorld(png)
    const error = await failureOf(
      world.client({ inlineImageUrls: false }).chatCompletion(MODEL, look(`${HOST}/a.png`))
    )
    expect(error).toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringContaining('inlineImageUrls')
    })
    expect(world.proxy.asked).toEqual([])
  })

  test('downloads nothing for models that take addresses', async () => {
    const world = await startWorld(png)
    const { body } = world.client().buildRequest('gpt-5.4-mini', look(`${HOST}/a.png`))
    expect(JSON.stringify(body)).toContain(`${HOST}/a.png`)
  })

  test('of a dry run shows an empty image, with a warning', async () => {
    const world = await startWorld(png)
    const { body, warnings } = world.client().buildRequest(MODEL, look(`${HOST}/a.png`))
    expect(body.contents[0].parts[1]).toEqual({ inlineData: { mimeType: 'image/*', data: '' } })
    expect(warnings).toContainEqual({
      code: 'not_downloaded',
      param: 'messages[0].content',
      message: expect.any(String)
    })
    expect(world.proxy.asked).toEqual([])
  })
})
