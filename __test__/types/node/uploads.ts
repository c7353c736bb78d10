// Node.js's own sources of bytes.

import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import type { AihubmixModelClient, Uploadable } from 'aihubmix-native'

export const uploads: Uploadable[] = [
  Buffer.from('RIFF'),
  createReadStream('./speech.mp3'),
  Readable.from([Buffer.from('RIFF')]),
  new ReadableStream<Uint8Array>(),
  new File(['RIFF'], 'speech.wav', { type: 'audio/wav' }),
  { content: createReadStream('./speech'), type: 'audio/flac' }
]

export const speech = async (client: AihubmixModelClient) =>
  Readable.from(
    await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello' })
  )
