'use strict'

// Image models under a vendor's name: POST /v1/models/{vendor}/{model}/predictions with `{ input }`.
// https://docs.aihubmix.com/en/api/Image-Gen
//
// The `input` is the caller's body without `model`, as it is: every vendor has parameters of its own.
// Some (Black Forest Labs) answer with an address to ask again until the image is ready.

const { AihubmixError } = require('../aihubmix-error')
const { invalidRequest } = require('../error')

const VENDORS = ['openai', 'bfl', 'google', 'ideogram', 'doubao', 'bailian', 'qianfan']
const INTERVAL = 1_000
const LONGEST_WAIT = 10 * 60_000
const UNDER_WAY = /^(?:pending|queued|processing|running|in_progress|starting|succeeding)$/i

function isPrediction(model) {
  return (
    typeof model === 'string' &&
    VENDORS.includes(model.split('/', 1)[0].toLowerCase()) &&
    model.includes('/')
  )
}

async function generateByPrediction(requests, body, request) {
  const { model, stream, ...input } = body
  if (stream === true) throw invalidRequest('stream', `\`${model}\` does not stream`)
  const [vendor] = model.split('/', 1)
  const params = { vendor, model: model.slice(vendor.length + 1) }
  const answer = await requests.whole({ endpoint: 'predictions', params, json: { input } }, request)
  const data = []
  for (const output of outputsOf(answer)) {
    const ready =
      output?.polling_url === undefined
        ? output
        : await polled(requests, output.polling_url, request)
    data.push(...imagesIn(ready))
  }
  const { created = Math.floor(Date.now() / 1000), usage } = answer ?? {}
  return { created, data, ...(usage === undefined ? {} : { usage }) }
}

// One output or several, bare or not.
function outputsOf(answer) {
  const output = answer?.output ?? answer?.data ?? answer
  return Array.isArray(output) ? output : [output]
}

// The images of one output, wherever its vendor puts them.
function imagesIn(output) {
  if (typeof output === 'string') return [imageOf(output)]
  if (typeof output !== 'object' || output === null) return []
  for (const name of ['b64_json', 'bytesBase64', 'bytesBase64Encoded', 'base64_json']) {
    const inline = output[name]
    if (typeof inline === 'string') return [{ b64_json: inline }]
    if (inline !== undefined) return [inline].flat().flatMap(inlineImages)
  }
  for (const name of ['url', 'sample', 'image_url', 'image']) {
    if (typeof output[name] === 'string') return [imageOf(output[name])]
  }
  const below = ['images', 'results', 'result', 'output', 'data']
  return below.flatMap((name) => [output[name] ?? []].flat().flatMap(imagesIn))
}

function inlineImages(inline) {
  return typeof inline === 'string' ? [{ b64_json: inline }] : imagesIn(inline)
}

function imageOf(text) {
  const inline = /^data:[^,]*;base64,(.*)$/s.exec(text)
  return inline === null ? { url: text } : { b64_json: inline[1] }
}

async function polled(requests, url, request) {
  const end = performance.now() + LONGEST_WAIT
  for (;;) {
    const state = await requests.whole({ path: url }, request)
    const status = state?.status
    if (typeof status !== 'string' || !UNDER_WAY.test(status)) {
      if (status === undefined || /^(?:ready|succeeded|completed|success)$/i.test(status))
        return state?.result ?? state
      const error = new AihubmixError(`the image was not made: ${status}`, 'INVALID_RESPONSE')
      throw requests.redacted(Object.assign(error, { body: state }))
    }
    if (performance.now() + INTERVAL > end) {
      const error = new AihubmixError(
        `the image was not ready within ${LONGEST_WAIT / 1000} s`,
        'TIMEOUT'
      )
      throw Object.assign(error, { phase: 'total' })
    }
    await requests.pause(INTERVAL, request)
  }
}

module.exports = { generateByPrediction, isPrediction }
