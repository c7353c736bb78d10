'use strict'

// What a program needs of the package, on whatever runtime: whole and streamed on every route, a tool loop, an error, a
// cancelled call, a file.

const { AihubmixModelClient, AihubmixError, routeModel } = require('../../..')

const HELLO = [{ role: 'user', content: 'hello' }]

async function main(baseURL) {
  const client = new AihubmixModelClient({ apiKey: 'sk-test-0123456789', baseURL, maxRetries: 0 })
  const report = { answers: [], streams: [] }
  for (const model of ['gpt-5.4', 'claude-sonnet-4-6', 'gemini-3.1-pro-preview', 'gpt-5.5-pro']) {
    const answer = await client.chatCompletion(model, HELLO)
    report.answers.push(answer.choices[0].message.content)
    let text = ''
    for await (const chunk of await client.chatCompletion(model, HELLO, { stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
    }
    report.streams.push(text)
  }
  report.route = routeModel('claude-x')
  const controller = new AbortController()
  const pending = client.chatCompletion('gpt-5.4', HELLO, {}, { signal: controller.signal })
  controller.abort()
  report.aborted = await pending.catch(
    (error) => error instanceof AihubmixError && error instanceof Error && error.code
  )
  const file = new Uint8Array([82, 73, 70, 70, 4, 0, 0, 0, 87, 65, 86, 69])
  const { text } = await client.audio.transcriptions.create({ model: 'whisper-1', file })
  report.transcript = text.length > 0
  client.close()
  return report
}

main(process.argv.at(-1)).then(
  (report) => console.log(JSON.stringify(report)),
  (error) => {
    console.error(error)
    process.exitCode = 1
  }
)
