// Where our tables of models disagree with what others know: `npm run models:check`, after a build.
//
// It fetches the newest packages of the vendors and of those who keep tables (npm, PyPI) through their clients,
// and asks the built package, by dry runs, what it would send to each model that they name:
//
// | package | what is read of it |
// |---|---|
// | `litellm` | its table: limits, prefill, efforts, endpoints, thinking |
// | `openai` | the unions of model ids, for chat and for Responses alone |
// | `@anthropic-ai/sdk` | the union of model ids |
// | `@google/genai` | the levels of thinking, the reasons why an answer ends |
// | `@ai-sdk/anthropic`, `/openai`, `/google` | the catalogue of models with what each takes |
// | `@ai-sdk/mistral`, `/xai`, `/deepseek`, `/moonshotai` | the ids: each must have a row of its own |
//
// What it prints is not yet wrong: others err, too. It is the list to go through with the vendors' pages at
// hand; what has been settled stands in `models-settled.mjs` with its reason, and is printed no more.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { SETTLED } from './models-settled.mjs'
import { root } from './platforms.mjs'

const require = createRequire(import.meta.url)
const { AihubmixModelClient, resolveRoute } = require(root)
const { startMockGateway } = require(join(root, 'testing'))
const QUESTION = [{ role: 'user', content: 'q' }]
const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false
}
const FUNCTION = { type: 'function', function: { name: 'f', parameters: SCHEMA } }
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

const gateway = await startMockGateway()
const client = new AihubmixModelClient({ apiKey: 'sk-models-check', baseURL: gateway.url })

function sent(model, options = {}, messages = QUESTION, request = {}) {
  try {
    return client.buildRequest(model, messages, options, request)
  } catch {
    return undefined
  }
}

const differ = (what, ours, theirs) =>
  ours === theirs ? undefined : `${what}: ours ${ours}, theirs ${theirs}`

// ---- litellm. Each check: (model, what the table says of it) => a sentence, if we disagree.

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

function limit(model, { max_output_tokens: theirs }) {
  return theirs && differ('most output', sent(model)?.body.max_tokens, theirs)
}

function prefill(model, { supports_assistant_prefill: theirs }) {
  if (theirs === undefined) return undefined
  const begun = [...QUESTION, { role: 'assistant', content: 'a' }]
  const ours = sent(model, {}, begun)?.body.messages.at(-1).role === 'assistant'
  return differ('an answer that is begun', ours, theirs)
}

function takesEffort(model, word, request) {
  const body = sent(model, { reasoning_effort: word }, QUESTION, request)?.body ?? {}
  return [body.reasoning_effort, body.reasoning?.effort, body.output_config?.effort].includes(word)
}

function effort(word, flag) {
  return (model, { [flag]: theirs }) =>
    theirs === undefined ? undefined : differ(`effort ${word}`, takesEffort(model, word), theirs)
}

function responsesOnly(model, { mode, supported_endpoints: endpoints }) {
  const theirs = endpoints ? !endpoints.includes('/v1/chat/completions') : mode === 'responses'
  return differ('on Responses alone', resolveRoute(model).route === 'openai-responses', theirs)
}

function thinks(model, { supports_reasoning: theirs }) {
  // Gemma goes to chat completions, where its server reads the effort.
  if (theirs === undefined || resolveRoute(model).route !== 'gemini') return undefined
  const config = sent(model, { reasoning_effort: 'high' })?.body.generationConfig
  return differ('thinks', config?.thinkingConfig !== undefined, theirs)
}

function* ofLitellm(table) {
  for (const [id, facts] of Object.entries(table)) {
    const provider = PROVIDERS[facts.litellm_provider]
    if (!provider || !['chat', 'responses'].includes(facts.mode) || id.startsWith('ft:')) continue
    const model = provider.name(id)
    if (model.includes('/')) continue
    for (const check of provider.checks) yield [model, check(model, facts)]
  }
}

// ---- The vendors' SDKs.

function* ofOpenai(folder) {
  const file = join(folder, 'resources', 'shared.d.ts')
  // Of this union the ids that chat completions have, too, are a name.
  for (const model of union(file, 'ResponsesModel'))
    yield [model, responsesOnly(model, { mode: 'responses' })]
  for (const model of union(file, 'ChatModel'))
    yield [model, responsesOnly(model, { mode: 'chat' })]
}

function* ofAnthropic(folder) {
  const file = join(folder, 'resources', 'messages', 'messages.d.ts')
  for (const model of union(file, 'Model'))
    yield [model, differ('a route of its own', resolveRoute(model).route, 'anthropic')]
}

/** Each reason must be read without the warning that it is unknown. */
async function ofGoogle(folder) {
  const file = join(folder, 'dist', 'genai.d.ts')
  const found = []
  for (const level of enumeration(file, 'ThinkingLevel').filter((word) => !/UNSPEC/.test(word))) {
    const word = level.toLowerCase()
    const ours = sent('gemini-4-hydrogen', { thinkingConfig: { thinkingLevel: level } })
    if (word !== 'minimal' && (ours?.warnings.length ?? 1) > 0)
      found.push(['gemini-4-hydrogen', `level ${word}: known to its SDK, not to us`])
  }
  for (const reason of enumeration(file, 'FinishReason').filter((word) => !/UNSPEC/.test(word))) {
    const content = { role: 'model', parts: [{ text: 'a' }] }
    gateway.enqueue({ json: { candidates: [{ index: 0, content, finishReason: reason }] } })
    const answer = await client
      .chatCompletion('gemini-3.8-flash', QUESTION, {}, { maxRetries: 0 })
      .catch((error) => error)
    const codes = (answer.aihubmix?.warnings ?? []).map(({ message }) => message)
    if (reason !== 'OTHER' && codes.some((message) => message.includes(reason)))
      found.push(['gemini', `finish reason ${reason}: known to its SDK, not to us`])
    gateway.reset()
  }
  return found
}

// ---- The AI SDK's catalogues.

function* ofAnthropicCatalog(folder) {
  const capabilities = catalog(folder, 'anthropic', 'getAnthropicModelCapabilities')
  for (const model of catalogIds(folder)) {
    const theirs = capabilities(model)
    const ask = (options) => sent(model, { tools: [FUNCTION], ...options })?.body ?? {}
    const format = { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: SCHEMA } }
    const off = ask({ reasoning_effort: 'none' })
    const budget = ask({ thinking: { type: 'enabled', budget_tokens: 2000 } })
    const rows = [
      ['most output', ask({}).max_tokens, theirs.maxOutputTokens],
      [
        'native schema',
        // Without thinking a forced tool does as well.
        ask({ response_format: format, reasoning_effort: 'high' }).output_config?.format !==
          undefined,
        theirs.supportsStructuredOutput
      ],
      [
        'sampling',
        ask({ temperature: 0.5 }).temperature === 0.5,
        !theirs.rejectsSamplingParameters
      ],
      [
        'without thinking',
        off.output_config?.effort === undefined && off.thinking?.type !== 'between_tools',
        !theirs.rejectsThinkingDisabled
      ],
      ['a budget', budget.thinking?.type === 'enabled', !theirs.rejectsBudgetThinking],
      [
        'a forced call',
        ask({ tool_choice: 'required' }).tool_choice?.type === 'any',
        !theirs.rejectsForcedToolUse
      ],
      [
        'thinking between tools',
        ask({ thinking: { type: 'between_tools' } }).thinking?.type === 'between_tools',
        theirs.supportsBetweenToolsThinking
      ]
    ]
    for (const row of rows) yield [model, differ(...row)]
  }
}

function* ofOpenaiCatalog(folder) {
  const entry = catalog(folder, 'openai', 'getOpenAILanguageModelEntry')
  for (const model of catalogIds(folder)) {
    const { efforts } = entry(model).capabilities.language.reasoning
    if (!Array.isArray(efforts)) continue
    for (const word of EFFORTS) {
      const ours = takesEffort(model, word, { route: 'openai-responses' })
      yield [model, differ(`effort ${word}`, ours, efforts.includes(word))]
    }
  }
}

function* ofGoogleCatalog(folder) {
  const entry = catalog(folder, 'google', 'getGoogleLanguageModelEntry')
  for (const model of catalogIds(folder)) {
    const { efforts } = entry(model).capabilities.language.reasoning
    if (!Array.isArray(efforts) || resolveRoute(model).route !== 'gemini') continue
    for (const word of EFFORTS.slice(1, 6)) {
      const { generationConfig } = sent(model, { reasoning_effort: word })?.body ?? {}
      const ours = generationConfig?.thinkingConfig?.thinkingLevel === word
      yield [model, differ(`level ${word}`, ours, efforts.includes(word))]
    }
  }
}

/** A server that we know is told about calls without results; of one that nothing is known of all is sent as it is. */
function* ofIds(folder) {
  const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
  const open = [...QUESTION, { role: 'assistant', content: null, tool_calls: [call] }]
  for (const model of catalogIds(folder)) {
    if (resolveRoute(model).route !== 'openai') continue
    const known = sent(model, {}, open)?.body.messages.length > open.length
    yield [model, differ('a row', known, true)]
  }
}

// ---- Reading packages.

function quietly(program, args, cwd) {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
}

/** The newest package of npm, whatever Node.js it wants, unpacked; its folder. */
function unpackNpm(name, work) {
  quietly('npm', ['pack', '--silent', `${name}@latest`], work)
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

/** What stands in `text` between these; it is an error if there is nothing. */
function between(text, begin, end, what) {
  const at = text.indexOf(begin)
  const to = text.indexOf(end, at + begin.length)
  if (at < 0 || to < 0) throw new Error(`${what} has no \`${begin}\` any more`)
  return text.slice(at + begin.length, to)
}

/** The words of a union type in a declaration file. */
function union(file, type) {
  const declared = between(readFileSync(file, 'utf8'), `type ${type} =`, ';', file)
  return [...declared.matchAll(/'([^']+)'/g)].map((match) => match[1])
}

/** The words of an enumeration in a declaration file. */
function enumeration(file, name) {
  const declared = between(readFileSync(file, 'utf8'), `enum ${name} {`, '\n}', file)
  return [...declared.matchAll(/ = "([^"]+)"/g)].map((match) => match[1])
}

/** A function of the AI SDK's catalogue of models, which is one region of the bundle. */
function catalog(folder, vendor, name) {
  const file = join(folder, 'dist', 'index.js')
  const region = `//#region src/${vendor}-model-catalog.ts`
  const source = between(readFileSync(file, 'utf8'), region, '//#endregion', file)
  const options = { [`${vendor}ProviderOptions`]: { language: {} } }
  return runInNewContext(`${source}\n${name}`, options, { timeout: 10_000 })
}

/** The ids of the models that the AI SDK's provider of a vendor declares. */
function catalogIds(folder) {
  const text = readFileSync(join(folder, 'dist', 'index.d.ts'), 'utf8')
  const tables = ['languageModelDefinitions', 'chatModelDefinitions', 'languageModelEntries']
  const table = tables.find((table) => text.includes(`const ${table}: {`))
  if (table !== undefined) {
    const declared = between(text, `const ${table}: {`, '\n};', folder)
    return [...declared.matchAll(/^ {2}(?:readonly )?'?([\w.:-]+)'?: /gm)].map((match) => match[1])
  }
  const declared = /type \w*(?:Chat|Language|Responses)ModelId = ([^;]*);/.exec(text)
  if (declared === null) throw new Error(`${folder}: no list of models any more`)
  return [...declared[1].matchAll(/'([^']+)'/g)].map((match) => match[1])
}

// ---- What is said.

async function disagreements(work) {
  const found = new Set()
  const say = (rows) => {
    for (const [model, sentence] of rows) if (sentence) found.add(`${model}: ${sentence}`)
  }
  say(ofLitellm(litellm(work)))
  const npm = (name) => unpackNpm(name, work)
  say(ofOpenai(npm('openai')))
  say(ofAnthropic(npm('@anthropic-ai/sdk')))
  say(await ofGoogle(npm('@google/genai')))
  say(ofAnthropicCatalog(npm('@ai-sdk/anthropic')))
  say(ofOpenaiCatalog(npm('@ai-sdk/openai')))
  say(ofGoogleCatalog(npm('@ai-sdk/google')))
  for (const vendor of ['mistral', 'xai', 'deepseek', 'moonshotai'])
    say(ofIds(npm(`@ai-sdk/${vendor}`)))
  return [...found]
}

const work = mkdtempSync(join(tmpdir(), 'models-check-'))
try {
  const found = await disagreements(work)
  const settled = SETTLED.flatMap(({ models, sentences }) =>
    models.flatMap((model) => sentences.map((sentence) => `${model}: ${sentence}`))
  )
  const unsettled = found.filter((line) => !settled.includes(line))
  const gone = settled.filter((line) => !found.includes(line))
  for (const line of unsettled) console.log(line)
  for (const line of gone) console.log(`settled, and no longer so: ${line}`)
  console.log(`${unsettled.length} disagreements, ${settled.length - gone.length} settled`)
  if (unsettled.length + gone.length > 0) process.exitCode = 1
} finally {
  client.close()
  await gateway.close()
  rmSync(work, { recursive: true, force: true })
}
