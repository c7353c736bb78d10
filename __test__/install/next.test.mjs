// Next.js with the settings that docs/runtimes.md names: a production build whose route handlers answer, stream and fail.
// An error that nobody catches gives the ordinary 500, with nothing of the gateway's.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { test } from 'node:test'
import { run } from './support/npm.mjs'
import { project } from './support/project.mjs'

const client = `import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient({ apiKey: 'sk-test', maxRetries: 0 })
const messages = [{ role: 'user', content: 'ping' }]
export const dynamic = 'force-dynamic'
`
const files = {
  'next.config.mjs': "export default { serverExternalPackages: ['aihubmix-native'] }\n",
  'app/layout.js':
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>\n',
  'app/page.js': 'export default () => <p>home</p>\n',
  'app/answer/route.js': `${client}
export async function GET() {
  const answer = await client.chatCompletion('gpt-5.4-mini', messages)
  return Response.json(answer.choices[0].message)
}
`,
  'app/stream/route.js': `${client}
export async function GET(request) {
  const options = { signal: request.signal }
  const stream = await client.chatCompletion('gpt-5.4-mini', messages, { stream: true }, options)
  return new Response(stream.toReadableStream())
}
`,
  'app/failure/route.js': `${client}
export async function GET() {
  return Response.json(await client.chatCompletion('no-such-model', messages))
}
`
}

// Its refusal has headers that would break, or change, any answer they were copied into.
function gateway(request, response) {
  let text = ''
  request.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  request.on('end', () => {
    const { model, stream } = JSON.parse(text)
    if (model === 'no-such-model') {
      const body = JSON.stringify({ error: { message: 'slow down' } })
      const headers = {
        'content-length': body.length,
        'content-language': 'fr',
        'set-cookie': 'a=b'
      }
      response.writeHead(429, headers).end(body)
    } else if (stream) {
      const chunk = {
        id: '1',
        choices: [{ index: 0, delta: { content: 'pong' }, finish_reason: 'stop' }]
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)
    } else {
      const message = { role: 'assistant', content: 'pong' }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }))
    }
  })
}

test('Next.js', { timeout: 400_000 }, async (t) => {
  const server = http.createServer(gateway).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const folder = await project(t, files, ['next@16', 'react@19', 'react-dom@19'])
  const env = {
    NEXT_TELEMETRY_DISABLED: '1',
    AIHUBMIX_BASE_URL: `http://127.0.0.1:${server.address().port}`
  }
  const next = `${folder}/node_modules/next/dist/bin/next`
  await run(folder, 'node', [next, 'build'], { env, seconds: 300 })
  const port = await started(t, folder, next, env)
  const ask = (path) =>
    fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(30_000) })

  const answer = await ask('/answer')
  assert.deepEqual([answer.status, (await answer.json()).content], [200, 'pong'])
  assert.match(await (await ask('/stream')).text(), /"content":"pong"/)
  const failure = await ask('/failure')
  assert.equal(failure.status, 500)
  await failure.text()
  for (const name of ['content-language', 'set-cookie'])
    assert.equal(failure.headers.get(name), null)
})

async function started(t, folder, next, env) {
  const args = [next, 'start', '--hostname', '127.0.0.1', '--port', '0']
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  for await (const piece of child.stdout) {
    said += piece
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]
    if (port !== undefined && port !== '0') return port
  }
  throw new Error(`next did not start: ${said}`)
}
