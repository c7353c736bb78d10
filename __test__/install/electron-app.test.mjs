// The Electron example. Its streaming runs here over the message ports of Node, which are those of Electron's
// main process; the whole of it runs in a real Electron where AIHUBMIX_ELECTRON=1 allows its download, as it
// is and packaged by electron-builder.

import assert from 'node:assert/strict'
import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../../scripts/platforms.mjs'
import { run } from './support/npm.mjs'
import { emptyProject, install, project } from './support/project.mjs'

const streaming = `
const { AihubmixModelClient } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')
const { streamChat } = require('./stream-chat')
const { MessageChannel } = require('node:worker_threads')

void (async () => {
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url, maxRetries: 0 })
  const question = (content) => ({ model: 'claude-sonnet-4-6', messages: [{ role: 'user', content }] })
  const events = (content) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const all = []
    port1.on('message', (event) => all.push(event)).on('close', () => resolve(all))
    void streamChat(client, question(content), port2)
  })

  const whole = await events('ping pong')
  const joined = (name) => whole.map((event) => event[name] ?? '').join('')
  const { usage, message } = whole.at(-1)
  console.log(joined('text'), whole.length > 2, usage.total_tokens > 0)
  console.log(joined('reasoning') === message.reasoning_content, message.reasoning_details.length > 0)

  gateway.enqueue({ status: 402 })
  console.log((await events('ping')).map(({ error }) => error.split(':')[0]))

  gateway.enqueue({ chat: 'word '.repeat(200), stallAfter: 1500 })
  const { port1, port2 } = new MessageChannel()
  const over = streamChat(client, question('ping'), port2)
  port1.once('message', () => port1.close())
  await over
  while (gateway.closedEarly === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  console.log('stopped')

  client.close()
  await gateway.close()
})()
`

test('streams into a message port, tells errors, and stops when the port closes', async (t) => {
  const streamChat = readFileSync(join(root, 'examples', 'electron', 'stream-chat.js'), 'utf8')
  const folder = await project(t, { 'streaming.js': streaming, 'stream-chat.js': streamChat })
  assert.equal(
    await run(folder, 'node', ['streaming.js']),
    "You said: ping pong true true\ntrue true\n[ 'INSUFFICIENT_QUOTA' ]\nstopped\n"
  )
})

const skip =
  process.env.AIHUBMIX_ELECTRON === '1'
    ? false
    : 'a real Electron would be downloaded from outside the registry'

test('in a real Electron', { skip }, async (t) => {
  const folder = example(t)
  await run(folder, 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    seconds: 600
  })
  const tools = emptyProject(t)
  await install(tools, ['playwright-core'])
  const { _electron } = createRequire(join(tools, 'package.json'))('playwright-core')

  await t.test('as it is', async () => {
    // The download happens at the first start.
    await run(folder, 'node', [join('node_modules', 'electron', 'cli.js'), '--version'], {
      seconds: 600
    })
    const executablePath = createRequire(join(folder, 'package.json'))('electron')
    await converse(await _electron.launch({ executablePath, args: [folder, '--no-sandbox'] }))
  })

  await t.test('packaged, the binary outside of the archive', async () => {
    await run(folder, 'npm', ['run', 'package', '--silent'], { seconds: 900 })
    const executablePath = packaged(join(folder, 'dist'))
    await converse(await _electron.launch({ executablePath, args: ['--no-sandbox'] }))
  })
})

async function converse(application) {
  try {
    const page = await application.firstWindow()
    await page.waitForFunction(() => document.querySelectorAll('#model option').length === 3)
    for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
      await page.selectOption('#model', model)
      await page.fill('#question', `ping ${model}`)
      await page.press('#question', 'Enter')
      await page.waitForFunction(
        (text) => document.body.innerText.includes(text),
        `You said: ping ${model}`
      )
      await page.waitForFunction(() => document.querySelector('#stop').hidden)
    }
    // The environment is torn down and built again under the same main process.
    await page.reload()
    await page.waitForFunction(() => document.querySelectorAll('#model option').length === 3)
    await page.fill('#question', 'a **bold** word')
    await page.press('#question', 'Enter')
    await page.waitForSelector('.answer strong')
    assert.equal(await page.locator('.error').count(), 0)
  } finally {
    await application.close()
  }
}

function packaged(folder) {
  const [unpacked] = readdirSync(folder).filter((name) => /unpacked$|^mac/.test(name))
  const place = join(folder, unpacked)
  if (process.platform === 'darwin')
    return join(place, 'electron-chat.app', 'Contents', 'MacOS', 'electron-chat')
  return join(place, process.platform === 'win32' ? 'electron-chat.exe' : 'electron-chat')
}

// A copy of the example, to be installed from the registry under test.
function example(t) {
  const folder = emptyProject(t)
  cpSync(join(root, 'examples', 'electron'), folder, {
    recursive: true,
    filter: (path) => !/node_modules|dist/.test(path.slice(root.length))
  })
  return folder
}
