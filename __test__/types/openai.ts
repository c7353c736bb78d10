// Beside the `openai` package: its parameters fit ours, our answers fit its types, our fetch fits its client.

import OpenAI from 'openai'
import { AihubmixModelClient } from 'aihubmix-native'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParams,
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
  ChatCompletionTool,
  CompletionUsage,
  EmbeddingCreateParams,
  CreateEmbeddingResponse,
  ImageGenerateParams,
  ImagesResponse,
  Model,
  ModerationCreateParams,
  ModerationCreateResponse,
  ParsedChatCompletion,
  ResponseCreateParams,
  SpeechCreateParams,
  TranscriptionCreateParams,
  Video,
  VideoCreateParams
} from 'aihubmix-native'
import { is } from './expect'

type Chat = typeof OpenAI.Chat.Completions
type Fits<_Target, _Source extends _Target> = true
declare const check: [
  // What one has for `openai` can be given to this client.
  Fits<ChatCompletionCreateParamsNonStreaming, OpenAI.Chat.ChatCompletionCreateParamsNonStreaming>,
  Fits<ChatCompletionCreateParamsStreaming, OpenAI.Chat.ChatCompletionCreateParamsStreaming>,
  Fits<ChatCompletionCreateParams, OpenAI.Chat.ChatCompletionCreateParams>,
  Fits<ChatCompletionCreateParamsBase, OpenAI.Chat.Completions.ChatCompletionCreateParams>,
  Fits<ChatCompletionMessageParam, OpenAI.Chat.ChatCompletionMessageParam>,
  Fits<ChatCompletionMessageParam, OpenAI.Chat.ChatCompletionMessage>,
  Fits<ChatCompletionTool, OpenAI.Chat.ChatCompletionTool>,
  Fits<EmbeddingCreateParams, OpenAI.EmbeddingCreateParams>,
  Fits<ModerationCreateParams, OpenAI.ModerationCreateParams>,
  Fits<ImageGenerateParams, OpenAI.ImageGenerateParams>,
  Fits<SpeechCreateParams, OpenAI.Audio.SpeechCreateParams>,
  Fits<ResponseCreateParams, OpenAI.Responses.ResponseCreateParams>,
  // What this client gives can be used where `openai`'s is expected.
  Fits<OpenAI.Chat.ChatCompletion, ChatCompletion>,
  Fits<OpenAI.Chat.ChatCompletionChunk, ChatCompletionChunk>,
  Fits<OpenAI.Chat.ChatCompletionMessage, ChatCompletionMessage>,
  Fits<OpenAI.Chat.ChatCompletionMessageParam, ChatCompletionMessage>,
  Fits<OpenAI.CompletionUsage, CompletionUsage>,
  Fits<OpenAI.Chat.Completions.ParsedChatCompletion<{ a: 1 }>, ParsedChatCompletion<{ a: 1 }>>,
  Fits<OpenAI.CreateEmbeddingResponse, CreateEmbeddingResponse>,
  Fits<OpenAI.Model, Model>,
  Fits<OpenAI.ImagesResponse, ImagesResponse>,
  Fits<OpenAI.ModerationCreateResponse, ModerationCreateResponse>,
  Fits<OpenAI.Video, Video>
]
export type { check, Chat }

declare const recorded: OpenAI.Audio.TranscriptionCreateParams
export const transcription: Omit<TranscriptionCreateParams, 'file' | 'response_format'> = recorded
declare const film: Omit<OpenAI.VideoCreateParams, 'input_reference'>
export const video: VideoCreateParams = film

export async function sameCallSite(openai: OpenAI, client: AihubmixModelClient) {
  const body: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = {
    model: 'gpt-5.4-mini',
    messages: [{ role: 'user', content: 'hello' }]
  }
  let answer: OpenAI.Chat.ChatCompletion = await openai.chat.completions.create(body)
  answer = await client.chat.completions.create(body)
  body.messages.push(answer.choices[0]!.message)
  is<ChatCompletion>()(await client.chat.completions.create(body))
  const { model, messages, ...options } = body
  is<ChatCompletion>()(await client.chatCompletion(model, messages, options))

  const streamed: OpenAI.Chat.ChatCompletionCreateParamsStreaming = { ...body, stream: true }
  const chunks: AsyncIterable<OpenAI.Chat.ChatCompletionChunk> =
    await client.chat.completions.create(streamed)
  return chunks
}

export const onTop = (client: AihubmixModelClient) =>
  new OpenAI({ apiKey: 'unused', baseURL: client.getBaseURL('gpt-5.4-mini'), fetch: client.fetch })

// What is declared with an exported type of parameters can be given to the function that takes them.
export async function joint(
  client: AihubmixModelClient,
  transcription: TranscriptionCreateParams,
  image: ImageGenerateParams,
  response: ResponseCreateParams,
  stream: boolean
) {
  await client.audio.transcriptions.create(transcription)
  await client.images.generate(image)
  await client.images.generate({ model: 'gpt-image-2', prompt: 'a fox', stream })
  await client.responses.create(response)
  await client.messages.create({ model: 'claude-x', max_tokens: 9, messages: [], stream })
  await client.gemini.generateContent({ model: 'gemini-x', contents: [], stream })
  await client.request({ path: '/v1/x', stream })
}
