'use strict'

// What the documents for contributors name exists: files, folders, commands; and the tables at the head of
// the core's modules list the files that are there.

const { spawnSync } = require('node:child_process')
const { existsSync, readFileSync, readdirSync, statSync } = require('node:fs')
const { dirname, join } = require('node:path')

const ROOT = join(__dirname, '..')
const DOCUMENTS = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'src/lib.rs']

const read = (file) => readFileSync(join(ROOT, file), 'utf8')

function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

const SOURCES = ['src', 'lib', 'testing'].flatMap(filesBelow)

// `src/wire/mod.rs`, `lib/`, `pool.rs`: no placeholders, no code. Some are made by a build.
const named = (text) =>
  [...text.matchAll(/`([\w.@/-]+(?:\.(?:rs|m?js|d\.ts|md|json|toml)|\/))`/g)]
    .map((match) => match[1])
    .filter((path) => !['native.js', 'native.d.ts'].includes(path))

function exists(path) {
  if (existsSync(join(ROOT, path))) return true
  // Within a sentence about a folder a file goes by its name alone.
  return SOURCES.some((file) => file.endsWith(`/${path}`))
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  test('names files that exist', () => {
    const paths = named(text)
    expect(paths.length).toBeGreaterThan(5)
    expect(paths.filter((path) => !exists(path))).toEqual([])
  })

  test('names commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1])
    expect(commands.filter((command) => scripts[command] === undefined)).toEqual([])
  })

  test('links to what exists', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1])
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([])
  })
})

// `pool.rs`, `request/parts.rs`, `wire/names.rs` in the documentation of a module: below `src`, beside the module or
// its folder, or in a folder beside it.
function isThere(file, name) {
  const folder = join(ROOT, dirname(file))
  const beside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const places = [join(ROOT, 'src'), folder, dirname(folder)]
  for (const { name } of beside) places.push(join(folder, name))
  return places.some((place) => existsSync(join(place, name)))
}

test('the documentation of modules names files that are there', () => {
  const missing = []
  let names = 0
  for (const file of SOURCES.filter((file) => file.startsWith('src/') && file.endsWith('.rs'))) {
    const lines = read(file)
      .split('\n')
      .filter((line) => line.startsWith('//!'))
    for (const name of named(lines.join('\n')).filter((name) => name.endsWith('.rs'))) {
      names++
      if (!existsSync(join(ROOT, name)) && !isThere(file, name)) missing.push(`${file}: ${name}`)
    }
  }
  expect(names).toBeGreaterThan(150)
  expect(missing).toEqual([])
})

test('the map has every folder of the core', () => {
  const map = read('ARCHITECTURE.md')
  const parts = readdirSync(join(ROOT, 'src')).filter((part) => part !== 'lib.rs')
  const unnamed = parts.filter((part) => {
    const isFolder = statSync(join(ROOT, 'src', part)).isDirectory()
    return (
      !map.includes(`\`src/${part}${isFolder ? '/' : ''}\``) && !map.includes(`\`src/${part}.rs\``)
    )
  })
  expect(unnamed).toEqual([])
})

// `name = "1"` or `name = { … }` in one of the tables of dependencies.
function crates() {
  const names = new Set()
  let inside = false
  for (const line of read('Cargo.toml').split('\n')) {
    if (line.startsWith('[')) inside = /dependencies\]$/.test(line)
    else if (inside) names.add(/^([\w-]+) =/.exec(line)?.[1])
  }
  names.delete(undefined)
  return [...names].sort()
}

test('the table of crates is that of Cargo.toml', () => {
  const table = read('ARCHITECTURE.md').split('\n## Crates\n')[1].split('\n## ')[0]
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const listed = rows.flatMap((row) =>
    [...row.split('|')[1].matchAll(/`([\w-]+)`/g)].map(([, name]) => name)
  )
  expect(crates().length).toBeGreaterThan(20)
  expect(listed.sort()).toEqual(crates())
})

test('the figures of speed are those of the newest results', () => {
  const check = ['benchmark/publish.mjs', '--check']
  const { stdout, status } = spawnSync(process.execPath, check, { cwd: ROOT, encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})
