// Starting other programs, in one way.

import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './platforms.mjs'

/**
 * Runs a program in the repository's root (or `cwd`) with this terminal; throws unless it ends with 0.
 * `env` comes on top of this process's.
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  console.log(`$ ${[command, ...args].join(' ')}`)
  const [program, programArgs, options] = invocation(command, args, 'inherit')
  const { status, error } = spawnSync(program, programArgs, {
    ...options,
    cwd,
    env: { ...process.env, ...env }
  })
  if (error) throw new Error(`${command} could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
}

/** Runs a program as `run` does, and resolves with its exit status and everything it printed. */
export function runAndRead(command, args) {
  console.log(`$ ${[command, ...args].join(' ')}`)
  return new Promise((resolve, reject) => {
    const child = spawn(...invocation(command, args, ['inherit', 'pipe', 'pipe']))
    let output = ''
    for (const [source, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr]
    ]) {
      source.setEncoding('utf8').on('data', (text) => {
        output += text
        target.write(text)
      })
    }
    child.on('error', (error) =>
      reject(new Error(`${command} could not be started: ${error.message}`))
    )
    child.on('close', (status) => resolve({ status, output }))
  })
}

/** What a program prints, or `undefined` where it is missing or fails. */
export function read(command, args) {
  const { status, stdout } = spawnSync(...invocation(command, args, ['ignore', 'pipe', 'ignore']))
  return status === 0 ? stdout : undefined
}

// Tools of `node_modules` run under this very Node, so that no PATH is needed. On Windows npm is a
// batch file, which only a shell can start.
const packagedTools = {
  biome: join('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  jest: join('node_modules', 'jest', 'bin', 'jest.js'),
  napi: join('node_modules', '@napi-rs', 'cli', 'dist', 'cli.js')
}

function invocation(command, args, stdio) {
  const options = { cwd: root, stdio, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }
  if (command === 'node') return [process.execPath, args, options]
  if (packagedTools[command]) return [process.execPath, [packagedTools[command], ...args], options]
  return [command, args, { ...options, shell: command === 'npm' && process.platform === 'win32' }]
}
