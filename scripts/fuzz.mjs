// Runs the fuzz targets, one after another, each for a while; ends with 1 if one finds something.
//
//   node scripts/fuzz.mjs                          each for a minute
//   node scripts/fuzz.mjs --seconds 3600 stream    longer, some only
//
// Needs a nightly toolchain and cargo-fuzz. No sanitizer: the core forbids `unsafe`, and without one the targets are
// several times faster. What is found lies in fuzz/artifacts; what is learned is kept in
// fuzz/corpus, beside the seeds of fuzz/seeds (`node fuzz/write-seeds.mjs` writes those).

import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './platforms.mjs'
import { run } from './run.mjs'

const LONGEST_INPUT = 1 << 14
// The input of `stream_events` is a list of changes, not a stream.
const LONGEST_CHANGES = 1 << 7

const { values, positionals } = parseArgs({
  options: { seconds: { type: 'string', default: '60' } },
  allowPositionals: true
})
const targets = readdirSync(join(root, 'fuzz', 'seeds'))
  .concat('stream_events')
  .filter((name) => positionals.length === 0 || positionals.includes(name))
if (targets.length === 0 || !(Number(values.seconds) > 0)) {
  console.error('usage: node scripts/fuzz.mjs [--seconds <n>] [target …]')
  process.exit(2)
}

for (const target of targets) {
  const seeds = target === 'stream_events' ? [] : [join('fuzz', 'seeds', target)]
  const corpus = join('fuzz', 'corpus', target)
  mkdirSync(join(root, corpus), { recursive: true })
  const longest = target === 'stream_events' ? LONGEST_CHANGES : LONGEST_INPUT
  const limits = [`-max_total_time=${values.seconds}`, `-max_len=${longest}`, '-timeout=10']
  try {
    const command = ['+nightly', 'fuzz', 'run', '--sanitizer', 'none']
    run('cargo', [...command, target, corpus, ...seeds, '--', ...limits])
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
