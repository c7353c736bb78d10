// Bundles that leave the package out, as every bundle of a native addon must: each still finds it when it runs.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commonjs, esm, esmInFunction, printed } from './support/conversation.mjs'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

// None of this package's own code may be in a bundle.
const inlined = /NativeClient|requireNative/

const script = (folder, ...path) => [join(folder, 'node_modules', ...path)]

test('esbuild', async (t) => {
  const folder = await project(t, { 'index.mjs': esm, 'index.cjs': commonjs }, ['esbuild'])
  for (const [format, source, output] of [
    ['cjs', 'index.cjs', 'out.cjs'],
    ['esm', 'index.mjs', 'out.mjs']
  ]) {
    await t.test(format, async () => {
      const flags = [
        '--bundle',
        '--platform=node',
        '--external:aihubmix-native',
        `--format=${format}`,
        `--outfile=${output}`
      ]
      // Without scripts its launcher stays JavaScript, which Node can start.
      await run(folder, 'node', [...script(folder, 'esbuild', 'bin', 'esbuild'), source, ...flags])
      assert.doesNotMatch(readFileSync(join(folder, output), 'utf8'), inlined)
      assert.equal(await run(folder, 'node', [output]), printed)
    })
  }
})

test('webpack', async (t) => {
  const config = `
    module.exports = {
      target: 'node',
      mode: 'production',
      entry: './index.cjs',
      output: { path: __dirname, filename: 'out.cjs' },
      externals: [({ request }, done) => (/^aihubmix-native(\\/|$)/.test(request) ? done(null, 'commonjs ' + request) : done())]
    }
  `
  const folder = await project(t, { 'index.cjs': commonjs, 'webpack.config.js': config }, [
    'webpack',
    'webpack-cli'
  ])
  await run(folder, 'node', script(folder, 'webpack-cli', 'bin', 'cli.js'))
  assert.doesNotMatch(readFileSync(join(folder, 'out.cjs'), 'utf8'), inlined)
  assert.equal(await run(folder, 'node', ['out.cjs']), printed)
})

test('electron-vite', async (t) => {
  // It leaves out what `dependencies` name; the main process is built alone.
  const config = `
    import { defineConfig } from 'electron-vite'
    export default defineConfig({ main: { build: { lib: { entry: 'index.mjs' } } } })
  `
  // electron's own package holds its version only; the program would be downloaded by its script.
  const folder = await project(
    t,
    { 'index.mjs': esmInFunction, 'electron.vite.config.mjs': config },
    ['electron-vite', 'vite', 'electron']
  )
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  assert.ok('aihubmix-native' in manifest.dependencies)
  await run(folder, 'node', [
    ...script(folder, 'electron-vite', 'bin', 'electron-vite.js'),
    'build'
  ])
  const files = readdirSync(join(folder, 'out', 'main'))
  const [bundle] = files.filter((name) => /^index\.[cm]?js$/.test(name))
  assert.doesNotMatch(readFileSync(join(folder, 'out', 'main', bundle), 'utf8'), inlined)
  assert.equal(await run(folder, 'node', [join('out', 'main', bundle)]), printed)
})
