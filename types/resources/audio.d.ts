import type { RequestOptions } from '../options'
import type { APIPromise, Stream } from '../streams'
import type { Uploadable, UploadRequestOptions } from '../uploads'
import type { BinaryResponse } from './bytes'

/** Text to speech, and speech to text. */
export interface AudioResource {
  readonly speech: SpeechResource
  readonly transcriptions: TranscriptionsResource
  readonly translations: TranslationsResource
}

/** Text to speech. */
export interface SpeechResource {
  /**
   * `POST /v1/audio/speech`. The promise settles with the first byte.
   *
   * @example
   * import { writeFile } from 'node:fs/promises'
   *
   * const speech = await client.audio.speech.create({ model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Hello!' })
   * await writeFile('hello.mp3', await speech.bytes())
   */
  create(body: SpeechCreateParams, request?: RequestOptions): APIPromise<BinaryResponse>
}

/** @see https://platform.openai.com/docs/api-reference/audio/createSpeech */
export interface SpeechCreateParams {
  model: string
  /** At most 4096 characters. */
  input: string
  voice: string | { id: string }
  /** How to speak; not for `tts-1*`. */
  instructions?: string | undefined
  /** Default `mp3`. */
  response_format?: 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm' | undefined
  /** 0.25 to 4. Default 1. */
  speed?: number | undefined
  /** `sse` gives the bytes of an event stream; not for `tts-1*`. */
  stream_format?: 'sse' | 'audio' | undefined
}

/** What a transcript may look like. */
export type AudioResponseFormat = 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | 'diarized_json'

/** Speech to text, in its own language. */
export interface TranscriptionsResource {
  /**
   * `POST /v1/audio/transcriptions`, as multipart: mp3, mp4, m4a, wav, webm, flac, ogg, up to 25 MB.
   *
   * @example
   * const { text } = await client.audio.transcriptions.create({ model: 'whisper-1', file: './speech.mp3' })
   * const subtitles = await client.audio.transcriptions.create({ model: 'whisper-1', file: './speech.mp3', response_format: 'srt' })
   */
  create(
    body: TranscriptionCreateParams & {
      response_format: 'text' | 'srt' | 'vtt'
      stream?: false | null | undefined
    },
    request?: UploadRequestOptions
  ): APIPromise<string>
  create(
    body: TranscriptionCreateParams & {
      response_format: 'verbose_json'
      stream?: false | null | undefined
    },
    request?: UploadRequestOptions
  ): APIPromise<TranscriptionVerbose>
  create(
    body: TranscriptionCreateParams & {
      response_format: 'diarized_json'
      stream?: false | null | undefined
    },
    request?: UploadRequestOptions
  ): APIPromise<TranscriptionDiarized>
  create(
    body: TranscriptionCreateParams & { stream: true },
    request?: UploadRequestOptions
  ): APIPromise<Stream<TranscriptionEvent>>
  create(
    body: TranscriptionCreateParams & {
      response_format?: 'json' | undefined
      stream?: false | null | undefined
    },
    request?: UploadRequestOptions
  ): APIPromise<Transcription>
  /** Where the parameters do not say which of these it is. */
  create(
    body: TranscriptionCreateParams,
    request?: UploadRequestOptions
  ): APIPromise<
    | string
    | Transcription
    | TranscriptionVerbose
    | TranscriptionDiarized
    | Stream<TranscriptionEvent>
  >
}

/** @see https://platform.openai.com/docs/api-reference/audio/createTranscription */
export interface TranscriptionCreateParams {
  /** Named `audio.<extension of its media type>`. */
  file: Uploadable
  model: string
  /** ISO 639-1. */
  language?: string | undefined
  prompt?: string | undefined
  /** Default `json`. */
  response_format?: AudioResponseFormat | undefined
  temperature?: number | undefined
  /** With `verbose_json`. */
  timestamp_granularities?: readonly ('word' | 'segment')[] | undefined
  include?: readonly 'logprobs'[] | undefined
  chunking_strategy?:
    | 'auto'
    | {
        type: 'server_vad'
        /** Milliseconds. */
        prefix_padding_ms?: number | undefined
        /** Milliseconds. */
        silence_duration_ms?: number | undefined
        /** 0 to 1. */
        threshold?: number | undefined
      }
    | null
    | undefined
  known_speaker_names?: readonly string[] | undefined
  known_speaker_references?: readonly string[] | undefined
  stream?: boolean | null | undefined
}

/** A transcript in the format `json`. */
export interface Transcription {
  text: string
  logprobs?: { token?: string; bytes?: number[]; logprob?: number }[]
  usage?: TranscriptionUsage
}

/** What a transcript cost: tokens, or seconds of sound. */
export type TranscriptionUsage =
  | { type: 'tokens'; input_tokens: number; output_tokens: number; total_tokens: number }
  | { type: 'duration'; seconds: number }

/** A transcript in the format `verbose_json`, with its times. */
export interface TranscriptionVerbose {
  text: string
  language: string
  /** Seconds. */
  duration: number
  segments?: TranscriptionSegment[]
  words?: { word: string; start: number; end: number }[]
  usage?: { type: 'duration'; seconds: number }
}

/** A stretch of a transcript. */
export interface TranscriptionSegment {
  id: number
  /** Seconds. */
  start: number
  /** Seconds. */
  end: number
  text: string
  tokens: number[]
  temperature: number
  avg_logprob: number
  compression_ratio: number
  no_speech_prob: number
  seek: number
}

/** A transcript in the format `diarized_json`: who said what. */
export interface TranscriptionDiarized {
  task: 'transcribe'
  text: string
  /** Seconds. */
  duration: number
  segments: TranscriptionSpeakerSegment[]
  usage?: TranscriptionUsage
}

/** What one speaker said. */
export interface TranscriptionSpeakerSegment {
  type: 'transcript.text.segment'
  id: string
  speaker: string
  /** Seconds. */
  start: number
  /** Seconds. */
  end: number
  text: string
}

/** One event of a streamed transcript. */
export type TranscriptionEvent =
  | { type: 'transcript.text.delta'; delta: string; segment_id?: string }
  | { type: 'transcript.text.done'; text: string; usage?: TranscriptionUsage }
  | TranscriptionSpeakerSegment

/** Speech to English text. */
export interface TranslationsResource {
  /**
   * `POST /v1/audio/translations`: speech in any language to English text.
   *
   * @example
   * const { text } = await client.audio.translations.create({ model: 'whisper-1', file: './rede.mp3' })
   */
  create(
    body: TranslationCreateParams & { response_format: 'text' | 'srt' | 'vtt' },
    request?: UploadRequestOptions
  ): APIPromise<string>
  create(
    body: TranslationCreateParams & { response_format: 'verbose_json' },
    request?: UploadRequestOptions
  ): APIPromise<TranscriptionVerbose>
  create(
    body: TranslationCreateParams & { response_format?: 'json' | undefined },
    request?: UploadRequestOptions
  ): APIPromise<{ text: string }>
  /** Where the parameters do not say which of these it is. */
  create(
    body: TranslationCreateParams,
    request?: UploadRequestOptions
  ): APIPromise<string | TranscriptionVerbose | { text: string }>
}

/** @see https://platform.openai.com/docs/api-reference/audio/createTranslation */
export interface TranslationCreateParams {
  file: Uploadable
  model: string
  prompt?: string | undefined
  /** Default `json`. */
  response_format?: 'json' | 'text' | 'srt' | 'verbose_json' | 'vtt' | undefined
  temperature?: number | undefined
}
