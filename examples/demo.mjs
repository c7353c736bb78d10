// A short visible conversation on every route: streamed, with a tool call.
//
// With AIHUBMIX_API_KEY set it talks to the real gateway (and costs a little), else to the embedded
// mock gateway, whose answers are scripted below.

import { AihubmixModelClient, resolveRoute } from 'aihubmix-native'
import { startMockGateway } from 'aihubmix-native/testing'

const CONVERSATIONS = [
  { model: 'gpt-5.4-mini' },
  { model: 'claude-sonnet-4-6' },
  { model: 'gemini-3.5-flash' },
  { model: 'gpt-5.4-mini', route: 'openai-responses' }
]

const QUESTION = 'Do I need an umbrella in Lisbon? Use get_weather, and answer in one sentence.'

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather of a city, now',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
    }
  }
]

const live = (process.env.AIHUBMIX_API_KEY ?? '') !== ''
const gateway = live ? undefined : await startMockGateway()
const client = live
  ? new AihubmixModelClient()
  : new AihubmixModelClient({ apiKey: 'sk-mock', baseURL: gateway.url, proxy: false })

say(
  ['bold'],
  live ? `The real gateway, ${client.getBaseURL()}` : `The embedded mock gateway, ${gateway.url}`
)
if (!live) say(['dim'], 'Its answers are scripted. Set AIHUBMIX_API_KEY to talk to real models.')

for (const { model, route = resolveRoute(model).route } of CONVERSATIONS) {
  say(['bold', 'cyan'], `\n━━ ${route} ${'━'.repeat(50 - route.length)} ${model}`)
  try {
    await converse(model, { route })
  } catch (error) {
    process.exitCode = 1
    say(['red'], `   ${error.code ?? error.name}: ${error.message}`)
  }
}

client.close()
await gateway?.close()

async function converse(model, request) {
  const messages = [{ role: 'user', content: QUESTION }]
  const options = { tools: TOOLS, max_tokens: 1000, stream: true }
  // A dry run tells where the request goes, or that the route does not exist.
  const { method, url } = client.buildRequest(model, messages, options, request)
  say(['dim'], `   ${method} ${url}`)
  print('user', QUESTION)
  if (!live) script()
  for (let turn = 0; turn < 4; turn += 1) {
    const answer = await show(await client.chatCompletion(model, messages, options, request))
    const { message } = answer.choices[0]
    messages.push(message)
    if (message.tool_calls === undefined) return
    for (const { id, function: called } of message.tool_calls) {
      print('tool call', `${called.name}(${called.arguments})`)
      const content = JSON.stringify({
        ...JSON.parse(called.arguments),
        sky: 'light rain',
        celsius: 17
      })
      print('tool', content)
      messages.push({ role: 'tool', tool_call_id: id, content })
    }
  }
}

// Prints the text as it arrives, then what it took.
async function show(stream) {
  const started = performance.now()
  let spoken = false
  for await (const { choices } of stream) {
    const { content, reasoning_content: thought } = choices[0]?.delta ?? {}
    if (!content && !thought) continue
    if (!spoken) label('assistant')
    spoken = true
    process.stdout.write(content || paint(['dim'], thought))
  }
  if (spoken) process.stdout.write('\n')
  const answer = await stream.finalChatCompletion()
  const { usage, aihubmix, choices } = answer
  const took = `${Math.round(performance.now() - started)} ms`
  const read = usage
    ? `${usage.prompt_tokens} tokens read, ${usage.completion_tokens} written`
    : 'no usage told'
  say(
    ['dim'],
    `${' '.repeat(14)}${choices[0].finish_reason} · ${read} · ${took} · ${aihubmix.requestId ?? 'no id'}`
  )
  for (const { message } of aihubmix.warnings)
    say(['yellow'], `${' '.repeat(14)}warning: ${message}`)
  return answer
}

function script() {
  gateway.reset()
  gateway.enqueue([
    { chat: { tool_calls: [{ name: 'get_weather', arguments: { city: 'Lisbon' } }] } },
    {
      chat: 'Yes: light rain is falling in Lisbon at a mild 17 °C, so take a small umbrella. ☔',
      gapMs: 40
    }
  ])
}

function print(who, text) {
  label(who)
  console.log(text)
}

function label(who) {
  const colours = { user: 'green', assistant: 'magenta', tool: 'blue', 'tool call': 'blue' }
  process.stdout.write(`   ${paint([colours[who]], who.padEnd(10))} `)
}

function say(style, text) {
  console.log(paint(style, text))
}

function paint(style, text) {
  if (!process.stdout.isTTY || process.env.NO_COLOR) return text
  const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 }
  return `\x1b[${style.map((name) => codes[name]).join(';')}m${text}\x1b[0m`
}
