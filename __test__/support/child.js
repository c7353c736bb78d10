'use strict'

// Scripts that run in a process of their own: for what would end, bloat or block this one.

const { execFile } = require('node:child_process')
const path = require('node:path')

// Runs support/scripts/<name>.js to its end, on this Node.js or another. What it prints as JSON on its last
// line is `report`.
function runScript(name, { args = [], flags = [], node = process.execPath, ...options } = {}) {
  const script = path.join(__dirname, 'scripts', `${name}.js`)
  return runProgram(node, [...flags, script, ...args], options)
}

// The same for any program.
function runProgram(program, args, { env = {}, cwd, timeoutMs = 60_000 } = {}) {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const options = {
      cwd,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 16 << 20,
      env: { ...process.env, ...env }
    }
    execFile(program, args, options, (error, stdout, stderr) => {
      const result = {
        code: error ? error.code : 0,
        signal: error?.signal ?? null,
        stdout,
        stderr,
        elapsedMs: performance.now() - startedAt
      }
      try {
        result.report = JSON.parse(stdout.trim().split('\n').at(-1))
      } catch {
        result.report = undefined
      }
      resolve(result)
    })
  })
}

module.exports = { runProgram, runScript }
