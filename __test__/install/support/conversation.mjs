// What the projects under test do: talk to the mock gateway, whole and streamed, on the vendors' routes.

const imported = '{ AihubmixModelClient, AihubmixError }'

/** The body of an async function; `say` gets what it has to say. */
export const talk = `
  const gateway = await startMockGateway()
  const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
  for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
    const whole = await client.chatCompletion(model, [{ role: 'user', content: 'ping' }])
    const stream = await client.chatCompletion(model, [{ role: 'user', content: 'pong' }], { stream: true })
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    say([model, whole.choices[0]?.message.content, text].join(': '))
  }
  gateway.enqueue({ status: 401 })
  const error = await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'ping' }]).catch((error) => error)
  say([error.code, error instanceof AihubmixError, error instanceof Error].join(': '))
  client.close()
  await gateway.close()
`

/** What it says, line by line. */
export const said = [
  'gpt-5.4-mini: You said: ping: You said: pong',
  'claude-sonnet-4-6: You said: ping: You said: pong',
  'gemini-3.5-flash: You said: ping: You said: pong',
  'AUTH_ERROR: true: true'
]

/** What a program prints that holds it with `say = console.log`. */
export const printed = `${said.join('\n')}\n`

export const commonjs = `
const ${imported} = require('aihubmix-native')
const { startMockGateway } = require('aihubmix-native/testing')
const say = console.log
void (async () => {${talk}})()
`

const esmImports = `
import ${imported} from 'aihubmix-native'
import { startMockGateway } from 'aihubmix-native/testing'
const say = console.log
`

export const esm = esmImports + talk

/** For bundlers that make CommonJS of ESM, which has no `await` outside functions. */
export const esmInFunction = `${esmImports}void (async () => {${talk}})()`
