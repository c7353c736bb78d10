// Answers as events: text as it comes, tools that are called while the model still writes, and a run of them handed on
// to a browser.

import http from 'node:http'
import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()
const ask = (content) => [{ role: 'user', content }]

const stream = client.chat.completions
  .stream({ model: 'claude-sonnet-4-6', messages: ask('Good morning') })
  .on('content', (delta) => process.stdout.write(delta))
console.log(`\n${(await stream.totalUsage()).total_tokens > 0 ? 'with' : 'without'} usage`)

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather = { name: 'get_weather', parameters, function: ({ city }) => ({ city, celsius: 21 }) }
const run = (city) =>
  client.chat.completions.runTools(
    {
      model: 'gemini-3.5-flash',
      messages: ask(`How warm is it in ${city}? Use get_weather.`),
      tools: [{ type: 'function', function: weather }],
      stream: true
    },
    { maxChatCompletions: 5, approve: ({ function: { name } }) => name === 'get_weather' }
  )
const called = run('Paris').on('functionToolCall', ({ name }) => console.log(`calls ${name}`))
console.log(await called.finalContent())

// Server-sent events: `pipe` for Node's servers, `toResponse()` where a handler returns a `Response`.
const server = http.createServer((_request, response) => run('Rome').pipe(response))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const piped = await fetch(`http://127.0.0.1:${server.address().port}/`)
console.log(piped.headers.get('content-type'), (await piped.text()).trim().split('\n').at(-1))
server.close()

const returned = run('Oslo').toResponse()
console.log(returned.status, (await returned.text()).trim().split('\n').at(-1))
