// Installs what would be published into an empty project and loads it, from CommonJS and from ESM.
// The binary is this machine's own, from its folder under npm/; run `npm run build` first.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binaryName, hostPlatform, packageFolder, root } from './platforms.mjs'

const platform = hostPlatform()
if (!platform) throw new Error(`no binary is published for ${process.platform}-${process.arch}`)
const binary = join(packageFolder(platform), binaryName(platform))
if (!existsSync(binary)) throw new Error(`${binary} is missing: run npm run build`)

// The answer of a scripted call: proof that the binary was found, loaded and can reach the network.
const call = `
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
  const answer = await client.chatCompletion('claude-sonnet-4-5', [{ role: 'user', content: 'ping' }])
  if (!answer.choices[0].message.content.includes('ping')) throw new Error(JSON.stringify(answer))
  client.close()
  await gateway.close()
`
const programs = {
  'index.cjs': `
    const { AihubmixModelClient } = require('aihubmix-native')
    const { startMockGateway } = require('aihubmix-native/testing')
    void (async () => {${call}})()
  `,
  'index.mjs': `
    import { AihubmixModelClient } from 'aihubmix-native'
    import { startMockGateway } from 'aihubmix-native/testing'
    ${call}
  `
}

const project = mkdtempSync(join(tmpdir(), 'aihubmix-native-package-'))
try {
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n')
  const tarballs = [root, packageFolder(platform)].map(pack)
  npm(project, ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs])
  for (const [name, source] of Object.entries(programs)) {
    writeFileSync(join(project, name), source)
    checked(spawnSync(process.execPath, [name], { cwd: project, encoding: 'utf8' }), `node ${name}`)
    console.log(`${name}: loads and answers`)
  }
} finally {
  rmSync(project, { recursive: true, force: true })
}

function pack(folder) {
  const [{ filename, unpackedSize, files }] = JSON.parse(npm(folder, ['pack', '--json', '--pack-destination', project]))
  console.log(`${filename}: ${files.length} files, ${(unpackedSize / 1024 / 1024).toFixed(2)} MB unpacked`)
  return join(project, filename)
}

function npm(folder, args) {
  return checked(
    spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' }),
    `npm ${args[0]}`
  )
}

function checked({ status, stdout, stderr, error }, what) {
  if (status !== 0) throw new Error(`${what} failed\n${error?.message ?? ''}${stdout}${stderr}`)
  return stdout
}
