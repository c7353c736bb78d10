'use strict'

// A process that is stopped (a closed lid, a frozen container) for longer than its timers hears what has arrived
// in the meantime before it complains of silence.

const { spawn } = require('node:child_process')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { startHttpServer, completion } = require('../support/servers')
const { chunk, finish } = require('../support/sse')

const SCRIPT = path.join(__dirname, '../support/scripts/stopped-for-long.js')
const event = (data) => `data: ${JSON.stringify(data)}\n\n`
const onPosix = process.platform === 'win32' ? test.skip : test

onPosix.each(['stream', 'whole'])('%s', async (kind) => {
  let child
  const server = await startHttpServer(async (request, response) => {
    request.resume()
    if (kind === 'stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event(chunk({ content: 'a' })))
    }
    await sleep(200)
    child.kill('SIGSTOP')
    // Well within the timers.
    await sleep(100)
    if (kind === 'stream') response.end(event(chunk({ content: 'b' })) + event(finish()))
    else response.end(completion())
    await sleep(2_000)
    child.kill('SIGCONT')
  })
  try {
    child = spawn(process.execPath, [SCRIPT, server.url, kind])
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    await new Promise((resolve) => child.once('close', resolve))
    expect(JSON.parse(said)).toEqual({ content: kind === 'stream' ? 'ab' : 'hi' })
  } finally {
    child?.kill('SIGKILL')
    await server.close()
  }
})
