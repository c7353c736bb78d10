'use strict'

// Messages and answers of a size that hurts. What matters is that the process lives and that every call
// ends, so each step reports what became of it.

const { AihubmixModelClient } = require('../../..')
const { startHttpServer, completion } = require('../servers')

const MB = 1 << 20
const user = (content) => [{ role: 'user', content }]

async function outcome(promise) {
  try {
    const answer = await promise
    return { length: answer.choices[0].message.content.length }
  } catch (error) {
    return { name: error.name, code: error.code, message: error.message }
  }
}

async function main() {
  const received = []
  const server = await startHttpServer((request, response, body) => {
    received.push(body.length)
    response.setHeader('content-type', 'application/json')
    const size = Number(request.headers['x-answer'] ?? 1)
    const [before, after] = completion({
      choices: [
        { index: 0, message: { role: 'assistant', content: 'HERE' }, finish_reason: 'stop' }
      ]
    }).split('HERE')
    response.write(before)
    const piece = 'y'.repeat(MB)
    const pour = (left) => {
      if (response.destroyed) return
      if (left > 0) response.write(piece.slice(0, Math.min(left, MB)), () => pour(left - MB))
      else response.end(after)
    }
    pour(size)
  })
  const client = (options) =>
    new AihubmixModelClient({
      apiKey: 'sk-test-key',
      baseURL: server.url,
      maxRetries: 0,
      ...options
    })
  const answering = (size) => ({ headers: { 'x-answer': String(size) } })
  const report = {}

  const message = 'x'.repeat(100 * MB)
  report.hundred = {
    ...(await outcome(client().chatCompletion('gpt-5.4-mini', user(message)))),
    received: received[0]
  }
  report.escaped = await outcome(client().chatCompletion('gpt-5.4-mini', user('"\n世'.repeat(MB))))
  report.ten = await outcome(
    client().chatCompletion('gpt-5.4-mini', user('x'), {}, answering(10 * MB))
  )
  report.overTheDefault = await outcome(
    client().chatCompletion('gpt-5.4-mini', user('x'), {}, answering(65 * MB))
  )
  report.overTheOption = await outcome(
    client({ limits: { answer: 1000 } }).chatCompletion(
      'gpt-5.4-mini',
      user('x'),
      {},
      answering(2000)
    )
  )
  report.overTheOptionStreamed = await outcome(
    client({ limits: { answer: 1000 } }).chatCompletion(
      'gpt-5.4-mini',
      user('x'),
      { stream: true },
      answering(2000)
    )
  )
  report.after = await outcome(client().chatCompletion('gpt-5.4-mini', user('x')))
  console.log(JSON.stringify(report))
}

main()
