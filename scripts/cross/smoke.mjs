// Loads every Linux binary that has been built and holds a conversation over it, each under its own Node.
//
//   node scripts/cross/smoke.mjs      after `npm run build:all`; prints a table
//
// On Linux x64 the others are run as well: musl through its own loader, arm64 emulated by qemu. Where the
// Nodes come from: `scripts/cross/linux-nodes.mjs`.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { nodesFor } from './linux-nodes.mjs'
import { binaryName, packageFolder, platforms, root } from '../platforms.mjs'

const cache = process.env.AIHUBMIX_BUILD_CACHE || join(homedir(), '.cache', 'aihubmix-native')
const rows = platforms.filter(({ os }) => os === 'linux').flatMap(smoke)
console.table(rows)
process.exitCode = rows.every(({ answered }) => /^(\d+) of \1$/.test(answered)) ? 0 : 1

function smoke(platform) {
  const binary = join(packageFolder(platform), binaryName(platform))
  const built = existsSync(binary) ? 'yes' : 'no'
  const row = { platform: platform.name, built, node: '', loaded: 'no', answered: 'no' }
  if (built === 'no') return [row]
  try {
    return nodesFor(platform, cache).map(({ name, command }) => ({
      ...row,
      node: name,
      ...converse(command, binary)
    }))
  } catch (error) {
    return [{ ...row, node: error.message }]
  }
}

function converse([program, ...args], binary) {
  const command = [...args, join('scripts', 'smoke.mjs'), binary]
  const { stdout, stderr } = spawnSync(program, command, {
    cwd: root,
    encoding: 'utf8',
    timeout: 300_000
  })
  const [, version] = stdout?.match(/^loaded .*Node (v\S+)/m) ?? []
  const [, answered] = stdout?.match(/^answered (.+)/m) ?? []
  if (!answered) console.error(`${[program, ...command].join(' ')}\n${stdout}${stderr}`)
  return { loaded: version ?? 'no', answered: answered ?? 'no' }
}
