'use strict'

// Videos. `doGenerate` waits for one; with `doStart` and `doStatus` (V4) the AI SDK, or the application, does.
//
// | the AI SDK | `POST /v1/videos` |
// |---|---|
// | `prompt` | `prompt` |
// | `resolution` | `size` |
// | `duration` | `seconds`: a number for Veo, a text for the others |
// | `image`, or the first frame of `frameImages` | `input_reference` |
// | `aspectRatio`, `fps`, `seed`, `generateAudio`, other frames and references | a warning |

const { AihubmixError } = require('../aihubmix-error')
const { called } = require('./errors')
const { Model, blobOf, own } = require('./model')

const TAKES_SECONDS_AS_NUMBER = /^veo/

class VideoModel extends Model {
  maxVideosPerCall = 1

  async doGenerate(options) {
    const { body, warnings, wait } = videoOf(this.modelId, options)
    const { answer, response } = await this.ask(
      async (request) => {
        const started = await this.client.videos.create(body, request)
        const video = await this.client.videos.waitFor(started, wait, request)
        if (video.status === 'failed') throw failed(video)
        return { video, file: await this.#fileOf(video.id, request) }
      },
      options,
      body
    )
    const { video, file } = answer
    return { videos: [file], warnings, ...this.told(video), response }
  }

  async doStart(options) {
    const { body, warnings } = videoOf(this.modelId, options)
    if (options.webhookUrl !== undefined) warnings.push(unsupported('webhookUrl'))
    const { answer, response } = await this.ask(
      (request) => this.client.videos.create(body, request),
      options,
      body
    )
    return { operation: { id: answer.id }, warnings, ...this.told(answer), response }
  }

  async doStatus(options) {
    const { id } = options.operation
    const { answer: video, response } = await this.ask(
      (request) => this.client.videos.retrieve(id, request),
      options,
      {}
    )
    const told = this.told(video)
    if (video.status === 'failed') {
      return { status: 'error', error: failed(video).message, ...told, response }
    }
    if (video.status !== 'completed') return { status: 'pending', ...told, response }
    const request = this.requestOf(options)
    const file = await called(() => this.#fileOf(id, request), {}, options.abortSignal)
    return { status: 'completed', videos: [file], warnings: [], ...told, response }
  }

  async #fileOf(id, request) {
    const file = await this.client.videos.content(id, {}, request)
    const mediaType = file.headers.get('content-type')?.split(';')[0] || 'video/mp4'
    return { type: 'binary', data: new Uint8Array(await file.arrayBuffer()), mediaType }
  }
}

// V3 knows no operations.
class VideoModelV3 extends VideoModel {
  doStart = undefined
  doStatus = undefined
}

function videoOf(modelId, options) {
  const { prompt, resolution, duration } = options
  const { pollIntervalMs: interval, pollTimeoutMs: timeout, ...members } = own(options)
  const first = options.image ?? frameOf(options, 'first_frame')?.image
  const seconds = TAKES_SECONDS_AS_NUMBER.test(modelId) ? duration : String(duration)
  const body = {
    model: modelId,
    prompt,
    ...(resolution !== undefined && { size: resolution }),
    ...(duration !== undefined && { seconds }),
    ...(first !== undefined && { input_reference: referenceOf(first) }),
    ...members
  }
  return { body, warnings: leftOut(options), wait: { interval, timeout } }
}

function frameOf({ frameImages = [] }, kind) {
  return frameImages.find(({ frameType }) => frameType === kind)
}

function referenceOf(file) {
  return file.type === 'url' ? { image_url: file.url } : blobOf(file)
}

function leftOut(options) {
  const names = ['aspectRatio', 'fps', 'seed', 'generateAudio']
  const features = names.filter((name) => options[name] !== undefined)
  if (options.inputReferences?.length > 0) features.push('inputReferences')
  if (frameOf(options, 'last_frame') !== undefined) features.push('frameImages.last_frame')
  return features.map(unsupported)
}

function unsupported(feature) {
  return { type: 'unsupported', feature }
}

function failed({ error }) {
  return new AihubmixError(error?.message ?? 'the video could not be made', 'SERVER_ERROR')
}

module.exports = { VideoModel, VideoModelV3 }
