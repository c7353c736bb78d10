'use strict'

// Where a server sends us.

const { KEY } = require('../support/gateway')
const { clientOf, expectFault, play, usePeers } = require('../support/fault')

const peers = usePeers()

describe('a redirect', () => {
  test.each([307, 308])('%d within the origin is followed, with everything', async (status) => {
    const peer = await peers.start((number, _, wire) =>
      number === 0 ? wire.answer(status, '', { location: '/moved/here' }) : wire.chat()
    )
    const { answer } = await play(clientOf(peer))
    expect(answer.aihubmix.attempts).toBe(1)
    expect(peer.requests).toHaveLength(2)
    expect(peer.requests[1]).toMatchObject({
      line: 'POST /moved/here HTTP/1.1',
      headers: { authorization: `Bearer ${KEY}` },
      body: peer.requests[0].body
    })
  })

  test.each([301, 302, 303, 307, 308])(
    '%d to another origin is an error: neither key nor words go there',
    async (status) => {
      const other = await peers.start((_, __, wire) => wire.chat())
      const peer = await peers.start((_, __, wire) =>
        wire.answer(status, '', { location: `${other.url}/v1/chat/completions` })
      )
      const error = await expectFault({
        peer,
        client: { maxRetries: 2 },
        fails: { code: 'API_ERROR', status, attempts: 1 }
      })
      expect(error.message).toContain(other.url)
      expect(other.connections).toBe(0)
    }
  )

  test('from one host to another on the same port is one to another origin', async () => {
    const peer = await peers.start((_, __, wire) =>
      wire.answer(307, '', { location: `http://127.0.0.1:${peer.port}/` })
    )
    await expectFault({ peer, fails: { status: 307, attempts: 1 } })
  })

  test('in a circle ends', async () => {
    const peer = await peers.start((_, __, wire) => wire.answer(307, '', { location: '/again' }))
    await expectFault({
      peer,
      client: { maxRetries: 2 },
      fails: { code: 'API_ERROR', attempts: 1 },
      requests: 6
    })
  })
})
