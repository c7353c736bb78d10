'use strict'

// A Node.js of at least some version, for packages that ask for more than the one that runs the tests:
// this one, or one from npm (whose `node-linux-*` packages hold the binary), kept beside the packages.

const { execFileSync } = require('node:child_process')
const { existsSync, mkdirSync } = require('node:fs')
const path = require('node:path')

const FALLBACK = 24

// The path of its binary; `undefined` if there is none here.
function nodeOfAtLeast(major) {
  if (Number(process.versions.node.split('.', 1)[0]) >= major) return process.execPath
  if (process.platform !== 'linux' || major > FALLBACK) return undefined
  const name = `node-linux-${process.arch}`
  const folder = path.join(__dirname, '..', '..', 'node_modules', '.cache', `node-${FALLBACK}`)
  const binary = path.join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  try {
    const flags = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', folder]
    execFileSync('npm', ['install', ...flags, `${name}@${FALLBACK}`], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 120_000
    })
  } catch {
    return undefined
  }
  return existsSync(binary) ? binary : undefined
}

module.exports = { nodeOfAtLeast }
