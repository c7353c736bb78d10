// TypeScript, strict and with every library checked, in the two ways modules are resolved today.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join } from 'node:path'
import { printed, talk } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project, write } from './support/project.mjs'

const imports = `
import { AihubmixModelClient, AihubmixError, type ChatCompletion } from 'aihubmix-native'
import { startMockGateway, type MockGateway } from 'aihubmix-native/testing'
`
const typed = `${imports}
const say = (line: string): void => console.log(line)
export const typedAnswer = (answer: ChatCompletion): string | null | undefined => answer.choices[0]?.message.content
export const typedGateway = (gateway: MockGateway): number => gateway.requests.length
export const done = (async () => {${talk.replace('.catch((error) => error)', '.then(() => { throw new Error() }, (error: AihubmixError) => error)')}})()
`
const wrong = `${imports}
const client = new AihubmixModelClient({ apiKey: 'sk-test', baseUrl: 'http://localhost' })
export const answer = client.chatCompletion('gpt-5.4-mini', [{ role: 'nobody', content: 'ping' }])
`

const options = (more) =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      target: 'es2022',
      types: ['node'],
      outDir: 'out',
      rootDir: '.',
      declaration: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: false,
      ...more
    },
    include: ['right*']
  })

test('TypeScript', async (t) => {
  const folder = await project(
    t,
    {
      'right.cts': typed,
      'right.mts': typed,
      'node16.json': options({ module: 'node16', moduleResolution: 'node16' }),
      'bundler.json': options({ module: 'esnext', moduleResolution: 'bundler', outDir: 'bundled' })
    },
    ['typescript', '@types/node']
  )
  const tsc = (config) =>
    run(folder, 'node', [join('node_modules', 'typescript', 'bin', 'tsc'), '--project', config])

  await t.test('node16 compiles to CommonJS and ESM that run', async () => {
    assert.equal(await tsc('node16.json'), '')
    assert.equal(await run(folder, 'node', [join('out', 'right.cjs')]), printed)
    assert.equal(await run(folder, 'node', [join('out', 'right.mjs')]), printed)
  })

  await t.test('bundler compiles to ESM that runs', async () => {
    assert.equal(await tsc('bundler.json'), '')
    assert.equal(await run(folder, 'node', [join('bundled', 'right.mjs')]), printed)
  })

  await t.test('what the types forbid is an error', async () => {
    write(folder, { 'right-not.mts': wrong })
    for (const config of ['node16.json', 'bundler.json']) {
      const { stdout } = await tsc(config).then(
        () => assert.fail(`${config} accepts it`),
        (error) => error
      )
      assert.match(stdout, /right-not\.mts\(5,.*baseUrl/s)
      assert.match(stdout, /right-not\.mts\(6,.*nobody/s)
    }
  })
})
