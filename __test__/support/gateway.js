'use strict'

// A mock gateway for the tests of one file, and clients of it.

const { setTimeout: sleep } = require('node:timers/promises')
const { AihubmixModelClient } = require('../..')
const { startMockGateway } = require('../../testing')

const KEY = 'sk-0123456789abcdefghij'
const MODEL = 'gpt-5.4-mini'
const HELLO = [{ role: 'user', content: 'hello' }]

// Starts it before the tests, empties it after each, closes it at the end.
function useGateway(options) {
  const context = {
    gateway: undefined,
    client: (own) => new AihubmixModelClient({ apiKey: KEY, baseURL: context.gateway.url, ...own })
  }
  beforeAll(async () => {
    context.gateway = await startMockGateway(options)
  })
  afterEach(() => context.gateway.reset())
  afterAll(() => context.gateway.close())
  return context
}

// The error that a promise is rejected with, or that a function throws.
async function failureOf(attempt) {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt)
  } catch (error) {
    return error
  }
  throw new Error('nothing failed')
}

async function eventually(condition, patienceMs = 15_000) {
  const until = performance.now() + patienceMs
  while (!condition() && performance.now() < until) await sleep(5)
  expect(condition()).toBe(true)
}

module.exports = { KEY, MODEL, HELLO, useGateway, failureOf, eventually }
