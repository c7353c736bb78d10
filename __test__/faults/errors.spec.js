'use strict'

// Error answers in all shapes that the gateway and the vendors behind it send, and the secrets in them.

const { inspect } = require('node:util')
const { KEY, HELLO, MODEL, failureOf } = require('../support/gateway')
const { clientOf, expectFault, play, usePeers } = require('../support/fault')

const peers = usePeers()
const TID = '(tid: 2026112300000000000000042)'
const id = '2026112300000000000000042'

describe('the shape of an error', () => {
  test.each([
    [
      'the gateway’s own',
      400,
      { error: { message: `get_adaptor_failed ${TID}`, type: 'Aihubmix_api_error' } },
      { code: 'INVALID_REQUEST', type: 'Aihubmix_api_error', requestId: id }
    ],
    [
      'with a type at its top',
      400,
      { type: 'error', error: { message: `bad ${TID}`, type: 'Aihubmix_api_error' } },
      { code: 'INVALID_REQUEST', requestId: id }
    ],
    [
      'with an older trace id',
      500,
      { error: { message: `bad (request id: ${id})` } },
      { code: 'SERVER_ERROR', requestId: id }
    ],
    [
      'a bare string',
      404,
      { error: 'no such model' },
      { code: 'NOT_FOUND', message: expect.stringContaining('no such model') }
    ],
    [
      'a message alone',
      404,
      { message: 'no such model' },
      { code: 'NOT_FOUND', message: expect.stringContaining('no such model') }
    ],
    [
      'a list',
      400,
      [{ error: { code: 400, message: 'API key not valid', status: 'INVALID_ARGUMENT' } }],
      { code: 'INVALID_REQUEST', message: expect.stringContaining('API key not valid') }
    ],
    [
      'a numeric code and an empty type',
      400,
      { error: { message: 'odd', type: '', param: '', code: 400 } },
      { code: 'INVALID_REQUEST', vendorCode: '400' }
    ],
    [
      'null for everything',
      400,
      { error: { message: 'odd', type: null, param: null, code: null } },
      { code: 'INVALID_REQUEST', message: expect.stringContaining('odd') }
    ],
    [
      'a parameter',
      400,
      {
        error: {
          message: 'no',
          type: 'invalid_request_error',
          param: 'top_k',
          code: 'unsupported_parameter'
        }
      },
      { param: 'top_k', vendorCode: 'unsupported_parameter' }
    ],
    [
      'JSON in the message',
      400,
      {
        error: {
          message: JSON.stringify({
            error: { code: 400, message: 'the inner words', status: 'INVALID_ARGUMENT' }
          })
        }
      },
      { code: 'INVALID_REQUEST', message: expect.stringContaining('the inner words') }
    ],
    [
      'a web page',
      502,
      '<!doctype html><html><title>502 Bad Gateway</title><body>nginx</body></html>',
      { code: 'SERVER_ERROR', message: expect.stringContaining('502') }
    ],
    [
      'plain text',
      400,
      'upstream says no',
      { code: 'INVALID_REQUEST', message: expect.stringContaining('upstream says no') }
    ],
    ['nothing', 500, '', { code: 'SERVER_ERROR', status: 500 }],
    [
      'a spent balance',
      403,
      {
        error: {
          message: 'Your account balance is insufficient. Please recharge',
          code: 'insufficient_user_quota'
        }
      },
      { code: 'INSUFFICIENT_QUOTA' }
    ],
    [
      'a saturated group',
      429,
      { error: { message: '当前分组上游负载已饱和，请稍后再试' } },
      { code: 'RATE_LIMIT' }
    ],
    [
      'a status nobody knows',
      418,
      { error: { message: 'no', code: 'short_and_stout' } },
      { code: 'SHORT_AND_STOUT' }
    ]
  ])('%s', async (_, status, body, fails) => {
    const peer = await peers.start((_number, _request, wire) =>
      wire.answer(status, body, {
        'content-type': typeof body === 'string' ? 'text/html' : 'application/json'
      })
    )
    for (const stream of [false, true]) {
      peer.requests.length = 0
      await expectFault({ peer, call: { stream }, fails: { status, attempts: 1, ...fails } })
    }
  })

  test.each([
    [
      'OpenAI',
      {
        error: {
          message:
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded'
        }
      }
    ],
    [
      'Anthropic',
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum'
        }
      }
    ],
    [
      'Google',
      {
        error: {
          code: 400,
          message:
            'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT'
        }
      }
    ],
    [
      'Responses',
      {
        error: {
          message:
            'Your input exceeds the context window of this model. Please adjust your input and try again.',
          type: 'invalid_request_error',
          code: 'context_length_exceeded'
        }
      }
    ]
  ])('a prompt that is too long, in the words of %s', async (_, body) => {
    const peer = await peers.start((_number, _request, wire) => wire.answer(400, body))
    await expectFault({
      peer,
      fails: { code: 'CONTEXT_LENGTH_EXCEEDED', status: 400, retryable: false }
    })
  })

  test('its trace id is read from the headers', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(400, { error: { message: 'no' } }, { 'x-request-id': 'from-the-head' })
    )
    await expectFault({
      peer,
      fails: { requestId: 'from-the-head' }
    })
  })
})

describe('the key', () => {
  const bare = KEY.slice('sk-'.length)

  test.each([
    ['whole', KEY],
    ['without its sk-', bare]
  ])('%s is masked wherever an answer repeats it', async (_, shown) => {
    const lines = []
    const record = (...line) => lines.push(inspect(line, { depth: 9 }))
    const logger = { warn: record, info: record, debug: record }
    const body = {
      error: {
        message: `Invalid token: ${shown}`,
        type: `t ${shown}`,
        param: shown,
        code: shown,
        hint: [shown]
      }
    }
    const peer = await peers.start((_number, _request, wire) =>
      wire.answer(401, body, { 'x-echo': shown, 'x-request-id': shown })
    )
    for (const apiKey of [KEY, async () => KEY]) {
      const { error } = await play(clientOf(peer, { apiKey, logger, logLevel: 'debug' }))
      expect(error).toMatchObject({ code: 'AUTH_ERROR', message: expect.stringContaining('***') })
      const texts = [
        inspect(error, { depth: 9, showHidden: true }),
        JSON.stringify(error),
        String(error),
        error.stack,
        JSON.stringify(error.headers),
        JSON.stringify(error.body),
        lines.join('\n')
      ]
      for (const text of texts) expect(text).not.toContain(bare)
    }
    expect(lines.length).toBeGreaterThan(0)
  })

  test('is masked in errors of streams, before and after the first delta', async () => {
    const failure = { error: { message: `odd ${bare}`, type: 'invalid_request_error' } }
    const peer = await peers.start((number, _, wire) => {
      wire.beginStream()
      if (number === 1)
        wire.event({
          id: 'c',
          choices: [{ index: 0, delta: { content: `half ${bare}` }, finish_reason: null }]
        })
      wire.event(failure)
      wire.end()
    })
    for (let number = 0; number < 2; number += 1) {
      const { error } = await play(clientOf(peer), { stream: true })
      expect(error.code).toBe('INVALID_REQUEST')
      expect(inspect(error, { depth: 9 })).not.toContain(bare)
    }
  })

  test('is masked in a dry run, in a client, and in what its environment shows', async () => {
    const client = clientOf('http://gateway.invalid', {
      headers: { 'X-Copy': KEY },
      proxy: 'http://user:hunter2secret@proxy.invalid'
    })
    const shown = inspect([client.buildRequest(MODEL, HELLO), client, client.chat], {
      depth: 9,
      showHidden: true
    })
    expect(shown).not.toContain(bare)
    expect(shown).not.toContain('hunter2secret')
  })

  test('and the password of a proxy are masked in what goes wrong on the way', async () => {
    const client = clientOf('http://gateway.invalid', {
      proxy: 'http://user:hunter2secret@127.0.0.1:1'
    })
    const error = await failureOf(client.chatCompletion(MODEL, HELLO))
    expect(error.code).toBe('CONNECTION_ERROR')
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2secret')
  })
})
