// A text is spoken, and what was said is written down again.

import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

// As the bytes arrive; `await speech.bytes()` gives them all at once.
const speech = await client.audio.speech.create({
  model: 'tts-1',
  voice: 'alloy',
  input: 'The quick brown fox jumps over the lazy dog.'
})
await pipeline(speech, createWriteStream('fox.mp3'))
console.log('fox.mp3', speech.headers.get('content-type'))

const { text } = await client.audio.transcriptions.create(
  { model: 'whisper-1', file: './fox.mp3' },
  { onUploadProgress: ({ sent, total }) => console.log(`${sent} of ${total} bytes`) }
)
console.log(text)

const subtitles = await client.audio.transcriptions.create({
  model: 'whisper-1',
  file: './fox.mp3',
  response_format: 'srt'
})
console.log(subtitles)
