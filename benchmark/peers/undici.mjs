// `undici` alone: no client at all, only what one has to do at least. JSON is written and read, events are cut.

import { Agent, request } from 'undici'
import { inOpenaisShape } from './openai-shape.mjs'

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sk-benchmark' }

export function agentFor({ atOnce, protocol }) {
  return protocol === 'http2'
    ? new Agent({ allowH2: true, connections: 1, pipelining: 100 })
    : new Agent({ connections: atOnce, pipelining: 1 })
}

export function create(task) {
  const url = `${task.url}/v1/chat/completions`
  const common = { method: 'POST', headers: HEADERS, dispatcher: agentFor(task) }
  const ask = (body) => request(url, { ...common, body: JSON.stringify(body) })
  return {
    ...inOpenaisShape,
    async whole(messages) {
      const { body } = await ask({ model: task.model, messages })
      return body.json()
    },
    async *stream(messages) {
      const { body } = await ask({ model: task.model, messages, stream: true })
      yield* eventsOf(body.setEncoding('utf8'))
    }
  }
}

async function* eventsOf(texts) {
  let rest = ''
  for await (const text of texts) {
    rest = rest === '' ? text : rest + text
    let start = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      if (end > start && rest.startsWith('data: ', start)) {
        const data = rest.slice(start + 6, end)
        if (data !== '[DONE]') yield JSON.parse(data)
      }
      start = end + 1
    }
    rest = rest.slice(start)
  }
}
