'use strict'

// POST /v1/audio/speech, /v1/audio/transcriptions and /v1/audio/translations
// https://platform.openai.com/docs/api-reference/audio

const { openaiError } = require('../errors')
const { checkForm } = require('../form')
const { words } = require('../pieces')
const { jsonReply, textReply, bytesReply, eventStreamReply } = require('../replies')
const { TEXT } = require('../shape')
const { encodeEvent } = require('../sse')
const { silentMp3, silentWav } = require('../media')

const MOST_CHARACTERS = 4096
const SAMPLES_PER_WORD = 2400

const speech = {
  answer({ body }) {
    checkForm(body, ['model', 'input', 'voice'], { input: TEXT, response_format: TEXT })
    if (body.input.length > MOST_CHARACTERS)
      throw openaiError('the input text is too long', { param: 'input', code: 'text_too_long' })
    const { bytes, contentType } = spoken(body.input, body.response_format ?? 'mp3')
    if (body.stream_format !== 'sse') return bytesReply(bytes, contentType)
    const half = Math.ceil(bytes.length / 2)
    const halves = [bytes.subarray(0, half), bytes.subarray(half)]
    const deltas = halves.map((part) => ({
      type: 'speech.audio.delta',
      audio: part.toString('base64')
    }))
    const read = words(body.input).length
    const usage = {
      input_tokens: read,
      output_tokens: deltas.length,
      total_tokens: read + deltas.length
    }
    return streamOf([...deltas, { type: 'speech.audio.done', usage }])
  }
}

// Silence, as long as the text has words. Containers other than WAV are only begun.
function spoken(text, format) {
  const count = Math.max(1, words(text).length)
  const silence = Buffer.alloc(count * SAMPLES_PER_WORD * 2)
  switch (format) {
    case 'mp3':
      return { bytes: silentMp3(count), contentType: 'audio/mpeg' }
    case 'wav':
      return { bytes: silentWav(count * SAMPLES_PER_WORD), contentType: 'audio/wav' }
    case 'pcm':
      return { bytes: silence, contentType: 'audio/pcm' }
    case 'opus':
      return { bytes: begun('OggS', silence), contentType: 'audio/opus' }
    case 'flac':
      return { bytes: begun('fLaC', silence), contentType: 'audio/flac' }
    case 'aac':
      return { bytes: begun('\xff\xf1', silence), contentType: 'audio/aac' }
    default:
      throw openaiError(`Invalid value: '${format}'.`, {
        param: 'response_format',
        code: 'invalid_value'
      })
  }
}

function begun(magic, rest) {
  return Buffer.concat([Buffer.from(magic, 'latin1'), rest])
}

const transcriptions = {
  answer({ body }) {
    const file = uploaded(body)
    const { fields } = body
    const text = `This is what ${file.filename} says.`
    if (fields.stream !== 'true') return written(text, fields, 'transcribe')
    const deltas = words(text).map((delta) => ({ type: 'transcript.text.delta', delta }))
    return streamOf([...deltas, { type: 'transcript.text.done', text }])
  }
}

const translations = {
  answer({ body }) {
    const file = uploaded(body)
    return written(`This is what ${file.filename} says, in English.`, body.fields, 'translate')
  }
}

function uploaded(body) {
  const file = body?.files?.find(({ name }) => name === 'file')
  if (file === undefined)
    throw openaiError("Missing required parameter: 'file'.", { param: 'file' })
  if (!body.fields.model)
    throw openaiError('you must provide a model parameter', { param: 'model' })
  return file
}

function written(text, fields, task) {
  const { response_format: format = 'json', 'timestamp_granularities[]': grain = 'segment' } =
    fields
  switch (format) {
    case 'json':
      return jsonReply({ text, usage: { type: 'duration', seconds: 1 } })
    case 'text':
      return textReply(`${text}\n`)
    case 'srt':
      return textReply(`1\n00:00:00,000 --> 00:00:01,000\n${text}\n\n`)
    case 'vtt':
      return textReply(`WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n${text}\n\n`)
    case 'verbose_json':
      return jsonReply({ task, language: 'english', duration: 1, text, ...timed(text, grain) })
    default:
      throw openaiError(`Invalid value: '${format}'.`, {
        param: 'response_format',
        code: 'invalid_value'
      })
  }
}

// One segment of a second; its words share it evenly.
function timed(text, grain) {
  const spoken = text.split(' ')
  const all = spoken.map((word, at) => ({
    word,
    start: at / spoken.length,
    end: (at + 1) / spoken.length
  }))
  const segment = {
    id: 0,
    seek: 0,
    start: 0,
    end: 1,
    text,
    tokens: spoken.map((_, at) => at),
    temperature: 0,
    avg_logprob: -0.2,
    compression_ratio: 1,
    no_speech_prob: 0.01
  }
  return {
    ...(grain.includes('segment') && { segments: [segment] }),
    ...(grain.includes('word') && { words: all })
  }
}

function streamOf(payloads) {
  return eventStreamReply(payloads.map((payload) => encodeEvent(payload, false)))
}

module.exports = { speech, transcriptions, translations }
