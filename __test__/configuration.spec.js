'use strict'

// What a client can be told at construction, and what it does with it.

const { AihubmixModelClient, AihubmixError } = require('..')
const { KEY, MODEL, HELLO, useGateway, failureOf } = require('./support/gateway')

const context = useGateway()

const VARIABLES = [
  'AIHUBMIX_API_KEY',
  'AIHUBMIX_BASE_URL',
  'AIHUBMIX_APP_CODE',
  'AIHUBMIX_LOG',
  'NODE_EXTRA_CA_CERTS'
]
const PROXIES = [
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY'
]
const before = { ...process.env }

beforeEach(() => {
  for (const name of [...VARIABLES, ...PROXIES]) delete process.env[name]
})
afterAll(() => {
  for (const name of [...VARIABLES, ...PROXIES]) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
})

const built = (options) =>
  new AihubmixModelClient({ apiKey: KEY, ...options }).buildRequest(MODEL, HELLO)
const refusal = (options) => failureOf(async () => new AihubmixModelClient(options))

describe('the API key', () => {
  test('is the only argument, or an option', async () => {
    for (const argument of [KEY, { apiKey: KEY }]) {
      const client = new AihubmixModelClient(argument)
      expect(client.getBaseURL()).toBe('https://aihubmix.com')
    }
    await context.client().chatCompletion(MODEL, HELLO)
    expect(context.gateway.requests[0].headers.authorization).toBe(`Bearer ${KEY}`)
  })

  test.each([
    [undefined],
    [{}],
    [''],
    [{ apiKey: '' }],
    [{ apiKey: '   ' }],
    [{ apiKey: null }],
    [{ apiKey: undefined }]
  ])('missing as %j is an error that names the variable', async (options) => {
    const error = await refusal(options)
    expect(error).toBeInstanceOf(AihubmixError)
    expect(error).toMatchObject({
      code: 'CONFIG_ERROR',
      param: 'apiKey',
      retryable: false,
      attempts: 0
    })
    expect(error.message).toContain('AIHUBMIX_API_KEY')
  })

  test('with a line break or other control character is refused without being shown', async () => {
    for (const key of [
      'sk-012345678\n9',
      'sk-012345678\r\nX-Evil: 1',
      'sk-012345678\u0000',
      'sk-012345678ключ'
    ]) {
      const error = await refusal({ apiKey: key })
      expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: 'apiKey' })
      expect(error.message).not.toContain('012345678')
    }
  })

  test('white space around it, as of a file, is no part of it', async () => {
    await context.client({ apiKey: ` ${KEY}\n` }).chatCompletion(MODEL, HELLO)
    expect(context.gateway.requests[0].headers.authorization).toBe(`Bearer ${KEY}`)
  })
})

describe('the environment', () => {
  test('gives key, base URL and app code', async () => {
    process.env.AIHUBMIX_API_KEY = 'sk-from-the-environment'
    process.env.AIHUBMIX_BASE_URL = `${context.gateway.url}/v1/`
    process.env.AIHUBMIX_APP_CODE = 'CODE1'
    await new AihubmixModelClient().chatCompletion(MODEL, HELLO)
    const { headers, path } = context.gateway.requests[0]
    expect(path).toBe('/v1/chat/completions')
    expect(headers.authorization).toBe('Bearer sk-from-the-environment')
    expect(headers['app-code']).toBe('CODE1')
  })

  test('is read at construction, and loses against options', () => {
    process.env.AIHUBMIX_API_KEY = KEY
    process.env.AIHUBMIX_BASE_URL = 'https://one.example'
    process.env.AIHUBMIX_APP_CODE = 'CODE1'
    const client = new AihubmixModelClient()
    process.env.AIHUBMIX_BASE_URL = 'https://two.example'
    expect(client.getBaseURL()).toBe('https://one.example')
    expect(new AihubmixModelClient().getBaseURL()).toBe('https://two.example')
    expect(new AihubmixModelClient({ baseURL: 'https://three.example' }).getBaseURL()).toBe(
      'https://three.example'
    )
    expect(built({ appCode: 'CODE2' }).headers['app-code']).toBe('CODE2')
  })

  test('empty variables count as absent', async () => {
    for (const name of [...VARIABLES, ...PROXIES]) process.env[name] = ''
    expect((await refusal()).message).toContain('AIHUBMIX_API_KEY')
    expect(new AihubmixModelClient(KEY).getBaseURL()).toBe('https://aihubmix.com')
    expect(built().headers).not.toHaveProperty('app-code')
  })

  test('holding the placeholder of the guide as app code gives no header', () => {
    process.env.AIHUBMIX_APP_CODE = 'App Code can be obtained from https://aihubmix.com/appstore'
    expect(built().headers).not.toHaveProperty('app-code')
  })

  test('a log level that is none is an error that names the variable', async () => {
    process.env.AIHUBMIX_LOG = 'loud'
    expect(await refusal(KEY)).toMatchObject({ code: 'CONFIG_ERROR', param: 'AIHUBMIX_LOG' })
  })

  test('proxies do not apply to loopback hosts', async () => {
    for (const name of ['http_proxy', 'https_proxy', 'all_proxy'])
      process.env[name] = 'http://127.0.0.1:9'
    const answer = await context.client().chatCompletion(MODEL, HELLO)
    expect(answer.choices[0].message.content).toBe('You said: hello')
  })
})

describe('every option', () => {
  test.each([
    ['apiKey', [42, {}, [], true, 1n, Symbol('key')]],
    [
      'baseURL',
      [42, 'no url', 'ftp://host', 'https://user:pw@host', 'https://host?x=1', 'localhost:3000']
    ],
    ['fallbackBaseURLs', ['no url', [42], ['https://ok.example', 'x'], {}]],
    ['appCode', [42, 'a\nb', {}]],
    [
      'headers',
      ['x', 42, [], { 'bad name': 'x' }, { 'x-a': 'a\r\nx-b: c' }, { 'x-a': {} }, { 'x-a': 'ключ' }]
    ],
    ['timeout', ['soon', -1, NaN, Infinity, { connect: 'x' }, { idle: NaN }, { never: 1 }, true]],
    ['maxRetries', ['2', -1, 1.5, NaN, {}, 2n]],
    ['proxy', [true, 42, 'ftp://host', 'http://', {}]],
    ['ca', ['/etc/ssl/cert.pem', 42, ['x'], {}]],
    ['openaiApi', ['chat', 1, {}]],
    ['cacheTags', ['none', 1, true]],
    ['inlineImageUrls', ['yes', 1]],
    ['limits', [42, { answer: 0 }, { event: -1 }, { answer: 'x' }, { size: 1 }]],
    ['logLevel', ['loud', 1]]
  ])('`%s` of the wrong kind is an error that names it', async (name, wrong) => {
    for (const value of wrong) {
      const error = await refusal({ apiKey: KEY, [name]: value })
      expect(error).toBeInstanceOf(AihubmixError)
      expect(error.code).toBe('CONFIG_ERROR')
      expect(error.param).toMatch(new RegExp(`^${name}`))
      expect(error.message).toContain(name)
    }
  })

  test('may be undefined or null', () => {
    for (const nothing of [undefined, null]) {
      const options = Object.fromEntries(
        [
          'baseURL',
          'fallbackBaseURLs',
          'appCode',
          'headers',
          'timeout',
          'maxRetries',
          'proxy',
          'ca',
          'openaiApi',
          'cacheTags',
          'inlineImageUrls',
          'limits',
          'logger',
          'logLevel'
        ].map((name) => [name, nothing])
      )
      expect(new AihubmixModelClient({ apiKey: KEY, ...options }).getBaseURL()).toBe(
        'https://aihubmix.com'
      )
    }
  })

  test('in its right form is accepted', () => {
    const client = new AihubmixModelClient({
      apiKey: async () => KEY,
      baseURL: 'https://one.example',
      fallbackBaseURLs: ['https://two.example'],
      appCode: 'CODE1',
      headers: { 'X-Own': '1' },
      timeout: { connect: 1000, response: 2000, idle: 3000, total: 4000 },
      maxRetries: 0,
      proxy: 'socks5h://user:pass@127.0.0.1:1080',
      ca: [],
      openaiApi: 'auto',
      cacheTags: 'all',
      inlineImageUrls: true,
      limits: { answer: 1000, event: 1000 },
      logger: console,
      logLevel: 'warn'
    })
    expect(client.getBaseURL()).toBe('https://one.example')
  })

  test('that does not exist is an error that names it, with the name that was meant', async () => {
    for (const [name, meant] of [
      ['baseUrl', 'baseURL'],
      ['defaultHeaders', 'headers'],
      ['MaxRetries', 'maxRetries']
    ]) {
      const error = await refusal({ apiKey: KEY, [name]: 'x' })
      expect(error).toMatchObject({ code: 'CONFIG_ERROR', param: name })
      expect(error.message).toContain(`did you mean ${meant}?`)
    }
    expect(await refusal({ apiKey: KEY, colour: 'red' })).toMatchObject({
      code: 'CONFIG_ERROR',
      param: 'colour'
    })
  })

  test.each([[42], [true], [[]], [null], [() => KEY], [Symbol('options')]])(
    'options that are no object: %p',
    async (options) => {
      expect(await refusal(options)).toMatchObject({ code: 'CONFIG_ERROR', param: 'options' })
    }
  )

  test('an options object that refers to itself is an error that names where', async () => {
    const headers = {}
    headers.self = headers
    expect(await refusal({ apiKey: KEY, headers })).toMatchObject({
      code: 'CONFIG_ERROR',
      param: 'headers.self'
    })
    const options = { apiKey: KEY }
    options.limits = options
    expect(await refusal(options)).toMatchObject({ code: 'CONFIG_ERROR' })
  })

  test('a password of a proxy is not shown by the error', async () => {
    const error = await refusal({ apiKey: KEY, proxy: 'ftp://user:hunter2@host' })
    expect(error.message).not.toContain('hunter2')
  })
})
