// The gateway of native/ as a process of its own, on a core of its own where the system has a word for that.

import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const CORES = availableParallelism()
const canPin = process.platform === 'linux' && CORES > 1 && hasTaskset()

function hasTaskset() {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A command on the cores of clients: all but the gateway's. */
export function forClients(command, args) {
  return canPin
    ? ['taskset', ['-c', CORES === 2 ? '0' : `0-${CORES - 2}`, command, ...args]]
    : [command, args]
}

/** What was done about cores, in words. */
export const pinning = canPin
  ? `the gateway on core ${CORES - 1}, clients on ${CORES === 2 ? 'core 0' : `cores 0 to ${CORES - 2}`}`
  : 'not pinned'

/** Starts it. `url(protocol)`, `certificate` (a file), `busy()` (seconds of CPU so far), `stop()`. */
export async function startGateway(program, folder) {
  const [command, args] = canPin ? ['taskset', ['-c', String(CORES - 1), program]] : [program, []]
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = await new Promise((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)))
  })
  const { certificate: pem, ...ports } = JSON.parse(line)
  const certificate = join(folder, 'certificate.pem')
  writeFileSync(certificate, pem)
  return {
    url: (protocol = 'http') =>
      `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${ports[protocol]}`,
    certificate,
    busy: () => secondsOfCpu(child.pid),
    stop: () => child.stdin.end()
  }
}

// It is one thread. `taskset` becomes the program, so the id is the same.
function secondsOfCpu(pid) {
  if (process.platform !== 'linux') return undefined
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9
}
