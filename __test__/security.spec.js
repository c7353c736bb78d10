'use strict'

// What SECURITY.md promises is held by tests, and those it names are there.

const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const ROOT = join(__dirname, '..')
const read = (file) => readFileSync(join(ROOT, file), 'utf8')

// The rows of its table: the promise, and who holds it: files, each with the names of tests in it.
const promises = read('SECURITY.md')
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))
  .filter(([promise]) => promise !== 'promise')
  .map(([promise, , held]) => ({
    promise,
    holders: held.split('; ').map((holder) => ({
      file: holder.match(/^`([\w./-]+)`/)?.[1],
      tests: [...holder.matchAll(/"([^"]+)"/g)].map((match) => match[1])
    }))
  }))

test('there are promises', () => expect(promises.length).toBeGreaterThan(10))

test.each(promises)('$promise', ({ holders }) => {
  expect(holders.flatMap(({ tests }) => tests)).not.toEqual([])
  for (const { file, tests } of holders) {
    expect([file, existsSync(join(ROOT, String(file)))]).toEqual([file, true])
    expect(tests.filter((name) => !read(file).includes(name))).toEqual([])
  }
})
