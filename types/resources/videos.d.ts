import type { RequestOptions } from '../options'
import type { APIPromise } from '../streams'
import type { Uploadable, UploadRequestOptions } from '../uploads'
import type { BinaryResponse } from './bytes'

/**
 * Videos, which take minutes to make.
 *
 * @example
 * import { writeFile } from 'node:fs/promises'
 *
 * const job = await client.videos.create({ model: 'veo-3.1-generate-001', prompt: 'a paper boat in the rain', seconds: '4' })
 * const video = await client.videos.waitFor(job, { onProgress: ({ progress }) => console.log(progress, '%') })
 * if (video.status === 'completed') {
 *   await writeFile('boat.mp4', await (await client.videos.content(video.id)).bytes())
 * }
 */
export interface VideosResource {
  /** `POST /v1/videos` (multipart where a file is sent along). */
  create(body: VideoCreateParams, request?: UploadRequestOptions): APIPromise<Video>
  /** `GET /v1/videos/{id}` */
  retrieve(id: string, request?: RequestOptions): APIPromise<Video>
  /** `GET /v1/videos/{id}/content` */
  content(
    id: string,
    query?: VideoContentQuery,
    request?: RequestOptions
  ): APIPromise<BinaryResponse>
  /** `DELETE /v1/videos/{id}` */
  delete(id: string, request?: RequestOptions): APIPromise<VideoDeleted>
  /** `POST /v1/videos/{id}/remix`: the same video, told anew. */
  remix(id: string, body: VideoRemixParams, request?: RequestOptions): APIPromise<Video>
  /**
   * Asks for the video again and again until it is completed or failed, and gives it as it is then: look at
   * its `status`. Rejects with `TIMEOUT` (`phase: 'total'`) when `options.timeout` is over, with `ABORTED` by
   * `request.signal`, and with whatever a single retrieval rejects with after its retries.
   */
  waitFor(
    video: string | Pick<Video, 'id'>,
    options?: VideoWaitOptions,
    request?: RequestOptions
  ): APIPromise<FinishedVideo>
}

/**
 * Other members are sent as they are: the model families differ (`aspect_ratio`, `resolution`, `content`, …).
 *
 * @see https://docs.aihubmix.com/en/api/Video-Gen
 */
export interface VideoCreateParams {
  model?: string | undefined
  prompt: string
  /** A text for Sora, a number for Veo. */
  seconds?: string | number | undefined
  /** `1280x720`, …, by model. */
  size?: string | undefined
  /** The first picture. */
  input_reference?:
    | Uploadable
    | { image_url?: string | undefined; file_id?: string | undefined }
    | undefined
  [parameter: string]: any
}

/** What is to be different. Other members are sent as they are. */
export interface VideoRemixParams {
  prompt: string
  [parameter: string]: any
}

/** Which of a video's files. */
export interface VideoContentQuery {
  /** Default `video`. */
  variant?: 'video' | 'thumbnail' | 'spritesheet' | undefined
}

/** How to wait for a video. */
export interface VideoWaitOptions {
  /** Milliseconds between two questions. Default 5 000. */
  interval?: number | undefined
  /** Milliseconds for the whole wait. Default 1 800 000 (30 minutes). */
  timeout?: number | undefined
  /** Called with each state of the video, the last one too. What it throws ends the wait. */
  onProgress?: ((video: Video) => void) | undefined
}

/** A video, or the work on it. */
export interface Video {
  id: string
  object: 'video'
  model: string
  status: VideoStatus
  /** Percent. */
  progress: number
  /** Unix seconds. */
  created_at: number
  /** Unix seconds. */
  completed_at: number | null
  /** Unix seconds: until then its content can be fetched. */
  expires_at: number | null
  seconds: string
  size: '720x1280' | '1280x720' | '1024x1792' | '1792x1024'
  prompt: string | null
  remixed_from_video_id: string | null
  /** Why it failed. */
  error: { code: string; message: string } | null
}

/** How far the work is. */
export type VideoStatus = 'queued' | 'in_progress' | 'completed' | 'failed'

/** A video that will not change any more. */
export type FinishedVideo = Video & { status: 'completed' | 'failed' }

/** Says that a video is gone. */
export interface VideoDeleted {
  id: string
  object: 'video.deleted'
  deleted: boolean
}
