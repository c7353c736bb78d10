'use strict'

// Videos, which take minutes to make. https://docs.aihubmix.com/en/api/Video-Gen

const { AihubmixError } = require('../aihubmix-error')
const { invalidRequest, invalidResponse } = require('../error')
const { isUploadable } = require('../upload')
const { bodyOf, membersOf, textOf } = require('../arguments')
const { queryOf } = require('./entries')
const { formOf } = require('./form')

const INTERVAL = 5_000
const LONGEST_WAIT = 30 * 60_000
const WAIT_OPTIONS = ['interval', 'timeout', 'onProgress']

function videos(requests) {
  const retrieve = async (id, request) =>
    requests.whole({ endpoint: 'videos.retrieve', params: idOf(id) }, request)
  return {
    async create(body, request) {
      const { input_reference: reference } = bodyOf(body)
      const described = { endpoint: 'videos.create' }
      const sendsFile = reference !== undefined && reference !== null && isUploadable(reference)
      if (sendsFile)
        described.form = await formOf(requests, body, request, {
          files: ['input_reference'],
          stem: 'image'
        })
      else described.json = body
      return requests.whole(described, request)
    },

    retrieve,

    async content(id, query = {}, request) {
      const described = { endpoint: 'videos.content', params: idOf(id), query: queryOf(query) }
      return requests.bytes(described, request)
    },

    async delete(id, request) {
      return requests.whole({ endpoint: 'videos.delete', params: idOf(id) }, request)
    },

    async remix(id, body, request) {
      return requests.whole(
        { endpoint: 'videos.remix', params: idOf(id), json: bodyOf(body) },
        request
      )
    },

    async waitFor(video, options = {}, request) {
      const id = typeof video === 'object' && video !== null ? video.id : video
      const waiting = membersOf(options ?? {}, WAIT_OPTIONS, 'options')
      const { interval = INTERVAL, timeout = LONGEST_WAIT, onProgress } = waiting
      for (const [name, value] of Object.entries({ interval, timeout })) {
        if (typeof value !== 'number' || !(value >= 0)) {
          throw invalidRequest(name, `\`${name}\` must be a number of milliseconds, 0 or greater`)
        }
      }
      const end = performance.now() + timeout
      for (;;) {
        const state = await retrieve(id, request)
        onProgress?.(state)
        if (typeof state?.status !== 'string')
          throw invalidResponse('the answer is no video: it has no `status`')
        if (state.status === 'completed' || state.status === 'failed') return state
        if (performance.now() + interval > end) throw tooLate(id, timeout)
        await requests.pause(interval, request)
      }
    }
  }
}

function idOf(id) {
  return { id: textOf(id, 'id') }
}

function tooLate(id, timeout) {
  const error = new AihubmixError(
    `the video ${id} was not finished within ${timeout / 1000} s (timeout)`,
    'TIMEOUT'
  )
  return Object.assign(error, { phase: 'total' })
}

module.exports = { videos }
