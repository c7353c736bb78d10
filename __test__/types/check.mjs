// Compiles the type tests in every variant of `variants/`, and the examples of the comments, a line each;
// exits with 1 if one fails.
//
//   node __test__/types/check.mjs                     all
//   node __test__/types/check.mjs bundler examples    only those named

import { execFile } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { writeExamples } from './examples.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc'
)

const variants = readdirSync(join(here, 'variants')).map((file) => file.replace(/\.json$/, ''))
const present = [...variants, 'examples']
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !present.includes(name))
if (unknown.length > 0) {
  console.error(`no such variant: ${unknown.join(', ')}`)
  process.exit(1)
}

for (const name of wanted.length > 0 ? wanted : present) {
  const started = performance.now()
  const errors =
    name === 'examples'
      ? await errorsOfExamples()
      : await errorsOf(join(here, 'variants', `${name}.json`))
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`
  if (errors === undefined) {
    console.log(`types ${name}: ok, ${time}`)
  } else {
    console.log(`types ${name}: FAILED, ${time}`)
    console.error(errors)
    process.exitCode = 1
  }
}

async function errorsOfExamples() {
  const { folder, count } = writeExamples()
  try {
    return count > 0 ? await errorsOf(folder) : 'no examples found'
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function errorsOf(project) {
  try {
    await run(process.execPath, [compiler, '-p', project], { maxBuffer: 1 << 26 })
    return undefined
  } catch (error) {
    return `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message
  }
}
