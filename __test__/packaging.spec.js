'use strict'

// What is published: the platform packages, the versions, and the files of the root package.

const { execFileSync, spawnSync } = require('node:child_process')
const {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} = require('node:fs')
const { tmpdir } = require('node:os')
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
    return {
      target,
      os,
      cpu,
      libc: libraries[abi],
      platform: [os, cpu, abi].filter(Boolean).join('-')
    }
  })

  test('there is one for every target, and none besides', () => {
    expect(readdirSync(path.join(root, 'npm')).sort()).toEqual(
      packages.map(({ platform }) => platform).sort()
    )
  })

  test('the error of a missing binary names these', () => {
    const { PUBLISHED, platformName } = require('../lib/platform')
    expect([...PUBLISHED].sort()).toEqual(packages.map(({ platform }) => platform).sort())
    expect(existsSync(path.join(root, binary(platformName())))).toBe(true)
  })

  test.each(packages)(
    '$platform is installed where its binary runs, and holds it and its licences',
    (expected) => {
      const { platform, os, cpu, libc } = expected
      expect(require(`../npm/${platform}/package.json`)).toMatchObject({
        name: `${manifest.name}-${platform}`,
        main: binary(platform),
        files: [binary(platform), 'LICENSE', 'THIRD-PARTY-NOTICES.md'],
        os: [os],
        cpu: [cpu],
        ...(libc && { libc: [libc] }),
        engines: manifest.engines,
        license: manifest.license,
        repository: manifest.repository
      })
      expect(readFileSync(path.join(root, 'npm', platform, 'README.md'), 'utf8')).toContain(
        expected.target
      )
    }
  )
})

describe('the version', () => {
  const script = (folder, ...args) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(folder, 'scripts', 'version.mjs'), ...args],
      { encoding: 'utf8' }
    )
    return { status, stderr }
  }
  const ok = { status: 0, stderr: '' }
  let copy

  beforeEach(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'aihubmix-native-version-'))
    const parts = [
      'scripts',
      'npm',
      'packages',
      'package.json',
      'package-lock.json',
      'Cargo.toml',
      'Cargo.lock',
      'CHANGELOG.md'
    ]
    for (const part of parts) {
      cpSync(path.join(root, part), path.join(copy, part), {
        recursive: true,
        filter: (file) => !file.endsWith('.node')
      })
    }
  })
  afterEach(() => rmSync(copy, { recursive: true, force: true }))
  const edit = (name, change) => {
    const file = path.join(copy, name)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }

  test('is the same in every package and the crate', () => {
    expect(script(root, '--check')).toEqual(ok)
  })

  test('is carried from package.json to all of them', () => {
    edit('package.json', (text) => text.replace(manifest.version, '3.4.5-rc.6'))
    expect(script(copy, '--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Cargo.lock has')
    })
    expect(script(copy)).toEqual(ok)
    expect(script(copy, '--check')).toEqual(ok)
    expect(readFileSync(path.join(copy, 'Cargo.toml'), 'utf8')).toContain('version = "3.4.5-rc.6"')
  })

  test('that differs in one place is named', () => {
    edit('npm/win32-x64-msvc/package.json', (text) => text.replace(manifest.version, '9.9.9'))
    expect(script(copy, '--check')).toEqual({
      status: 1,
      stderr: `npm/win32-x64-msvc/package.json has 9.9.9, package.json ${manifest.version}\n`
    })
  })

  test('is released under its own tag, with a dated entry in the changelog', () => {
    edit('package.json', (text) => text.replace(manifest.version, '3.4.5'))
    script(copy)
    expect(script(copy, '--check', 'v3.4.5').stderr).toBe(
      'CHANGELOG.md has no "## [3.4.5] - <date>"\n'
    )
    edit('CHANGELOG.md', (text) => `${text}\n## [3.4.5] - unreleased\n`)
    expect(script(copy, '--check', 'v3.4.5').status).toBe(1)
    edit('CHANGELOG.md', (text) => `${text}\n## [3.4.5] - 2026-12-01\n`)
    expect(script(copy, '--check', 'v3.4.5')).toEqual(ok)
    expect(script(copy, '--check', 'v3.4.6')).toEqual({
      status: 1,
      stderr: 'the tag is v3.4.6, package.json has 3.4.5\n'
    })
  })
})

describe('the root package', () => {
  const windows = process.platform === 'win32'
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      shell: windows,
      stdio: 'pipe'
    })
  )
  const packed = new Set(files.map((file) => file.path))

  test('has what its entry points reach', () => {
    const entries = Object.values(manifest.exports)
      .flatMap((entry) => Object.values(entry))
      .filter((it) => it.startsWith('./'))
    expect(entries).toContain('./index.js')
    const reached = reachedFrom(entries.map((entry) => path.normalize(entry).replaceAll('\\', '/')))
    expect(reached.filter((file) => !packed.has(file))).toEqual([])
  })

  test('has neither binaries, nor sources, nor tests', () => {
    expect(
      [...packed].filter((file) => /\.node$|\.rs$|^(__test__|npm|src|scripts)\//.test(file))
    ).toEqual([])
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
  const endings = importer.endsWith('.d.ts')
    ? ['', '.d.ts', '/index.d.ts']
    : ['', '.js', '/index.js']
  const found = endings
    .map((ending) => name + ending)
    .find((file) => path.extname(file) && existsSync(path.join(root, file)))
  if (!found) throw new Error(`${importer} reaches for ${name}, which is not there`)
  return found
}

test('a bundler for browsers gets one clear sentence', () => {
  const { browser, exports } = manifest
  for (const name of ['.', './ai-sdk', './otel', './testing'])
    expect([name, exports[name].browser]).toEqual([name, `./${browser}`])
  expect(manifest.files).toContain(browser)
  expect(() => require(`../${browser}`)).toThrow(
    /^aihubmix-native runs in Node\.js, .*not in a browser/
  )
})

test('a binary that names a folder of its builder is refused', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'aihubmix-binary-'))
  try {
    const file = path.join(place, 'some.node')
    const check = (...lines) => {
      writeFileSync(file, ['\x7fELF', ...lines].join('\0'))
      const args = [path.join(root, 'scripts', 'check-binary.mjs'), file]
      return spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr
    }
    expect(check('/cargo/registry/src/x/lib.rs')).not.toMatch(/names a folder/)
    expect(check('/home/builder/.cargo/registry/src/x/lib.rs')).toMatch(
      /names a folder .*: \/home\/builder\/\.cargo/
    )
    expect(check(`${root}/src/lib.rs`)).toMatch(/names a folder/)
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})

describe('the provider package for hosts', () => {
  const folder = path.join(root, 'packages', 'aihubmix-ai-sdk-provider')
  let place

  // The package as it is published, beside this one.
  beforeAll(() => {
    place = mkdtempSync(path.join(tmpdir(), 'aihubmix-provider-'))
    const modules = path.join(place, 'node_modules')
    mkdirSync(modules)
    const pack = ['pack', '--json', '--pack-destination', place, folder]
    const [{ filename }] = JSON.parse(
      execFileSync('npm', pack, {
        cwd: place,
        encoding: 'utf8',
        shell: process.platform === 'win32'
      })
    )
    execFileSync('tar', ['-xzf', filename], { cwd: place })
    cpSync(path.join(place, 'package'), path.join(modules, 'aihubmix-ai-sdk-provider'), {
      recursive: true
    })
    symlinkSync(root, path.join(modules, 'aihubmix-native'), 'junction')
  })
  afterAll(() => rmSync(place, { recursive: true, force: true }))

  test('has one function to make a provider, which leaves what a host adds alone', () => {
    const program = `
      const provider = require('aihubmix-ai-sdk-provider')
      const [create, ...others] = Object.keys(provider).filter((name) => name.startsWith('create'))
      const made = provider[create]({ name: 'aihubmix', apiKey: 'sk-test', fetch, includeUsage: true })
      const model = made.languageModel('claude-sonnet-4-6')
      console.log(others.length, model.modelId, model.specificationVersion)`
    const output = execFileSync(process.execPath, ['-e', program], { cwd: place, encoding: 'utf8' })
    expect(output.trim()).toBe('0 claude-sonnet-4-6 v4')
  })
})

test('import loads what every program needs, and the rest when it is used', () => {
  const script = `require('.'); new (require('.').AihubmixModelClient)('sk-0123456789abcdef');
    console.log(Object.keys(require.cache).join('\\n'))`
  const loaded = execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })
  const files = loaded
    .trim()
    .split('\n')
    .map((file) => path.basename(file))
  const lazy = [
    'parse.js',
    'run-tools.js',
    'chat-events.js',
    'stream-output.js',
    'native-source.js'
  ]
  for (const file of [...lazy, 'fetch.js', 'requests.js', 'meter.js', 'catalog.js'])
    expect(files).not.toContain(file)
  expect(files.length).toBeLessThan(36)
})
