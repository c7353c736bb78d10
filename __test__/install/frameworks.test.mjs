// An error that nobody catches gets the ordinary error page of a web framework: whole, and with no header of the
// gateway's. (Next.js answers through its own 500 page and reads no member of the error but `digest`.)

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

const PACKAGES = [
  'express4@npm:express@4',
  'express@5',
  'koa@3',
  'fastify@5',
  'hono@4',
  '@hono/node-server'
]

test('Express 4 and 5, Koa, Fastify, Hono', async (t) => {
  const program = readFileSync(new URL('fixtures/frameworks.mjs', import.meta.url), 'utf8')
  const folder = await project(t, { 'program.mjs': program }, PACKAGES)
  const said = JSON.parse(await run(folder, 'node', ['program.mjs'], { seconds: 60 }))
  assert.deepEqual(Object.keys(said), ['express 4', 'express 5', 'koa', 'fastify', 'hono'])
  for (const [name, { status, whole, copied }] of Object.entries(said)) {
    await t.test(name, () => {
      assert.ok(status === 429 || status === 500, `status ${status}`)
      assert.ok(whole)
      assert.deepEqual(copied, [])
    })
  }
})
