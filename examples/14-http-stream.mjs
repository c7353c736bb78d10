// A backend that passes a stream on to a browser, one chunk a line. A browser that goes away stops the model.
// The same handler body fits Express; in Fastify reply with `Readable.fromWeb(stream.toReadableStream())`.

import http from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

const server = http.createServer(async (request, response) => {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    const question = new URL(request.url, 'http://localhost').searchParams.get('q') ?? 'hello'
    const messages = [{ role: 'user', content: question }]
    const stream = await client.chatCompletion(
      'gpt-5.4-mini',
      messages,
      { stream: true },
      { signal: gone.signal }
    )
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    await pipeline(Readable.fromWeb(stream.toReadableStream()), response)
  } catch (error) {
    if (response.headersSent) return response.destroy()
    response.writeHead(error.status ?? 502, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { code: error.code, message: error.message } }))
  }
})
await new Promise((resolve) => server.listen(process.env.PORT ?? 0, resolve))

// What a browser would do.
const answer = await fetch(`http://localhost:${server.address().port}/?q=Good%20morning`)
for (const line of (await answer.text()).trim().split('\n')) {
  process.stdout.write(JSON.parse(line).choices[0]?.delta.content ?? '')
}
process.stdout.write('\n')
server.close()
