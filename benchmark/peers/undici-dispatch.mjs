// The floor in Node.js: `undici.dispatch` with a body that is ready; the answer's bytes are counted and dropped.

import { agentFor } from './undici.mjs'

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sk-benchmark' }

export function create(task) {
  const { origin, pathname } = new URL(`${task.url}/v1/chat/completions`)
  const agent = agentFor(task)
  let ready
  const ask = (messages) => {
    ready ??= Buffer.from(JSON.stringify({ model: task.model, messages }))
    const options = {
      origin,
      path: pathname,
      method: 'POST',
      headers: HEADERS,
      body: ready
    }
    return new Promise((resolve, reject) => agent.dispatch(options, new Counter(resolve, reject)))
  }
  return {
    message: (message) => message,
    whole: ask,
    answerText: () => '',
    stream: async (messages) => {
      await ask(messages)
      return []
    },
    chunkText: () => ''
  }
}

class Counter {
  #resolve
  #reject
  #bytes = 0

  constructor(resolve, reject) {
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart() {}

  onResponseStart() {}

  onResponseData(_controller, chunk) {
    this.#bytes += chunk.length
  }

  onResponseEnd() {
    this.#resolve(this.#bytes)
  }

  onResponseError(_controller, error) {
    this.#reject(error)
  }
}
