import type { RequestOptions } from './options'
import type { WebBlob, WebReadableStream, WebURL } from './web'

/**
 * A file to send: bytes, a Blob or File, the path of a file, a `file:` URL, a stream, or any of them
 * with its media type and name.
 *
 * @example
 * import { createReadStream } from 'node:fs'
 *
 * const recording = new Uint8Array(1024)
 * await client.audio.transcriptions.create({ model: 'whisper-1', file: './speech.mp3' })
 * await client.audio.transcriptions.create({ model: 'whisper-1', file: createReadStream('./speech.mp3') })
 * await client.audio.transcriptions.create({ model: 'whisper-1', file: { content: recording, type: 'audio/webm;codecs=opus' } })
 */
export type Uploadable = UploadContent | UploadDetails

/** Where a file's bytes come from. A string is a path. A `Buffer` is a `Uint8Array`, a Node.js stream an `AsyncIterable`. */
export type UploadContent =
  | Uint8Array
  | ArrayBuffer
  | WebBlob
  | string
  | WebURL
  | WebReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>

/** A file with its media type and name. */
export interface UploadDetails {
  content: UploadContent
  /**
   * Media type. Default: the Blob's own, else by the name's extension, else by the first bytes, else
   * `application/octet-stream`.
   */
  type?: string | undefined
  /**
   * File name. Default: the File's or path's own, else made of the media type: `image.png`. Recordings are always
   * named by their media type, `audio.mp3`, since the endpoints tell the format by the name; only one of an unknown
   * type keeps its own name.
   */
  name?: string | undefined
}

/** What a call that sends files may override. */
export interface UploadRequestOptions extends RequestOptions {
  /** Called as the upload goes on, and when all of it is sent. */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined
}

/** How far an upload is, in bytes of the request's body. */
export interface UploadProgress {
  sent: number
  /** Absent for a stream of unknown length. */
  total?: number
}
