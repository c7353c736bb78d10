// Without its binary the package says, in one sentence, which package is missing and what brings it.

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { binaryName, hostPlatform, readJson } from '../../scripts/platforms.mjs'
import { commonjs, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { install, project } from './support/project.mjs'

const platformPackage = `aihubmix-native-${hostPlatform().name}`
const command = `npm install --save-optional ${platformPackage}@${readJson('package.json').version}`

const tell = `
  try {
    require('aihubmix-native')
  } catch (error) {
    console.log(JSON.stringify({ message: error.message, code: error.code, cause: error.cause instanceof Error }))
  }
`

test('a missing binary', async (t) => {
  const folder = await project(t, { 'tell.cjs': tell, 'index.cjs': commonjs })
  const told = async (args = []) => JSON.parse(await run(folder, 'node', [...args, 'tell.cjs']))

  await t.test('that is not for this system is told with the reason', async () => {
    const binary = join(folder, 'node_modules', platformPackage, binaryName(hostPlatform()))
    rmSync(binary)
    writeFileSync(binary, 'not a library')
    const { message, code, cause } = await told()
    const [, reason] = message.match(
      new RegExp(
        `^The binary of ${platformPackage} cannot be loaded here \\((.+)\\): get .* \`${command}\`$`
      )
    )
    assert.ok(reason.length > 10)
    assert.deepEqual({ code, cause }, { code: 'ERR_DLOPEN_FAILED', cause: true })
  })

  await t.test('that was left out is told with its package and a command', async () => {
    rmSync(join(folder, 'node_modules', platformPackage), { recursive: true })
    assert.deepEqual(await told(), {
      message:
        'The binary of aihubmix-native for this platform is not installed: ' +
        `get the package ${platformPackage} with \`${command}\``,
      code: 'MODULE_NOT_FOUND',
      cause: true
    })
  })

  await t.test('is brought by that command', async () => {
    const [, , , specifier] = command.split(' ')
    await install(folder, ['--save-optional', specifier])
    assert.equal(await run(folder, 'node', ['index.cjs']), printed)
  })

  await t.test('on a platform without one is told with those that have one', async () => {
    writeFileSync(
      join(folder, 'solaris.cjs'),
      "Object.defineProperty(process, 'platform', { value: 'sunos' })"
    )
    rmSync(join(folder, 'node_modules', platformPackage), { recursive: true })
    const { message } = await told(['--require', './solaris.cjs'])
    assert.match(
      message,
      new RegExp(
        `^There is no binary of aihubmix-native for sunos-${process.arch}, only for linux-x64-gnu, `
      )
    )
  })
})
