'use strict'

// A server for the scripts: every chat is a stream that never ends, a word every 20 ms.

const { startHttpServer } = require('./servers')
const { chunk } = require('./sse')

const EVENT = `data: ${JSON.stringify(chunk({ content: 'word ' }))}\n\n`

async function startEndlessWords() {
  return startHttpServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    response.write(EVENT)
    const timer = setInterval(() => response.write(EVENT), 20)
    timer.unref()
    response.once('close', () => clearInterval(timer))
  })
}

module.exports = { startEndlessWords }
