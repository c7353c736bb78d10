// What Electron demands of an addon, as far as plain Node can demand it too. Environments that are torn
// down and built again are in workers.test.mjs; a real Electron runs in the workflow.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hostPlatform } from '../../scripts/platforms.mjs'
import { commonjs, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { emptyProject, project } from './support/project.mjs'

const cage = fileURLToPath(new URL('fixtures/memory-cage.c', import.meta.url))

// Large texts of both of V8's widths: what crosses the boundary in one piece.
const largeAnswers = `
const { AihubmixModelClient } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')
void (async () => {
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
  for (const text of ['a'.repeat(2_000_000), '烟'.repeat(1_000_000)]) {
    for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
      gateway.enqueue([{ chat: text }, { chat: text }])
      const messages = [{ role: 'user', content: text }]
      const whole = await client.chatCompletion(model, messages)
      const stream = await client.chatCompletion(model, messages, { stream: true })
      const folded = await stream.finalChatCompletion()
      console.log([model, ...[whole, folded].map((answer) => answer.choices[0].message.content === text)].join(': '))
    }
  }
  client.close()
  await gateway.close()
})()
`
const largePrinted =
  'gpt-5.4-mini: true: true\nclaude-sonnet-4-5: true: true\ngemini-2.5-flash: true: true\n'.repeat(
    2
  )

const compiler =
  process.platform === 'linux' &&
  ['cc', 'gcc', 'clang'].find((name) => {
    try {
      return execFileSync(name, ['--version'], { stdio: 'ignore' }) === null
    } catch {
      return false
    }
  })

test('under the memory cage', {
  skip: compiler ? false : 'needs Linux and a C compiler'
}, async (t) => {
  const folder = await project(t, {
    'index.cjs': commonjs,
    'large.cjs': largeAnswers,
    'cage.cjs': "console.log(require('./cage.node'))"
  })
  const library = join(folder, 'cage.node')
  execFileSync(compiler, [
    '-shared',
    '-fPIC',
    '-O1',
    '-fvisibility=hidden',
    '-o',
    library,
    cage,
    '-ldl'
  ])
  const inside = { env: { LD_PRELOAD: library, MEMORY_CAGE: '1' } }

  await t.test('which refuses external buffers', async () => {
    assert.equal(await run(folder, 'node', ['cage.cjs']), '0\n')
    assert.equal(await run(folder, 'node', ['cage.cjs'], inside), '22\n')
  })
  await t.test('conversations go on', async () => {
    assert.equal(await run(folder, 'node', ['index.cjs'], inside), printed)
  })
  await t.test('large answers arrive whole', async () => {
    assert.equal(await run(folder, 'node', ['large.cjs'], inside), largePrinted)
  })
})

test('from app.asar, the binary unpacked beside it', async (t) => {
  // A real archive can be read by Electron only. What it does is redirect the path of each unpacked file
  // to the same path below app.asar.unpacked, which here is a hook of the resolver.
  const redirect = `
    const Module = require('node:module')
    const { existsSync } = require('node:fs')
    const resolve = Module._resolveFilename
    Module._resolveFilename = function (...args) {
      const found = resolve.apply(this, args)
      const unpacked = found.replace(/app\\.asar(?=[\\\\/])/, 'app.asar.unpacked')
      return found.endsWith('.node') && existsSync(unpacked) ? unpacked : found
    }
  `
  const resources = emptyProject(t, { 'redirect.cjs': redirect })
  const installed = await project(t, {
    'index.cjs': `${commonjs}\nconsole.error(Object.keys(require.cache).filter((file) => file.endsWith('.node')).join())`
  })
  cpSync(installed, join(resources, 'app.asar'), { recursive: true })
  const platformPackage = join('node_modules', `aihubmix-native-${hostPlatform().name}`)
  const binary = readdirSync(join(installed, platformPackage)).find((name) =>
    name.endsWith('.node')
  )
  const unpacked = join(resources, 'app.asar.unpacked', platformPackage)
  cpSync(join(resources, 'app.asar', platformPackage), unpacked, { recursive: true })

  await t.test('is loaded from there', async () => {
    const output = await run(resources, 'node', [
      '--require',
      './redirect.cjs',
      join('app.asar', 'index.cjs')
    ])
    assert.ok(output.startsWith(printed))
    assert.match(
      output.slice(printed.length),
      /app\.asar\.unpacked[\\/]node_modules[\\/].+\.node\n$/
    )
  })
  await t.test('or the whole package from there, where everything was unpacked', async () => {
    renameSync(
      join(resources, 'app.asar', 'node_modules', 'aihubmix-native'),
      join(resources, 'app.asar.unpacked', 'node_modules', 'aihubmix-native')
    )
    cpSync(
      join(resources, 'app.asar', 'index.cjs'),
      join(resources, 'app.asar.unpacked', 'index.cjs')
    )
    const output = await run(resources, 'node', [join('app.asar.unpacked', 'index.cjs')])
    assert.ok(output.startsWith(printed) && output.includes(binary))
  })
})
