// Compiles the type tests in every variant of `variants/`, the examples of the comments, and the blocks of
// the documents, a line each;
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

import { writeBlocks, writeExamples } from './examples.mjs'

const run = promisify(execFile)
const here = dirname(fileURLToPath(import.meta.url))
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc'
)

// What only a writer of TypeScript has to say: another SDK's answer has a member of this client's, JSON and the
// messages of a diagnostics channel are of no known type.
const TO_BE_SAID = /type 'ChatCompletion &|type 'unknown'|of type 'ChannelListener'/

const variants = readdirSync(join(here, 'variants')).map((file) => file.replace(/\.json$/, ''))
const present = [...variants, 'examples', 'documents']
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !present.includes(name))
if (unknown.length > 0) {
  console.error(`no such variant: ${unknown.join(', ')}`)
  process.exit(1)
}

for (const name of wanted.length > 0 ? wanted : present) {
  const started = performance.now()
  const errors = await errorsIn(name)
  const time = `${((performance.now() - started) / 1000).toFixed(1)} s`
  if (errors === undefined) {
    console.log(`types ${name}: ok, ${time}`)
  } else {
    console.log(`types ${name}: FAILED, ${time}`)
    console.error(errors)
    process.exitCode = 1
  }
}

function errorsIn(name) {
  if (name === 'examples') return errorsOfWritten(writeExamples())
  if (name === 'documents') return errorsOfWritten(writeBlocks(), unsaid)
  return errorsOf(join(here, 'variants', `${name}.json`))
}

async function errorsOfWritten({ folder, count }, choose = (errors) => errors) {
  try {
    return count > 0 ? choose(await errorsOf(folder)) : 'no code found'
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function unsaid(errors) {
  // An error goes on in lines that are indented.
  const found = errors?.split(/\n(?! )/).filter((error) => !TO_BE_SAID.test(error))
  return found?.length > 0 ? found.join('\n') : undefined
}

async function errorsOf(project) {
  try {
    await run(process.execPath, [compiler, '-p', project], { maxBuffer: 1 << 26 })
    return undefined
  } catch (error) {
    return `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message
  }
}
