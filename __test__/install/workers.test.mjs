// Worker threads: an environment that comes, works, and goes, also in the middle of its work.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commonjs, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

const sequence = `
const { Worker } = require('node:worker_threads')
void (async () => {
  for (let at = 0; at < 3; at += 1) {
    const code = await new Promise((resolve, reject) => new Worker('./worker.cjs').on('exit', resolve).on('error', reject))
    if (code !== 0) throw new Error('the worker ended with ' + code)
  }
})()
`

// A stream and a call stand still when the environment is torn down; the next one starts from nothing.
const hanging = `
const { AihubmixModelClient } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')
const { parentPort } = require('node:worker_threads')
void (async () => {
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
  const messages = [{ role: 'user', content: 'a text that is long enough to be cut' }]
  gateway.enqueue([{ chat: 'word '.repeat(200), stallAfter: 1500 }, { stallAfter: 0 }])
  const stream = await client.chatCompletion('gpt-5.4-mini', messages, { stream: true })
  await stream[Symbol.asyncIterator]().next()
  client.chatCompletion('gpt-5.4-mini', messages).catch(() => {})
  setTimeout(() => parentPort.postMessage('in the middle'), 100)
})()
`

const reloading = `
const { Worker } = require('node:worker_threads')
void (async () => {
  for (let at = 0; at < 10; at += 1) {
    const worker = new Worker('./hanging.cjs')
    await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject))
    await worker.terminate()
  }
  require('./worker.cjs')
})()
`

test('worker threads', async (t) => {
  const folder = await project(t, {
    'worker.cjs': commonjs,
    'hanging.cjs': hanging,
    'sequence.cjs': sequence,
    'reloading.cjs': reloading
  })
  await t.test('one after another, the addon in none but them', async () => {
    assert.equal(await run(folder, 'node', ['sequence.cjs']), printed.repeat(3))
  })
  await t.test('torn down in mid-stream and built again, ten times', async () => {
    assert.equal(await run(folder, 'node', ['reloading.cjs']), printed)
  })
})
