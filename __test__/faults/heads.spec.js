'use strict'

// Heads of answers as other servers write them: read as Node's own fetch reads them.

const { completion } = require('../support/servers')
const { clientOf, play, usePeers } = require('../support/fault')

const peers = usePeers()
const many = (count, length) =>
  Array.from({ length: count }, (_, at) => `x-h${at}: ${'v'.repeat(length)}\r\n`).join('')

test.each([
  ['in UTF-8', Buffer.from('x-a: 你好\r\n')],
  ['in Latin-1', Buffer.from('x-a: caf\u00e9\r\n', 'latin1')],
  ['of odd bytes', Buffer.from('x-a: \u0080\u00ff\t!\r\n', 'latin1')],
  ['without a space, with many, and with none of a value', 'x-a:b\r\nx-c: \t  d \t \r\nx-e:\r\n'],
  ['in capitals, and twice', 'X-A: b\r\nX-A: c\r\n'],
  ['200 of them', many(200, 10)],
  ['of 60 KB', many(60, 1_000)],
  ['one of 60 KB', many(1, 60_000)]
])('headers %s', async (_, fields) => {
  const body = completion()
  const peer = await peers.start((_number, _request, wire) => {
    wire.send(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n',
      fields,
      `Content-Length: ${body.length}\r\n\r\n${body}`
    )
    wire.end()
  })
  const { answer, error } = await play(clientOf(peer))
  expect([error?.message, answer?.choices[0].message.content]).toEqual([undefined, 'hi'])
})

test.each([
  ['without a reason', 'HTTP/1.1 200\r\n'],
  ['with an empty one', 'HTTP/1.1 200 \r\n'],
  ['with one in UTF-8', 'HTTP/1.1 200 好\r\n'],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\n'],
  [
    'behind an answer before the answer',
    'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n'
  ]
])('a status line %s', async (_, line) => {
  const body = completion()
  const peer = await peers.start((_number, _request, wire) => {
    wire.send(
      Buffer.from(line),
      `Content-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    )
    wire.end()
  })
  const { answer, error } = await play(clientOf(peer))
  expect([error?.message, answer?.choices[0].message.content]).toEqual([undefined, 'hi'])
})
