// Packs what a release would publish.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  binaryName,
  hostPlatform,
  packageFolder,
  platforms,
  root
} from '../../../scripts/platforms.mjs'
import { npm } from './npm.mjs'

/** Tarballs of the root package and of every platform's, in `folder`: `{ manifest, tarball }` of each. */
export function packEverything(folder) {
  const host = hostPlatform()
  if (!host) throw new Error(`no binary is published for ${process.platform}-${process.arch}`)
  const binary = join(packageFolder(host), binaryName(host))
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run npm run build`)

  const [written] = pack([root], folder)
  execFileSync('tar', ['-xzf', written.filename], { cwd: folder })
  dependOnPlatforms(join(folder, 'package', 'package.json'))
  const sources = [join(folder, 'package'), ...platforms.map(packageFolder)]
  const tarballs = pack(sources, folder)
  return sources.map((source, index) => ({
    manifest: JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')),
    tarball: join(folder, tarballs[index].filename)
  }))
}

// As `napi pre-publish` does it in a release.
function dependOnPlatforms(file) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  manifest.optionalDependencies = Object.fromEntries(
    platforms.map(({ name }) => [`${manifest.name}-${name}`, manifest.version])
  )
  writeFileSync(file, JSON.stringify(manifest, null, 2))
}

function pack(sources, folder) {
  const output = npm(folder, ['pack', '--json', '--ignore-scripts', ...sources])
  return Object.values(JSON.parse(output))
}
