// The same installation under every supported Node: one binary serves them all.

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

test('Node', async (t) => {
  const folder = await project(t, { 'index.cjs': commonjs, 'index.mjs': esm })
  for (const version of [20, 22, 24, 26]) {
    await t.test(String(version), async (t) => {
      const place = emptyProject(t)
      await install(place, [`${distribution}@${version}`])
      const packaged = join(place, 'node_modules', distribution, 'bin')
      const node = join(
        packaged,
        readdirSync(packaged).find((name) => /^node(\.exe)?$/.test(name))
      )
      assert.match(await run(folder, node, ['--version']), new RegExp(`^v${version}\\.`))
      assert.equal(await run(folder, node, ['index.cjs']), printed)
      assert.equal(await run(folder, node, ['index.mjs']), printed)
    })
  }
})
