// Where our tables of models disagree with what others know: `npm run models:check`, after a build.
//
// It fetches the newest `openai` and `@anthropic-ai/sdk` (npm) and `litellm` (PyPI) through their clients, and asks
// the built package, by dry runs, what it would send to each model that they name. What it prints is not
// yet wrong: others err, too. It is the list to go through with the vendors' pages at hand.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './platforms.mjs'

const { AihubmixModelClient, resolveRoute } = createRequire(import.meta.url)(root)
const client = new AihubmixModelClient('sk-models-check')
const QUESTION = [{ role: 'user', content: 'q' }]

/** Of each provider: the names by which the gateway knows its models, and what is compared. */
const PROVIDERS = {
  anthropic: {
    name: (id) => id,
    checks: [limit, prefill, effort('max', 'supports_max_reasoning_effort')]
  },
  openai: {
    name: (id) => id,
    checks: [
      responsesOnly,
      effort('none', 'supports_none_reasoning_effort'),
      effort('minimal', 'supports_minimal_reasoning_effort'),
      effort('xhigh', 'supports_xhigh_reasoning_effort')
    ]
  },
  gemini: { name: (id) => id.replace(/^gemini\//, ''), checks: [thinks] }
}

function sent(model, options = {}, messages = QUESTION) {
  try {
    return client.buildRequest(model, messages, options)
  } catch {
    return undefined
  }
}

// Each check: (model, what litellm says of it) => a sentence, if we disagree.

function limit(model, facts) {
  const ours = sent(model)?.body.max_tokens
  if (facts.max_output_tokens && ours !== facts.max_output_tokens)
    return `most output: ours ${ours}, theirs ${facts.max_output_tokens}`
}

function prefill(model, facts) {
  if (facts.supports_assistant_prefill === undefined) return undefined
  const begun = [...QUESTION, { role: 'assistant', content: 'a' }]
  const ours = sent(model, {}, begun)?.body.messages.at(-1).role === 'assistant'
  if (ours !== facts.supports_assistant_prefill)
    return `an answer that is begun: ours ${ours}, theirs ${facts.supports_assistant_prefill}`
}

function effort(word, flag) {
  return (model, facts) => {
    if (facts[flag] === undefined) return undefined
    const request = sent(model, { reasoning_effort: word })
    const { reasoning_effort: chat, reasoning, output_config: claude } = request?.body ?? {}
    const ours = [chat, reasoning?.effort, claude?.effort].includes(word)
    if (ours !== facts[flag]) return `effort ${word}: ours ${ours}, theirs ${facts[flag]}`
  }
}

function responsesOnly(model, { mode, supported_endpoints: endpoints }) {
  const theirs = endpoints ? !endpoints.includes('/v1/chat/completions') : mode === 'responses'
  const ours = resolveRoute(model).route === 'openai-responses'
  if (ours !== theirs) return `on Responses alone: ours ${ours}, theirs ${theirs}`
}

function thinks(model, facts) {
  const request = sent(model, { reasoning_effort: 'high' })
  const ours = request?.body.generationConfig?.thinkingConfig !== undefined
  if (facts.supports_reasoning !== undefined && ours !== facts.supports_reasoning)
    return `thinks: ours ${ours}, theirs ${facts.supports_reasoning}`
}

function quietly(program, args, cwd) {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}

/** The newest package of npm, unpacked; its folder. */
function unpackNpm(name, work) {
  quietly('npm', ['pack', '--silent', name], work)
  const packed = `${name.replace('@', '').replace('/', '-')}-`
  const file = readdirSync(work).find((file) => file.startsWith(packed) && file.endsWith('.tgz'))
  const folder = join(work, file.replace(/\.tgz$/, ''))
  mkdirSync(folder)
  quietly('tar', ['xzf', file, '-C', folder], work)
  return join(folder, 'package')
}

/** litellm's table: `{ model: facts }`. */
function litellm(work) {
  quietly('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', 'litellm', '-d', '.'], work)
  const wheel = readdirSync(work).find((file) => file.endsWith('.whl'))
  quietly('python3', ['-m', 'zipfile', '-e', wheel, 'litellm'], work)
  const table = join(work, 'litellm', 'litellm', 'model_prices_and_context_window_backup.json')
  return JSON.parse(readFileSync(table, 'utf8'))
}

/** The words of a union type in a declaration file. */
function union(file, type) {
  const text = readFileSync(file, 'utf8')
  const declared = text.slice(text.indexOf(`type ${type} =`)).split(';')[0]
  return [...declared.matchAll(/'([^']+)'/g)].map((match) => match[1])
}

function disagreements(work) {
  const table = litellm(work)
  const found = []
  const say = (model, sentence) => sentence && found.push(`${model}: ${sentence}`)
  for (const [id, facts] of Object.entries(table)) {
    const provider = PROVIDERS[facts.litellm_provider]
    if (!provider || !['chat', 'responses'].includes(facts.mode) || id.startsWith('ft:')) continue
    const model = provider.name(id)
    if (model.includes('/')) continue
    for (const check of provider.checks) say(model, check(model, facts))
  }
  const openai = join(unpackNpm('openai', work), 'resources', 'shared.d.ts')
  for (const model of union(openai, 'ResponsesOnlyModel').concat(union(openai, 'ResponsesModel')))
    say(model, responsesOnly(model, { mode: 'responses' }))
  for (const model of union(openai, 'ChatModel')) say(model, responsesOnly(model, { mode: 'chat' }))
  const anthropic = join(
    unpackNpm('@anthropic-ai/sdk', work),
    'resources',
    'messages',
    'messages.d.ts'
  )
  for (const model of union(anthropic, 'Model'))
    if (!table[model]) say(model, 'known to its SDK, unknown to litellm')
  return [...new Set(found)]
}

const work = mkdtempSync(join(tmpdir(), 'models-check-'))
try {
  const found = disagreements(work)
  console.log(found.join('\n'))
  console.log(`${found.length} disagreements`)
} finally {
  client.close()
  rmSync(work, { recursive: true, force: true })
}
