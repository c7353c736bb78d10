'use strict'

// What is published: the platform packages, the versions, and the files of the root package.

const { execFileSync } = require('node:child_process')
const { existsSync, readFileSync, readdirSync } = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')
const manifest = require('../package.json')
const binary = (platform) => `${manifest.napi.binaryName}.${platform}.node`

// Rust's words for what npm selects a platform package by.
const operatingSystems = { linux: 'linux', darwin: 'darwin', windows: 'win32' }
const processors = { x86_64: 'x64', aarch64: 'arm64' }
const libraries = { gnu: 'glibc', musl: 'musl' }

describe('platform packages', () => {
  const packages = manifest.napi.targets.map((target) => {
    const [processor, , system, abi] = target.split('-')
    const [os, cpu] = [operatingSystems[system], processors[processor]]
    return { target, os, cpu, libc: libraries[abi], platform: [os, cpu, abi].filter(Boolean).join('-') }
  })

  test('there is one for every target, and none besides', () => {
    expect(readdirSync(path.join(root, 'npm')).sort()).toEqual(packages.map(({ platform }) => platform).sort())
  })

  test('the error of a missing binary names these', () => {
    const { PUBLISHED, platformName } = require('../lib/platform')
    expect([...PUBLISHED].sort()).toEqual(packages.map(({ platform }) => platform).sort())
    expect(existsSync(path.join(root, binary(platformName())))).toBe(true)
  })

  test.each(packages)('$platform is installed where its binary runs, and holds nothing else', (expected) => {
    const { platform, os, cpu, libc } = expected
    expect(require(`../npm/${platform}/package.json`)).toMatchObject({
      name: `${manifest.name}-${platform}`,
      main: binary(platform),
      files: [binary(platform)],
      os: [os],
      cpu: [cpu],
      ...(libc && { libc: [libc] }),
      engines: manifest.engines,
      license: manifest.license,
      repository: manifest.repository
    })
    expect(readFileSync(path.join(root, 'npm', platform, 'README.md'), 'utf8')).toContain(expected.target)
  })
})

test('every package and the crate have the same version', () => {
  const check = [path.join(root, 'scripts', 'version.mjs'), '--check', `v${manifest.version}`]
  expect(() => execFileSync(process.execPath, check, { stdio: 'pipe' })).not.toThrow()
})

describe('the root package', () => {
  const windows = process.platform === 'win32'
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, shell: windows, stdio: 'pipe' })
  )
  const packed = new Set(files.map((file) => file.path))

  test('has what its entry points reach', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) => Object.values(entry)).filter((it) => it.startsWith('./'))
    expect(entries).toContain('./index.js')
    const reached = reachedFrom(entries.map((entry) => path.normalize(entry).replaceAll('\\', '/')))
    expect(reached.filter((file) => !packed.has(file))).toEqual([])
  })

  test('has neither binaries, nor sources, nor tests', () => {
    expect([...packed].filter((file) => /\.node$|\.rs$|^(__test__|npm|src|scripts)\//.test(file))).toEqual([])
  })
})

// The entry points and every file of the package they load or take types from, at any distance.
function reachedFrom(entries) {
  const reached = new Set()
  const visit = (file) => {
    if (reached.has(file)) return
    reached.add(file)
    // The generated binding looks for the binaries of every platform, which have packages of their own.
    if (file === 'native.js') return
    const source = readFileSync(path.join(root, file), 'utf8')
    for (const [, name] of source.matchAll(/(?:require\(|import\(|from\s+)['"](\.[^'"]*)['"]/g)) {
      visit(resolved(path.posix.join(path.posix.dirname(file), name), file))
    }
  }
  entries.forEach(visit)
  return [...reached]
}

function resolved(name, importer) {
  const endings = importer.endsWith('.d.ts') ? ['', '.d.ts', '/index.d.ts'] : ['', '.js', '/index.js']
  const found = endings.map((ending) => name + ending).find((file) => path.extname(file) && existsSync(path.join(root, file)))
  if (!found) throw new Error(`${importer} reaches for ${name}, which is not there`)
  return found
}
