// A gateway that answers chat completions with the same bytes again and again, so that what is
// measured is the client. The first segment of the path names the scenario:
//
//   /request/v1/chat/completions   a whole answer with 1 KB of text; likewise history, turns, image
//   /answer/…                      a whole answer with 1 MB of text
//   /burst/…                       a stream whose chunks arrive all at once
//   /paced/…                       a stream whose chunks arrive one by one, at an even pace
//
// Started by compare.mjs with an IPC channel; says its port and ends with its parent.

import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const BURST_CHUNKS = 2_000
const PACED_CHUNKS = 100
const CHUNKS_PER_SECOND = 50

const head = { id: 'chatcmpl-benchmark', created: 1_700_000_000, model: 'gpt-5.4-mini' }
const usage = { prompt_tokens: 20, completion_tokens: 100, total_tokens: 120 }
const sentence = 'The quick brown fox jumps over the lazy dog, and the model goes on. '

const whole = wholeAnswer(sentence.repeat(15))
const large = wholeAnswer(sentence.repeat(15_000))

function wholeAnswer(content) {
  const completion = {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop'
      }
    ],
    usage
  }
  return Buffer.from(JSON.stringify(completion))
}

const burst = Buffer.concat([...events(BURST_CHUNKS)])
const paced = [...events(PACED_CHUNKS)]

const server = createServer(async (request, response) => {
  const scenario = request.url.split('/')[1]
  for await (const piece of request) void piece
  if (scenario !== 'burst' && scenario !== 'paced') {
    const body = scenario === 'answer' ? large : whole
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
      .end(body)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (scenario === 'burst') {
    response.end(burst)
    return
  }
  const began = performance.now()
  for (const [index, event] of paced.entries()) {
    response.write(event)
    await sleep(began + ((index + 1) * 1_000) / CHUNKS_PER_SECOND - performance.now())
  }
  response.end()
})

server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit())

function* events(count) {
  const chunk = (members) =>
    Buffer.from(
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...members })}\n\n`
    )
  const choice = (delta, finish_reason = null) => ({
    choices: [{ index: 0, delta, logprobs: null, finish_reason }]
  })
  yield chunk(choice({ role: 'assistant', content: '' }))
  for (let index = 0; index < count; index += 1)
    yield chunk(choice({ content: `word${index % 10} ` }))
  yield chunk(choice({}, 'stop'))
  yield chunk({ choices: [], usage })
  yield Buffer.from('data: [DONE]\n\n')
}
