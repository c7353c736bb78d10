'use strict'

// Sends 100 MB and reports by how much the process has grown. The server is a process of its own, so that
// its memory does not count.

const { spawn } = require('node:child_process')
const { createReadStream, mkdtempSync, openAsBlob, rmSync, writeFileSync } = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { AihubmixModelClient } = require('../../..')

const SIZE = 100 * 1024 * 1024
const SERVER = `
  let received = 0
  const server = require('node:http').createServer((request, response) => {
    received = 0
    request.on('data', (piece) => { received += piece.length })
    request.on('end', () => response.end(JSON.stringify({ text: String(received) })))
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

async function main(form) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'aihubmix-native-'))
  const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const port = await new Promise((resolve) =>
      server.stdout.once('data', (line) => resolve(String(line).trim()))
    )
    const client = new AihubmixModelClient({ baseURL: `http://127.0.0.1:${port}` })
    const send = async (file) =>
      client.audio.transcriptions.create({
        model: 'whisper-1',
        file: { content: file, type: 'audio/mpeg' }
      })
    const small = path.join(folder, 'small')
    writeFileSync(small, 'ID3')
    await send(await opened(form, small))
    const large = path.join(folder, 'large')
    for (let at = 0; at < SIZE; at += 1 << 20)
      writeFileSync(large, Buffer.alloc(1 << 20, at % 251), { flag: 'a' })
    global.gc?.()

    const start = process.memoryUsage().rss
    let peak = start
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 5)
    const { text } = await send(await opened(form, large))
    clearInterval(timer)
    console.log(JSON.stringify({ received: Number(text), grownBy: peak - start }))
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function opened(form, file) {
  if (form === 'path') return file
  if (form === 'blob') return openAsBlob(file)
  if (form === 'node-stream') return createReadStream(file)
  return (await openAsBlob(file)).stream()
}

main(process.argv[2])
