// The same installation under every supported Node, the oldest included: one binary serves them all.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commonjs, esm, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { emptyProject, install, project } from './support/project.mjs'

// These packages hold Node itself, so that nothing is downloaded by a script.
const os = { win32: 'win', darwin: 'darwin', linux: 'linux' }[process.platform]
const distribution = `node-${os}-${process.arch}`

// Each call asks for its key in its own context, and nothing of it leaves a listener too many.
const context = `
const { AsyncLocalStorage } = require('node:async_hooks')
const { AihubmixModelClient } = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')

const tenant = new AsyncLocalStorage()
const messages = [{ role: 'user', content: 'ping' }]
process.on('warning', (warning) => console.log(warning.name))

async function main() {
  const gateway = await startMockGateway()
  const apiKey = async () => 'sk-' + tenant.getStore()
  const client = new AihubmixModelClient({ apiKey, baseURL: gateway.url })
  const { signal } = new AbortController()
  const times = (count, call) => Promise.all(Array.from({ length: count }, call))
  for (const name of ['tenant-one', 'tenant-two'])
    await tenant.run(name, () => client.chatCompletion('gpt-5.4-mini', messages))
  console.log(gateway.requests.map(({ headers }) => headers.authorization).join())
  await tenant.run('tenant-three', async () => {
    await times(30, () => client.chatCompletion('gpt-5.4-mini', messages, {}, { signal }))
    await times(30, async () => {
      const stream = await client.chatCompletion('gpt-5.4-mini', messages, { stream: true }, { signal })
      for await (const _ of stream);
    })
    await times(30, async () => (await client.fetch(gateway.url + '/v1/models', { signal })).text())
    const image = Array.from({ length: 30 }, () => Buffer.alloc(99))
    await client.images.edit({ model: 'gpt-image-2', prompt: 'x', image }, { signal })
  })
  await gateway.close()
}

main()
`

test('Node', async (t) => {
  const files = { 'index.cjs': commonjs, 'index.mjs': esm, 'context.cjs': context }
  const folder = await project(t, files)
  for (const version of ['20.0.0', 20, 22, 24, 26]) {
    await t.test(String(version), async (t) => {
      const place = emptyProject(t)
      await install(place, [`${distribution}@${version}`])
      const packaged = join(place, 'node_modules', distribution, 'bin')
      const node = join(
        packaged,
        readdirSync(packaged).find((name) => /^node(\.exe)?$/.test(name))
      )
      assert.match(await run(folder, node, ['--version']), new RegExp(`^v${version}\\b`))
      assert.equal(await run(folder, node, ['index.cjs']), printed)
      assert.equal(await run(folder, node, ['index.mjs']), printed)
      assert.equal(
        await run(folder, node, ['context.cjs']),
        'Bearer sk-tenant-one,Bearer sk-tenant-two\n'
      )
    })
  }
})
