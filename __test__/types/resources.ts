// The other resources.

import { AihubmixModelClient } from 'aihubmix-native'
import type {
  BinaryResponse,
  CatalogModel,
  FinishedVideo,
  GenerateContentResponse,
  ImagesResponse,
  Model,
  Stream,
  Transcription,
  TranscriptionVerbose,
  Uploadable,
  Video
} from 'aihubmix-native'
import { is } from './expect'

declare const blob: Blob
declare const stream: ReadableStream<Uint8Array>
declare const pieces: AsyncIterable<Uint8Array>

export const uploads: Uploadable[] = [
  new Uint8Array(4),
  new ArrayBuffer(4),
  blob,
  './speech.mp3',
  new URL('file:///speech.mp3'),
  stream,
  pieces,
  { content: new Uint8Array(4), type: 'audio/webm;codecs=opus' },
  { content: pieces, name: 'speech.mp3' }
]
// @ts-expect-error not a file
uploads.push(7)
// @ts-expect-error a file has content
uploads.push({ type: 'audio/mpeg' })

export async function vectors(client: AihubmixModelClient) {
  const floats = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: ['a', 'b'] as const,
    dimensions: 8
  })
  is<number[]>()(floats.data[0]!.embedding)
  const packed = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'a',
    encoding_format: 'base64'
  })
  is<string>()(packed.data[0]!.embedding)
  const { results } = await client.rerank.create({
    model: 'jina-reranker-m0',
    query: 'a',
    documents: ['a', { image: 'https://…' }],
    top_n: 1
  })
  is<number>()(results[0]!.relevance_score)
  const judged = await client.moderations.create({ input: [{ type: 'text', text: 'a' }] })
  is<boolean>()(judged.results[0]!.flagged)
  // @ts-expect-error misspelt
  client.embeddings.create({ model: 'm', inputs: 'a' })
  // @ts-expect-error documents are needed
  client.rerank.create({ model: 'm', query: 'a' })
}

export async function sound(client: AihubmixModelClient, file: Uploadable) {
  const speech = await client.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input: 'hello'
  })
  is<BinaryResponse>()(speech)
  const bytes: Uint8Array = await speech.bytes()
  const buffer: ArrayBuffer = await speech.arrayBuffer()
  for await (const piece of speech) bytes.set(piece)
  const type: string | null = speech.headers.get('content-type')
  const { transcriptions, translations } = client.audio
  is<Transcription>()(await transcriptions.create({ model: 'whisper-1', file }))
  is<string>()(await transcriptions.create({ model: 'whisper-1', file, response_format: 'srt' }))
  is<TranscriptionVerbose>()(
    await transcriptions.create({ model: 'whisper-1', file, response_format: 'verbose_json' })
  )
  for await (const event of await transcriptions.create({
    model: 'whisper-1',
    file,
    stream: true
  })) {
    if (event.type === 'transcript.text.delta') is<string>()(event.delta)
  }
  is<{ text: string }>()(await translations.create({ model: 'whisper-1', file }))
  // @ts-expect-error no such format
  transcriptions.create({ model: 'whisper-1', file, response_format: 'xml' })
  return [buffer, type, speech.body.getReader(), await speech.blob()]
}

export async function pictures(client: AihubmixModelClient, image: Uploadable) {
  is<ImagesResponse>()(
    await client.images.generate({
      model: 'imagen-4.0-generate-001',
      prompt: 'a fox',
      aspect_ratio: '16:9'
    })
  )
  is<ImagesResponse>()(
    await client.images.edit({
      model: 'gpt-image-2',
      image: [image, image],
      mask: image,
      prompt: 'blue'
    })
  )
  for await (const event of await client.images.generate({
    prompt: 'a fox',
    stream: true,
    partial_images: 2
  })) {
    if (event.type === 'image_generation.partial_image') is<number>()(event.partial_image_index)
    else is<number>()(event.usage.total_tokens)
  }
  // @ts-expect-error a prompt is needed
  client.images.generate({ model: 'gpt-image-2' })
  // @ts-expect-error a number
  client.images.generate({ prompt: 'a fox', n: 'two' })
}

export async function films(client: AihubmixModelClient) {
  const job = await client.videos.create({
    model: 'veo-3.1-generate-001',
    prompt: 'a boat',
    seconds: '4',
    size: '1280x720'
  })
  const done = await client.videos.waitFor(job, {
    interval: 1000,
    timeout: 60_000,
    onProgress: (video) => is<Video>()(video)
  })
  is<FinishedVideo>()(done)
  is<'completed' | 'failed'>()(done.status)
  is<FinishedVideo>()(await client.videos.waitFor(job.id))
  is<BinaryResponse>()(await client.videos.content(job.id, { variant: 'thumbnail' }))
  is<Video>()(await client.videos.remix(job.id, { prompt: 'at night' }))
  is<boolean>()((await client.videos.delete(job.id)).deleted)
  is<Video>()(await client.videos.retrieve(job.id, { maxRetries: 0 }))
  // @ts-expect-error misspelt
  client.videos.waitFor(job, { intervalMs: 1000 })
}

export async function models(client: AihubmixModelClient) {
  for await (const model of client.models.list()) is<Model>()(model)
  is<Model[]>()((await client.models.list()).data)
  const { data } = await client.models.catalog({
    type: 'llm',
    features: ['tools', 'thinking'],
    sort_order: 'desc'
  })
  is<CatalogModel[]>()(data)
  is<number | undefined>()(data[0]!.pricing?.input)
  // @ts-expect-error misspelt
  client.models.catalog({ types: 'llm' })
}

export async function native(client: AihubmixModelClient) {
  const message = await client.messages.create({
    model: 'claude-sonnet-4-6',
    max_tokens: 10,
    messages: [{ role: 'user', content: 'hello' }],
    betas: []
  })
  for (const block of message.content) {
    if (block.type === 'text') is<string>()(block.text)
    if (block.type === 'tool_use') is<unknown>()(block.input)
  }
  for await (const event of await client.messages.create({
    model: 'm',
    max_tokens: 1,
    messages: [],
    stream: true
  })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
      is<string>()(event.delta.text)
  }
  const response = await client.responses.create({
    model: 'gpt-5.5',
    input: 'hello',
    background: false
  })
  is<string>()(response.output_text)
  for (const item of response.output)
    if (item.type === 'function_call') is<string>()(item.arguments)
  for await (const event of await client.responses.create({
    model: 'gpt-5.5',
    input: 'hello',
    stream: true
  })) {
    if (event.type === 'response.output_text.delta') is<string>()(event.delta)
    if (event.type === 'response.completed') is<string>()(event.response.output_text)
  }
  const contents = [{ role: 'user', parts: [{ text: 'hello' }] }]
  is<GenerateContentResponse>()(
    await client.gemini.generateContent({ model: 'gemini-3.5-flash', contents })
  )
  is<Stream<GenerateContentResponse>>()(
    await client.gemini.generateContent({ model: 'gemini-3.5-flash', contents, stream: true })
  )
  // @ts-expect-error Claude wants a limit
  client.messages.create({ model: 'claude-sonnet-4-6', messages: [] })
  // @ts-expect-error contents are a list
  client.gemini.generateContent({ model: 'gemini-3.5-flash', contents: 'hello' })
}
