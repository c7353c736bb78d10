'use strict'

// Calls to a mock gateway with Node's own HTTP client, and what its answers hold.

const { setTimeout: sleep } = require('node:timers/promises')

const KEY = { authorization: 'Bearer sk-test' }
const CLAUDE = { 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' }
const GOOGLE = { 'x-goog-api-key': 'sk-test' }

async function call(base, route, body, { headers = KEY, method = 'POST', signal } = {}) {
  const init = { method, headers, signal }
  if (body instanceof FormData || typeof body === 'string') init.body = body
  else if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { 'content-type': 'application/json', ...headers }
  }
  const response = await fetch(base + route, init)
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: type.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined,
    events: type.startsWith('text/event-stream') ? parseEvents(text) : undefined
  }
}

function parseEvents(text) {
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((block) => {
      const lines = block.split('\n')
      const data = lines
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice(6))
        .join('\n')
      return {
        name: lines.find((line) => line.startsWith('event: '))?.slice(7),
        data: data === '[DONE]' ? data : JSON.parse(data)
      }
    })
}

async function eventually(condition) {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await sleep(5)
  expect(condition()).toBe(true)
}

module.exports = { KEY, CLAUDE, GOOGLE, call, eventually }
