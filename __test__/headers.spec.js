'use strict'

// The headers of a request: the user’s, the client’s and the route’s own.

const { KEY, MODEL, HELLO, useGateway } = require('./support/gateway')

const context = useGateway()

const built = (options) => context.client(options).buildRequest(MODEL, HELLO)

describe('headers', () => {
  test('without an app code there is none: the placeholder of the guide is never sent', async () => {
    const placeholders = [
      undefined,
      '',
      'App Code',
      'App Code can be obtained from https://aihubmix.com/appstore'
    ]
    for (const appCode of placeholders)
      expect(built({ appCode }).headers).not.toHaveProperty('app-code')
    expect(built({ headers: { 'APP-Code': 'App Code' } }).headers).not.toHaveProperty('app-code')
    await context.client({ appCode: 'App Code' }).chatCompletion(MODEL, HELLO)
    expect(context.gateway.requests[0].headers).not.toHaveProperty('app-code')
  })

  test('are merged without regard to case, and the later word wins', async () => {
    const client = context.client({
      appCode: 'OPTION',
      headers: { 'app-CODE': 'CLIENT', 'X-One': 'client', 'x-two': 'client' }
    })
    await client.chatCompletion(
      MODEL,
      HELLO,
      {},
      { headers: { 'X-TWO': 'call', 'x-three': 'call' } }
    )
    await client.chatCompletion(MODEL, HELLO, {}, { headers: { 'App-Code': 'CALL' } })
    const [first, second] = context.gateway.requests.map(({ headers }) => headers)
    expect(first).toMatchObject({
      'app-code': 'CLIENT',
      'x-one': 'client',
      'x-two': 'call',
      'x-three': 'call'
    })
    expect(second).toMatchObject({ 'app-code': 'CALL', 'x-two': 'client' })
  })

  test('may be given as Headers or as a Map', async () => {
    const client = context.client({ headers: new Headers({ 'X-One': '1' }) })
    await client.chatCompletion(MODEL, HELLO, {}, { headers: new Map([['X-Two', '2']]) })
    expect(context.gateway.requests[0].headers).toMatchObject({ 'x-one': '1', 'x-two': '2' })
  })

  test('null takes one away', async () => {
    await context
      .client({ appCode: 'CODE1' })
      .chatCompletion(MODEL, HELLO, {}, { headers: { 'app-code': null } })
    expect(context.gateway.requests[0].headers).not.toHaveProperty('app-code')
  })

  test.each([
    'authorization',
    'X-API-Key',
    'x-goog-api-key',
    'Content-Length',
    'content-type',
    'Host',
    'Connection',
    'Transfer-Encoding'
  ])('`%s` is the route’s or the connection’s own: left out with a warning', async (name) => {
    const expected = [
      expect.objectContaining({ code: 'ignored_header', param: `headers.${name.toLowerCase()}` })
    ]
    const { aihubmix } = await context
      .client()
      .chatCompletion(MODEL, HELLO, {}, { headers: { [name]: '1' } })
    expect(aihubmix.warnings).toEqual(expected)
    expect(
      (await context.client({ headers: { [name]: '1' } }).chatCompletion(MODEL, HELLO)).aihubmix
        .warnings
    ).toEqual(expected)
    for (const { headers } of context.gateway.requests) {
      expect(headers.authorization).toBe(`Bearer ${KEY}`)
      expect(headers['x-api-key']).toBeUndefined()
      expect(headers['content-type']).toBe('application/json')
    }
  })
})
