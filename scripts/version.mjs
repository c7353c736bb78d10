// One version everywhere: package.json has it, the lock files, the crate and the platform packages follow.
//
//   npm version 0.2.0                         sets it in package.json and runs this script
//   node scripts/version.mjs                  spreads what package.json says
//   node scripts/version.mjs --check [v0.2.0] says where it differs; for tests and releases
//
// A tag has to be the version's, and CHANGELOG.md has to say what changed in it and since when.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { platforms, readJson, root } from './platforms.mjs'

const [mode, tag] = process.argv.slice(2)
if (mode !== undefined && mode !== '--check') {
  console.error('usage: node scripts/version.mjs [--check [tag]]')
  process.exit(2)
}

const { version } = readJson('package.json')

// Each place is a file and a pattern whose second group is the version. Patterns instead of a parser
// and a printer: the rest of the file stays as it was written.
const jsonVersion = /^( {2}"version": ")([^"]+)/m
const places = [
  { file: 'package-lock.json', pattern: jsonVersion },
  { file: 'package-lock.json', pattern: /("packages": \{\s*"": \{[^}]*?"version": ")([^"]+)/ },
  { file: 'Cargo.toml', pattern: /(^\[package\][^[]*?^version = ")([^"]+)/m },
  { file: 'Cargo.lock', pattern: /(^name = "aihubmix-native"\nversion = ")([^"]+)/m },
  ...platforms.map(({ name }) => ({ file: `npm/${name}/package.json`, pattern: jsonVersion })),
  { file: 'packages/aihubmix-ai-sdk-provider/package.json', pattern: jsonVersion },
  {
    file: 'packages/aihubmix-ai-sdk-provider/package.json',
    pattern: /("dependencies": \{\s*"aihubmix-native": ")([^"]+)/
  }
]

const differing = places
  .map(({ file, pattern }) => ({ file, pattern, found: versionIn(file, pattern) }))
  .filter(({ found }) => found !== version)

if (mode === '--check') {
  for (const { file, found } of differing)
    console.error(`${file} has ${found}, package.json ${version}`)
  const problems = tag === undefined ? [] : problemsOf(tag)
  for (const problem of problems) console.error(problem)
  if (differing.length + problems.length > 0) process.exitCode = 1
} else {
  for (const { file, pattern } of differing) {
    const path = join(root, file)
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(pattern, (_, before) => before + version)
    )
    console.log(`${file}: ${version}`)
  }
}

function problemsOf(tag) {
  const problems = []
  if (tag !== `v${version}`) problems.push(`the tag is ${tag}, package.json has ${version}`)
  const headings = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/\r?\n/)
  const start = `## [${version}] - `
  if (
    !headings.some(
      (line) => line.startsWith(start) && /^\d{4}-\d\d-\d\d$/.test(line.slice(start.length))
    )
  ) {
    problems.push(`CHANGELOG.md has no "## [${version}] - <date>"`)
  }
  return problems
}

function versionIn(file, pattern) {
  const [, , found] = readFileSync(join(root, file), 'utf8').match(pattern) ?? []
  if (!found) throw new Error(`${file} names no version`)
  return found
}
