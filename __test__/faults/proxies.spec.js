'use strict'

// The way out: proxies that help, demand, refuse and die.

const net = require('node:net')
const { once } = require('node:events')
const { inspect } = require('node:util')
const { makeAuthority } = require('../support/certificates')
const { startHttpProxy, startSocksProxy } = require('../support/proxies')
const { completion } = require('../support/servers')
const { clientOf, expectFault, play, usePeers } = require('../support/fault')

const peers = usePeers()
const authority = makeAuthority()
const chat = (_, __, wire) => wire.chat()
const viaProxy = (_, response) =>
  response
    .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    .end(completion())

const variables = [
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
  'REQUEST_METHOD'
]
const kept = Object.fromEntries(variables.map((name) => [name, process.env[name]]))
beforeEach(() => {
  for (const name of variables) delete process.env[name]
})
afterAll(() => {
  for (const name of variables) if (kept[name] !== undefined) process.env[name] = kept[name]
})

describe('an HTTP proxy', () => {
  test('is given plain requests whole, with its credentials and without showing them to the gateway', async () => {
    const proxy = peers.add(
      await startHttpProxy({ credentials: 'user:pass word', answer: viaProxy })
    )
    const { answer } = await play(
      clientOf('http://gateway.invalid', { proxy: `http://user:pass%20word@${proxy.host}` })
    )
    expect(answer.choices[0].message.content).toBe('hi')
    expect(proxy.asked).toEqual(['POST http://gateway.invalid/v1/chat/completions'])
  })

  test('carries TLS through a tunnel, also to this machine where it is named', async () => {
    const proxy = peers.add(await startHttpProxy({ credentials: 'user:hunter2' }))
    const peer = await peers.start(chat, { identity: authority.issue() })
    const { answer } = await play(
      clientOf(peer, { ca: authority.pem, proxy: `http://user:hunter2@${proxy.host}` })
    )
    expect(answer.choices[0].message.content).toBe('hi')
    expect(proxy.asked).toEqual([`CONNECT localhost:${peer.port}`])
    expect(peer.requests[0].headers['proxy-authorization']).toBeUndefined()
  })

  test.each(['http', 'https'])(
    'that demands credentials for %s: one attempt, and no password is shown',
    async (scheme) => {
      const proxy = peers.add(await startHttpProxy({ credentials: 'user:right', answer: viaProxy }))
      const client = { maxRetries: 2, proxy: `http://user:wrong-one@${proxy.host}` }
      const fails = { code: 'CONNECTION_ERROR', attempts: 1, retryable: false }
      const error = await expectFault({ peer: `${scheme}://gateway.invalid`, client, fails })
      expect(error.message).toContain('demands credentials')
      expect(error.message).toContain(proxy.host)
      expect(inspect(error)).not.toContain('wrong-one')
    }
  )

  test('that is dead is named', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const host = `127.0.0.1:${server.address().port}`
    await new Promise((resolve) => server.close(resolve))
    const fails = { code: 'CONNECTION_ERROR', attempts: 2, retryable: true }
    const client = { maxRetries: 1, proxy: `http://${host}` }
    expect(
      (await expectFault({ peer: 'http://gateway.invalid', client, fails })).message
    ).toContain(host)
  })

  test('that dies in the handshake', async () => {
    const server = net.createServer((socket) =>
      socket.on('error', () => {}).once('data', () => socket.destroy())
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    peers.add({ close: () => new Promise((resolve) => server.close(resolve)) })
    const client = { proxy: `http://127.0.0.1:${server.address().port}` }
    await expectFault({
      peer: 'https://gateway.invalid',
      client,
      fails: { code: 'CONNECTION_ERROR', attempts: 1, retryable: true }
    })
  })

  test('that goes silent meets the connect timer', async () => {
    const sockets = []
    const server = net.createServer((socket) => sockets.push(socket.on('error', () => {})))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    peers.add({
      close() {
        for (const socket of sockets) socket.destroy()
        return new Promise((resolve) => server.close(resolve))
      }
    })
    const client = { proxy: `http://127.0.0.1:${server.address().port}`, timeout: { connect: 150 } }
    const fails = { code: 'TIMEOUT', phase: 'connect', attempts: 1 }
    await expectFault({ peer: 'https://gateway.invalid', client, fails, within: [150, 5_000] })
  })
})

describe('a SOCKS5 proxy', () => {
  test('resolves names itself with socks5h', async () => {
    const proxy = peers.add(await startSocksProxy({ credentials: 'user:hunter2' }))
    const peer = await peers.start(chat)
    const client = clientOf(`http://gateway.invalid:${peer.port}`, {
      proxy: `socks5h://user:hunter2@${proxy.host}`
    })
    expect((await play(client)).answer.choices[0].message.content).toBe('hi')
    expect(proxy.asked).toEqual([`gateway.invalid:${peer.port}`])
  })

  test('is given addresses with socks5', async () => {
    const proxy = peers.add(await startSocksProxy())
    const peer = await peers.start(chat)
    expect(
      (await play(clientOf(`http://127.0.0.1:${peer.port}`, { proxy: `socks5://${proxy.host}` })))
        .error
    ).toBeUndefined()
    expect(proxy.asked).toEqual([`127.0.0.1:${peer.port}`])
  })

  test('carries TLS', async () => {
    const proxy = peers.add(await startSocksProxy())
    const peer = await peers.start(chat, { identity: authority.issue(['gateway.invalid']) })
    const client = clientOf(`https://gateway.invalid:${peer.port}`, {
      ca: authority.pem,
      proxy: `socks5h://${proxy.host}`
    })
    expect((await play(client)).error).toBeUndefined()
  })

  test('that refuses the credentials', async () => {
    const proxy = peers.add(await startSocksProxy({ credentials: 'user:right' }))
    const client = { proxy: `socks5h://user:wrong-one@${proxy.host}` }
    const error = await expectFault({
      peer: 'http://gateway.invalid',
      client,
      fails: { code: 'CONNECTION_ERROR', attempts: 1 }
    })
    expect(inspect(error)).not.toContain('wrong-one')
    expect(proxy.asked).toEqual([])
  })
})

describe('the proxy of the environment', () => {
  test('is that of `process.env` when the client is made, spares this machine and NO_PROXY', async () => {
    const proxy = peers.add(await startHttpProxy({ answer: viaProxy }))
    process.env.HTTP_PROXY = `http://${proxy.host}`
    process.env.NO_PROXY = 'exempt.invalid'
    const peer = await peers.start(chat)
    const [proxied, exempt, direct] = [
      'http://gateway.invalid',
      'http://api.exempt.invalid',
      peer.url
    ].map((url) => clientOf(url))
    delete process.env.HTTP_PROXY
    delete process.env.NO_PROXY
    expect((await play(proxied)).error).toBeUndefined()
    expect((await play(exempt)).error).toMatchObject({ code: 'CONNECTION_ERROR' })
    expect((await play(direct)).error).toBeUndefined()
    expect(proxy.asked).toEqual(['POST http://gateway.invalid/v1/chat/completions'])
    expect(peer.requests).toHaveLength(1)
  })

  test('is not asked with `proxy: false`, nor in a CGI process', async () => {
    const proxy = peers.add(await startHttpProxy({ answer: viaProxy }))
    process.env.HTTP_PROXY = `http://${proxy.host}`
    expect((await play(clientOf('http://gateway.invalid', { proxy: false }))).error).toMatchObject({
      code: 'CONNECTION_ERROR'
    })
    process.env.REQUEST_METHOD = 'GET'
    expect((await play(clientOf('http://gateway.invalid'))).error).toMatchObject({
      code: 'CONNECTION_ERROR'
    })
    expect(proxy.asked).toEqual([])
  })
})

test.each([
  ['403 Forbidden by policy', false, 'Access to this host is not allowed'],
  ['502 Bad Gateway', true, ''],
  ['400 Bad Request', false, '']
])('a tunnel that is refused with %s: the error tells it', async (line, retryable, words) => {
  const proxy = net.createServer((socket) => {
    socket.on('error', () => {})
    const answer = `HTTP/1.1 ${line}\r\ncontent-length: ${words.length}\r\n\r\n${words}`
    socket.once('data', () => socket.end(answer))
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const options = { proxy: `http://127.0.0.1:${proxy.address().port}`, maxRetries: 0 }
  try {
    const call = clientOf('https://gateway.invalid', options).chatCompletion('m', [
      { role: 'user', content: 'x' }
    ])
    const error = await call.then(
      () => undefined,
      (error) => error
    )
    expect(error).toMatchObject({
      code: 'CONNECTION_ERROR',
      status: Number(line.slice(0, 3)),
      retryable
    })
    expect(error.message).toContain(line)
    expect(error.message).toContain(words)
  } finally {
    proxy.close()
  }
})
