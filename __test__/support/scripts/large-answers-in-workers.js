'use strict'

// Workers that end while they hold large answers. Argument: how many.

const { once } = require('node:events')
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { AihubmixModelClient } = require('../../..')
const { startHttpServer, completion } = require('../servers')

const TEXTS = ['x', 'é', '世'].map((part) => part.repeat(100_000))

async function main() {
  const message = { role: 'assistant', content: TEXTS[0], refusal: null }
  const choices = [{ index: 0, message, note: TEXTS[1], title: TEXTS[2], finish_reason: 'stop' }]
  const body = completion({ choices })
  const server = await startHttpServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(body)
  })
  let ended = 0
  for (; ended < Number(process.argv[2]); ended += 1) {
    const worker = new Worker(__filename, { workerData: server.url })
    await once(worker, 'message')
    await worker.terminate()
  }
  server.close()
  console.log(JSON.stringify({ ended }))
}

async function work() {
  const client = new AihubmixModelClient({ apiKey: 'sk-test-key', baseURL: workerData })
  const messages = [{ role: 'user', content: 'hello' }]
  const held = await client.chatCompletion('gpt-5.4-mini', messages)
  const { message, note, title } = held.choices[0]
  if (message.content + note + title !== TEXTS.join('')) throw new Error('another text')
  parentPort.postMessage('held')
  setInterval(() => held.choices.length, 1_000)
}

if (isMainThread) main()
else work()
