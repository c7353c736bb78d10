// The backend example in a real browser: tokens appear one after another, models change in mid-conversation,
// and an answer can be stopped. Needs a Chromium or Chrome; AIHUBMIX_SCREENSHOT says where a picture goes.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { once } from 'node:events'
import { test } from 'node:test'
import { root } from '../../scripts/platforms.mjs'
import { emptyProject, install } from './support/project.mjs'

const browsers = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
]
const executablePath = browsers.find((path) => path && existsSync(path))
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
]

test('the chat page', {
  skip: executablePath ? false : 'there is no Chromium or Chrome here (CHROME_PATH names one)'
}, async (t) => {
  const folder = emptyProject(t)
  cpSync(join(root, 'examples', 'backend-chat'), folder, {
    recursive: true,
    filter: (path) => !path.includes('node_modules')
  })
  await install(folder, ['playwright-core'])

  const { AIHUBMIX_API_KEY: _, ...env } = process.env
  const server = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env: { ...env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  t.after(() => server.kill())
  const [greeting] = await once(server.stdout.setEncoding('utf8'), 'data')
  const [url] = greeting.match(/http:\S+/)

  const { chromium } = createRequire(join(folder, 'package.json'))('playwright-core')
  const browser = await chromium.launch({ executablePath, headless: true, args: flags })
  t.after(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } })
  const complaints = []
  page.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text())
  )
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  await page.waitForFunction(() => document.querySelectorAll('#model option').length === 3)
  // Every state of the last answer that somebody could have seen.
  await page.evaluate(() => {
    window.seen = []
    new MutationObserver(() => {
      const text = [...document.querySelectorAll('.assistant .answer')].at(-1)?.textContent
      if (text && text !== window.seen.at(-1)) window.seen.push(text)
    }).observe(document.querySelector('#conversation'), {
      childList: true,
      subtree: true,
      characterData: true
    })
  })

  const ask = async (model, question) => {
    await page.selectOption('#model', model)
    await page.fill('#question', question)
    await page.evaluate(() => (window.seen = []))
    await page.press('#question', 'Enter')
  }
  const finished = () =>
    page.waitForFunction(
      () => !document.querySelector('.streaming') && document.querySelector('#stop').hidden
    )

  for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
    await t.test(`${model} appears piece by piece`, async () => {
      const question = `What does ${model} say to a question that takes a few words, like 烟 and 🔥?`
      await ask(model, question)
      await finished()
      const seen = await page.evaluate(() => window.seen)
      assert.equal(seen.at(-1), `You said: ${question}`)
      assert.ok(seen.length >= 4, `only ${seen.length} states of the answer were shown`)
      seen.forEach((text, at) => assert.ok(text.startsWith(seen[at - 1] ?? '')))
      assert.match(
        await page.locator('.assistant small').last().textContent(),
        new RegExp(`^${model}, \\d+ tokens$`)
      )
    })
  }

  await t.test('Markdown is shown as such, reasoning apart from the answer', async () => {
    await ask('claude-sonnet-4-6', '**bold**, `code` and <b>no tag</b>')
    await finished()
    const last = page.locator('.assistant').last()
    const shown = await last.locator('.answer').evaluate((answer) => answer.innerHTML)
    assert.equal(
      shown,
      '<p>You said: <strong>bold</strong>, <code>code</code> and &lt;b&gt;no tag&lt;/b&gt;</p>'
    )
    assert.match(await last.locator('.thoughts').textContent(), /^ReasoningThe user said/)
  })

  await t.test('an answer can be stopped', async () => {
    await ask('gpt-5.4-mini', 'a long question '.repeat(200).trim())
    await page.waitForFunction(() => window.seen.length > 3)
    await page.click('#stop')
    await finished()
    assert.equal(await page.locator('.assistant small').last().textContent(), 'stopped')
    await ask('gpt-5.4-mini', 'And now?')
    await finished()
    assert.equal((await page.evaluate(() => window.seen)).at(-1), 'You said: And now?')
  })

  assert.deepEqual(complaints, [])
  if (process.env.AIHUBMIX_SCREENSHOT) await picture(t, folder, page, ask, finished)
})

// docs/chat.png: the page with two scripted answers.
async function picture(t, folder, page, ask, finished) {
  const { startMockGateway } = createRequire(join(folder, 'package.json'))(
    'aihubmix-native/testing'
  )
  const gateway = await startMockGateway()
  t.after(() => gateway.close())
  const env = {
    ...process.env,
    PORT: '0',
    AIHUBMIX_API_KEY: 'sk-picture',
    AIHUBMIX_BASE_URL: gateway.url
  }
  const stdio = ['ignore', 'pipe', 'inherit']
  const server = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio })
  t.after(() => server.kill())
  const [greeting] = await once(server.stdout.setEncoding('utf8'), 'data')
  await page.setViewportSize({ width: 760, height: 660 })
  await page.goto(greeting.match(/http:\S+/)[0])
  await page.waitForFunction(() => document.querySelectorAll('#model option').length === 3)
  gateway.enqueue([
    {
      chat: {
        reasoning_content: 'They want the difference, short. One line each, then a small example.',
        content:
          'Both keep a **promise** per item; they differ in *when* they give up:\n\n- `Promise.all` rejects with the first failure\n- `Promise.allSettled` waits for all\n\n```js\nconst results = await Promise.allSettled(urls.map(fetch))\n```'
      }
    },
    { chat: { content: 'Yes: `results` then has a `status` for each, `fulfilled` or `rejected`.' } }
  ])
  await ask('claude-sonnet-4-6', 'Promise.all or Promise.allSettled?')
  await finished()
  await page.click('details summary')
  await ask('gemini-3.5-flash', 'And can I tell which of them failed?')
  await finished()
  await page.screenshot({ path: process.env.AIHUBMIX_SCREENSHOT })
}
