// Starting npm and other programs in a folder; what fails throws with everything it printed.

import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const windows = process.platform === 'win32'
const limit = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }

/** What `npm <args>` prints. On Windows npm is a batch file, which only a shell can start. */
export function npm(folder, args) {
  return execFileSync('npm', args, {
    cwd: folder,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...limit
  })
}

/** What a program prints, on both channels. `node` is the one that runs this. */
export async function run(folder, program, args, { env = {}, seconds = 240 } = {}) {
  const command = program === 'node' ? process.execPath : program
  const options = {
    cwd: folder,
    env: { ...environment(), ...env },
    timeout: seconds * 1000,
    ...limit
  }
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, {
      ...options,
      shell: windows && program === 'npm'
    })
    return stdout + stderr
  } catch ({ message, stdout, stderr, code, signal }) {
    const why = signal ? `was ended by ${signal}` : `ended with ${code}`
    throw Object.assign(new Error(`${program} ${why}: ${message}\n${stdout}${stderr}`), {
      stdout,
      stderr
    })
  }
}

// A project of its own: nothing of the runs around it, npm's and the test runner's.
function environment() {
  const foreign = /^(npm_|NODE_TEST|NODE_OPTIONS$|NODE_V8_COVERAGE$|JEST_|AIHUBMIX_(?!INSTALL_))/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
}
