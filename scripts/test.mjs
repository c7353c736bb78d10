// Every check of the project, in order; stops at the first that fails.
//
//   node scripts/test.mjs               everything
//   node scripts/test.mjs lint rust     some groups only: setup, lint, rust, types, js
//
// The last line is `N passed, N failed`, the tests of all steps together.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { read, run, runAndRead } from './run.mjs'

const noTests = { passed: 0, failed: 0, skipped: 0 }
const denyWarnings = ['--', '-D', 'warnings']

const steps = [
  { group: 'setup', title: 'Setup', command: ['node', 'scripts/setup.mjs'] },
  {
    group: 'lint',
    title: 'Rust format',
    component: 'rustfmt',
    command: ['cargo', 'fmt', '--check']
  },
  {
    group: 'lint',
    title: 'Clippy, with the Node skin',
    component: 'clippy',
    command: ['cargo', 'clippy', '--all-targets', ...denyWarnings]
  },
  {
    group: 'lint',
    title: 'Clippy, the plain library',
    component: 'clippy',
    command: ['cargo', 'clippy', '--all-targets', '--no-default-features', ...denyWarnings]
  },
  {
    group: 'rust',
    title: 'Rust tests, the plain library',
    command: ['cargo', 'test', '--no-default-features'],
    count: cargoTests
  },
  {
    // Outside Node its symbols do not exist: `dyn-symbols` looks them up when they are called
    // instead of when the test binary is linked. What is below `node::` runs here and only here.
    group: 'rust',
    title: 'Rust tests, the Node skin',
    command: ['cargo', 'test', '--lib', '--features', 'napi/dyn-symbols', 'node::'],
    count: cargoTests
  },
  {
    group: 'types',
    title: 'Type tests',
    command: ['node', '__test__/types/check.mjs'],
    count: typeTests
  },
  { group: 'js', title: 'Jest', run: jest }
]

const wanted = process.argv.slice(2)
const groups = new Set(steps.map(({ group }) => group))
const unknown = wanted.filter((group) => !groups.has(group))
if (unknown.length > 0) {
  console.error(`no such group: ${unknown.join(', ')} (there are ${[...groups].join(', ')})`)
  process.exit(2)
}

const total = { ...noTests }
const failure = await runSteps(
  steps.filter(({ group }) => wanted.length === 0 || wanted.includes(group))
)
if (total.skipped > 0) console.log(`\n${total.skipped} skipped`)
console.log(failure ? `\n✗ ${failure}\n` : '')
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = failure ? 1 : 0

// The title of the step that failed, or `undefined`.
async function runSteps(selected) {
  for (const step of selected) {
    console.log(`\n=== ${step.title} ===`)
    const started = performance.now()
    const { status, tests } = await runStep(step)
    for (const key of Object.keys(total)) total[key] += tests[key]
    console.log(`=== ${step.title}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds(started)} s ===`)
    if (status === 0) continue
    // A step may fail without a failed test: a compiler error, a suite that cannot be loaded.
    if (tests.failed === 0) total.failed += 1
    return step.title
  }
}

async function runStep({ command, component, count, run: runOwn }) {
  try {
    if (component && !componentIsThere(component)) return { status: 0, tests: noTests }
    if (runOwn) return await runOwn()
    const [program, ...args] = command
    const { status, output } = await runAndRead(program, args)
    return { status, tests: count ? count(output) : noTests }
  } catch (error) {
    console.error(error.message)
    return { status: 1, tests: noTests }
  }
}

// A Rust without rustup may come without rustfmt and clippy. That is said, and is an error in CI only.
function componentIsThere(component) {
  const probe = ['cargo', [component === 'rustfmt' ? 'fmt' : component, '--version']]
  if (read(...probe)) return true
  if (read('rustup', ['--version'])) run('rustup', ['component', 'add', component])
  if (read(...probe)) return true
  if (process.env.CI) throw new Error(`${component} is not installed`)
  console.log(`skipped: ${component} is not installed`)
  return false
}

async function jest() {
  const folder = mkdtempSync(join(tmpdir(), 'aihubmix-native-jest-'))
  const report = join(folder, 'report.json')
  try {
    const { status } = await runAndRead('jest', ['--ci', '--json', `--outputFile=${report}`])
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8')
    )
    return {
      status,
      tests: { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function cargoTests(output) {
  const tests = { ...noTests }
  for (const [, passed, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm
  )) {
    tests.passed += Number(passed)
    tests.failed += Number(failed)
    tests.skipped += Number(ignored)
  }
  return tests
}

function typeTests(output) {
  const counted = (verdict) =>
    [...output.matchAll(new RegExp(`^types \\S+: ${verdict}`, 'gm'))].length
  return { passed: counted('ok'), failed: counted('FAILED'), skipped: 0 }
}

function seconds(started) {
  return ((performance.now() - started) / 1000).toFixed(1)
}
