'use strict'

// Bun and Deno run the package as it is: Node-API is theirs too. Their binaries come from npm, and are kept beside the
// packages; where they cannot be had, that is said.

const { execFileSync } = require('node:child_process')
const { existsSync, mkdirSync } = require('node:fs')
const path = require('node:path')
const { useGateway } = require('./support/gateway')
const { runProgram } = require('./support/child')

const context = useGateway()
const SCRIPT = path.join(__dirname, 'support', 'scripts', 'other-runtime.cjs')
const FLAGS = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund']
const RUNTIMES = [
  {
    name: 'Bun',
    package: `@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}@1`,
    binary: ['bin', 'bun'],
    args: ['run', SCRIPT]
  },
  {
    name: 'Deno',
    package: `@deno/linux-${process.arch}-glibc@2`,
    binary: ['deno'],
    args: ['run', '--allow-all', '--no-config', SCRIPT]
  }
]

function installed(runtime) {
  if (process.platform !== 'linux') return undefined
  const name = runtime.package.replace(/@\d+$/, '')
  const folder = path.join(__dirname, '..', 'node_modules', '.cache', `runtime-${runtime.name}`)
  const binary = path.join(folder, 'node_modules', name, ...runtime.binary)
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  try {
    const args = ['install', ...FLAGS, '--prefix', folder, runtime.package]
    execFileSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 120_000 })
  } catch {
    return undefined
  }
  return existsSync(binary) ? binary : undefined
}

describe.each(RUNTIMES)('$name', (runtime) => {
  const binary = installed(runtime)
  if (binary === undefined) console.log(`skipped: ${runtime.name} is not to be had here`)
  const run = binary ? test : test.skip

  run(
    'answers, streams, aborts and uploads on every route',
    async () => {
      const args = [...runtime.args, context.gateway.url]
      const { report, stderr } = await runProgram(binary, args, { timeoutMs: 60_000 })
      expect([report, stderr]).toEqual([
        {
          answers: Array.from({ length: 4 }, () => 'You said: hello'),
          streams: Array.from({ length: 4 }, () => 'You said: hello'),
          route: 'anthropic',
          aborted: 'ABORTED',
          transcript: true
        },
        ''
      ])
    },
    90_000
  )
})
