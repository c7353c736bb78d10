'use strict'

// Whose certificates are believed.

const fs = require('node:fs')
const https = require('node:https')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { makeAuthority } = require('../support/certificates')
const { runScript } = require('../support/child')
const { clientOf, expectFault, play, usePeers } = require('../support/fault')
const { completion } = require('../support/servers')

const peers = usePeers()
const authority = makeAuthority()
const chat = (_, __, wire) => wire.chat()
// Certificate errors are not cured by time: one attempt, and no request was seen.
const REFUSED = { code: 'CONNECTION_ERROR', retryable: false, attempts: 1 }

const variables = ['NODE_EXTRA_CA_CERTS']
const kept = Object.fromEntries(variables.map((name) => [name, process.env[name]]))
afterEach(() => {
  for (const name of variables) {
    if (kept[name] === undefined) delete process.env[name]
    else process.env[name] = kept[name]
  }
})

describe('a server whose certificate', () => {
  const client = { ca: authority.pem, maxRetries: 2 }

  test('comes from the authority of `ca` is believed', async () => {
    const peer = await peers.start(chat, { identity: authority.issue() })
    expect((await play(clientOf(peer, client))).answer.choices[0].message.content).toBe('hi')
    expect(
      (await play(clientOf(peer, { ca: [makeAuthority().pem, authority.pem] }))).error
    ).toBeUndefined()
  })

  test('comes from an unknown authority is not, and the remedy is named', async () => {
    const peer = await peers.start(chat, { identity: makeAuthority('Unknown').issue() })
    const error = await expectFault({ peer, client, fails: REFUSED, requests: 0 })
    expect(error.message).toMatch(/unknown issuer.*`ca`.*NODE_EXTRA_CA_CERTS/s)
  })

  test('has expired', async () => {
    const peer = await peers.start(chat, { identity: authority.expired() })
    expect((await expectFault({ peer, client, fails: REFUSED, requests: 0 })).message).toContain(
      'expired'
    )
  })

  test('is not valid yet', async () => {
    const peer = await peers.start(chat, {
      identity: authority.issue(undefined, { from: Date.now() + 86_400_000 })
    })
    expect((await expectFault({ peer, client, fails: REFUSED, requests: 0 })).message).toContain(
      'not valid yet'
    )
  })

  test('is for another host', async () => {
    const peer = await peers.start(chat, { identity: authority.issue(['other.example']) })
    expect((await expectFault({ peer, client, fails: REFUSED, requests: 0 })).message).toContain(
      'another host'
    )
  })

  test('comes from the file of NODE_EXTRA_CA_CERTS is believed', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'aihubmix-ca-')), 'extra.pem')
    fs.writeFileSync(file, authority.pem)
    process.env.NODE_EXTRA_CA_CERTS = file
    const peer = await peers.start(chat, { identity: authority.issue() })
    expect((await play(clientOf(peer))).error).toBeUndefined()
    fs.rmSync(path.dirname(file), { recursive: true })
  })
})

describe('a file of NODE_EXTRA_CA_CERTS that cannot be read', () => {
  test('is a warning in the log, once, and the call goes on', async () => {
    process.env.NODE_EXTRA_CA_CERTS = '/nonexistent/extra.pem'
    const lines = []
    const logger = { warn: (line) => lines.push(line), info() {}, debug() {} }
    const peer = await peers.start(chat)
    for (let number = 0; number < 2; number += 1)
      expect((await play(clientOf(peer, { logger }))).error).toBeUndefined()
    expect(lines).toEqual([expect.stringContaining('NODE_EXTRA_CA_CERTS=/nonexistent/extra.pem')])
  })
})

describe('a server', () => {
  test('that speaks no TLS', async () => {
    const server = net.createServer((socket) =>
      socket
        .on('error', () => {})
        .once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    )
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    peers.add({ close: () => new Promise((resolve) => server.close(resolve)) })
    const fails = { code: 'CONNECTION_ERROR', attempts: 1 }
    const error = await expectFault({
      peer: `https://localhost:${server.address().port}`,
      client: { ca: authority.pem },
      fails
    })
    expect(error.message).toMatch(/TLS/)
  })

  const demandsCertificate = { requestCert: true, rejectUnauthorized: true }
  const neither = /client certificate.*cipher, curve or signature/
  test.each([
    ['demands a client certificate, TLS 1.3', demandsCertificate, /demands a client certificate/],
    [
      'demands a client certificate, TLS 1.2',
      { ...demandsCertificate, maxVersion: 'TLSv1.2' },
      /client certificate/
    ],
    ['knows only the curve P-521', { ecdhCurve: 'P-521' }, neither],
    ['has a key of P-521', authority.issue(undefined, { curve: 'P-521' }), neither],
    [
      'has a key of P-521, TLS 1.2',
      { ...authority.issue(undefined, { curve: 'P-521' }), maxVersion: 'TLSv1.2' },
      neither
    ],
    [
      'knows only old ciphers',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
      neither
    ],
    [
      'knows only TLS 1.1',
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
      /TLS 1\.2 or 1\.3|TLS handshake/
    ]
  ])('that %s is said to', async (_, options, words) => {
    const server = https.createServer({ ca: authority.pem, ...authority.issue(), ...options })
    server
      .on('request', (_request, response) => response.end(completion()))
      .on('tlsClientError', () => {})
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    peers.add({ close: () => new Promise((resolve) => server.close(resolve)) })
    const error = await expectFault({
      peer: `https://localhost:${server.address().port}`,
      client: { ca: authority.pem, maxRetries: 2 },
      fails: { code: 'CONNECTION_ERROR', attempts: 1, retryable: false }
    })
    expect(error.message).toMatch(words)
  })

  test('that ends the connection in the handshake may be tried again', async () => {
    const server = net.createServer((socket) =>
      socket.once('data', () => socket.destroy()).on('error', () => {})
    )
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    peers.add({ close: () => new Promise((resolve) => server.close(resolve)) })
    const fails = { code: 'CONNECTION_ERROR', attempts: 2, retryable: true }
    await expectFault({
      peer: `https://localhost:${server.address().port}`,
      client: { maxRetries: 1 },
      fails
    })
  })

  test('that stays silent in the handshake meets the connect timer', async () => {
    const sockets = new Set()
    const server = net.createServer((socket) => sockets.add(socket.on('error', () => {})))
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    peers.add({
      close() {
        for (const socket of sockets) socket.destroy()
        return new Promise((resolve) => server.close(resolve))
      }
    })
    const client = { timeout: { connect: 150 } }
    const fails = { code: 'TIMEOUT', phase: 'connect', attempts: 1 }
    await expectFault({
      peer: `https://localhost:${server.address().port}`,
      client,
      fails,
      within: [150, 5_000]
    })
  })
})

// What Linux images without the package ca-certificates look like.
test('without any bundle of certificates on the machine, http works, and https with `ca`', async () => {
  const none = {
    SSL_CERT_FILE: '/nonexistent/bundle.pem',
    SSL_CERT_DIR: '/nonexistent',
    NODE_EXTRA_CA_CERTS: ''
  }
  const plain = await peers.start(chat)
  const secure = await peers.start(chat, { identity: authority.issue() })
  const args = [plain.url, secure.url, Buffer.from(authority.pem).toString('base64')]
  const { code, report, stderr } = await runScript('no-bundle', { args, env: none })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(report).toEqual({ plain: 'hi', trusting: 'hi', wary: 'CONNECTION_ERROR' })
})
