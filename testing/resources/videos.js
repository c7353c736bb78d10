'use strict'

// POST /v1/videos, GET and DELETE /v1/videos/{id}, GET …/content, POST …/remix
// https://platform.openai.com/docs/api-reference/videos
// A video moves one step with every retrieval: queued -> in_progress -> completed.

const { openaiError } = require('../errors')
const { jsonReply, bytesReply } = require('../replies')
const { EMPTY_MP4 } = require('../media')

const STEPS = [
  { status: 'queued', progress: 0 },
  { status: 'in_progress', progress: 50 },
  { status: 'completed', progress: 100 }
]

class VideoStore {
  #videos = new Map()

  add(details, number) {
    const video = { id: `video_mock${number}`, step: 0, details }
    this.#videos.set(video.id, video)
    return video
  }

  find(id) {
    const video = this.#videos.get(id)
    if (video === undefined)
      throw openaiError(`Video with id '${id}' not found.`, {
        status: 404,
        param: 'id',
        code: 'not_found'
      })
    return video
  }

  delete(id) {
    this.find(id)
    this.#videos.delete(id)
  }

  clear() {
    this.#videos.clear()
  }
}

const create = {
  answer({ body }, { state, number }) {
    const { model, prompt, seconds = '4', size = '720x1280' } = body?.fields ?? body ?? {}
    requirePrompt(prompt)
    if (!model) throw openaiError("Missing required parameter: 'model'.", { param: 'model' })
    return jsonReply(shown(state.videos.add({ model, prompt, seconds, size }, number)))
  }
}

const retrieve = {
  answer(_request, { state, params }) {
    const video = state.videos.find(params.id)
    video.step = Math.min(video.step + 1, STEPS.length - 1)
    return jsonReply(shown(video))
  }
}

const content = {
  answer(_request, { state, params }) {
    const { step } = state.videos.find(params.id)
    if (STEPS[step].status !== 'completed') {
      throw openaiError('Video is not ready yet, use GET /v1/videos/{video_id} to check status.', {
        status: 404
      })
    }
    return bytesReply(EMPTY_MP4, 'video/mp4')
  }
}

const remove = {
  answer(_request, { state, params }) {
    state.videos.delete(params.id)
    return jsonReply({ id: params.id, object: 'video.deleted', deleted: true })
  }
}

const remix = {
  answer({ body }, { state, params, number }) {
    const { details } = state.videos.find(params.id)
    requirePrompt(body?.prompt)
    return jsonReply(
      shown(
        state.videos.add(
          { ...details, prompt: body.prompt, remixed_from_video_id: params.id },
          number
        )
      )
    )
  }
}

function requirePrompt(prompt) {
  if (!prompt)
    throw openaiError("Missing required parameter: 'prompt'.", {
      param: 'prompt',
      code: 'missing_required_parameter'
    })
}

function shown({ id, step, details }) {
  const completed = STEPS[step].status === 'completed'
  return {
    id,
    object: 'video',
    ...STEPS[step],
    created_at: 1_767_225_600,
    completed_at: completed ? 1_767_225_660 : null,
    expires_at: completed ? 1_767_229_260 : null,
    error: null,
    remixed_from_video_id: null,
    ...details
  }
}

module.exports = { VideoStore, create, retrieve, content, remove, remix }
