'use strict'

// The workflows keep what CONTRIBUTING.md and SECURITY.md promise of them.

const { readFileSync, readdirSync } = require('node:fs')
const { spawnSync } = require('node:child_process')
const path = require('node:path')

const root = path.join(__dirname, '..')
const folder = path.join(root, '.github', 'workflows')
const workflows = readdirSync(folder).map((name) => [
  name,
  readFileSync(path.join(folder, name), 'utf8')
])

// The text of each job by its name; jobs are indented by two, their members by four.
function jobsOf(text) {
  const [, jobs] = text.split('\njobs:\n')
  return jobs.split(/\n(?= {2}[a-z-]+:\n)/).map((job) => [job.match(/^ {2}([a-z-]+):$/m)[1], job])
}

describe.each(workflows)('%s', (_, text) => {
  test('every action is pinned to a commit', () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
    expect(used.length).toBeGreaterThan(5)
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/)
  })

  test('every job ends in time', () => {
    const jobs = jobsOf(text)
    expect(jobs.length).toBeGreaterThan(3)
    for (const [, job] of jobs) expect(job).toMatch(/\n {4}timeout-minutes: \d+\n/)
  })

  test('no checkout leaves its token for the steps that follow', () => {
    const checkouts = [...text.matchAll(/uses: actions\/checkout@.*\n(.*)/g)]
    expect(checkouts.length).toBeGreaterThan(3)
    for (const [, next] of checkouts) expect(next).toContain('persist-credentials: false')
  })

  test('reads only, unless a job says otherwise', () => {
    expect(text).toMatch(/\npermissions:\n {2}contents: read\n/)
  })
})

test('only the job that publishes from tags may write, and it runs nothing of the repository', () => {
  const writing = workflows
    .flatMap(([, text]) => jobsOf(text))
    .filter(([, job]) => /: write/.test(job))
  expect(writing.map(([name]) => name)).toEqual(['publish'])
  const [[, publish]] = writing
  expect(publish).toMatch(/\n {4}if: startsWith\(github\.ref, 'refs\/tags\/v'\)\n/)
  expect(publish).toMatch(/\n {4}environment: npm\n/)
  expect(publish).not.toMatch(/actions\/checkout|npm ci|npm run|node scripts/)
})

test('nothing of a release comes out of a cache', () => {
  const [, release] = workflows.find(([name]) => name === 'release.yml')
  expect(release).not.toMatch(/rust-cache|actions\/cache/)
  for (const [, options] of release.matchAll(/uses: actions\/setup-node@.*\n(.*)/g))
    expect(options).toContain('package-manager-cache: false')
  for (const [, options] of release.matchAll(/uses: mlugg\/setup-zig@.*\n.*\n(.*)/g))
    expect(options).toContain('use-cache: false')
})

test('the notes of a release are the section of its version', () => {
  const changelog = (...args) =>
    spawnSync(process.execPath, [path.join(root, 'scripts', 'changelog.mjs'), ...args], {
      encoding: 'utf8'
    })
  const { version } = require('../package.json')
  const { stdout, status } = changelog()
  expect(status).toBe(0)
  expect(stdout).toContain('`AihubmixModelClient`')
  expect(stdout).not.toContain(`[${version}]`)
  expect(changelog('99.0.0')).toMatchObject({ status: 1, stdout: '' })
})
