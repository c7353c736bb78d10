import type { WebBlob, WebHeaders, WebReadableStream } from '../web'

/**
 * An answer of bytes, such as speech or a video: read it whole, or as a stream. Only once, like a `Response`.
 *
 * @example
 * import { writeFile } from 'node:fs/promises'
 *
 * const speech = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hello!' })
 * await writeFile('hello.mp3', await speech.bytes())
 *
 * for await (const piece of await client.videos.content('video_1')) process.stdout.write(piece)
 */
export interface BinaryResponse extends AsyncIterable<Uint8Array> {
  readonly status: number
  readonly headers: WebHeaders
  /** The gateway's trace id, where it gave one. */
  readonly requestId: string | undefined
  /** The bytes as they arrive. */
  readonly body: WebReadableStream<Uint8Array>
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  /** Typed with the answer's media type. */
  blob(): Promise<WebBlob>
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined, undefined>
}
