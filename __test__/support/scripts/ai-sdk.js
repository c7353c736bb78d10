'use strict'

// The AI SDK (the package named) on the provider of `aihubmix-native/ai-sdk`: what each of its functions gives.

const { createAihubmix } = require('../../../ai-sdk')
const { startMockGateway } = require('../../../testing')
const { TOOL, SCHEMA, ASK_TOOL, ASK } = require('./sdk-conversation')

const PDF = Buffer.from('%PDF-1.4\n%\n').toString('base64')
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function main(name, id) {
  const ai = await import(name)
  const gateway = await startMockGateway()
  // Version 6 is installed under another name here, so it cannot be found as `ai`.
  const specificationVersion = name === 'ai' ? 'v4' : 'v3'
  const aihubmix = createAihubmix({
    apiKey: 'sk-test-0123456789',
    baseURL: gateway.url,
    specificationVersion
  })
  const model = aihubmix(id)
  const sentBody = () => gateway.requests.at(-1).body
  const thinking = { aihubmix: { reasoning_effort: 'high' } }
  const stopWhen = (ai.isStepCount ?? ai.stepCountIs)(3)
  const report = {}

  const chat = await ai.generateText({ model, messages: ASK, providerOptions: thinking })
  report.chat = chat.text
  report.reasoning = chat.reasoningText !== undefined && chat.reasoningText.length > 0
  report.usage = [chat.usage.inputTokens, chat.usage.outputTokens].every((tokens) => tokens > 0)
  report.finish = [chat.finishReason, typeof chat.rawFinishReason]
  report.receipt = chat.providerMetadata.aihubmix.attempts

  const streamed = ai.streamText({ model, messages: ASK, providerOptions: thinking })
  report.stream = ''
  for await (const text of streamed.textStream) report.stream += text

  const ran = await ai.generateText({
    model,
    messages: ASK_TOOL,
    tools: toolsOf(ai),
    stopWhen,
    providerOptions: thinking
  })
  report.tools = [ran.text, ran.steps.length]
  report.state = stateOf(sentBody())

  const running = ai.streamText({
    model,
    messages: ASK_TOOL,
    tools: toolsOf(ai),
    stopWhen,
    providerOptions: thinking
  })
  const ui = await uiMessagesOf(running)
  report.streamedTools = ui.at(-1).parts.find(({ type }) => type === 'text').text
  report.streamedState = stateOf(sentBody())

  // A conversation that was stored by an application and goes on.
  const stored = JSON.parse(JSON.stringify(ui))
  const again = await ai.convertToModelMessages(stored, { tools: toolsOf(ai) })
  await ai.generateText({
    model,
    messages: [...ASK_TOOL, ...again, ...ASK],
    tools: toolsOf(ai),
    providerOptions: thinking
  })
  report.storedState = stateOf(sentBody())

  const structured = await ai.generateText({
    model,
    messages: ASK,
    output: ai.Output.object({ schema: ai.jsonSchema(SCHEMA) })
  })
  report.structured = structured.output

  await ai.generateText({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', image: PNG },
          { type: 'file', data: PDF, mediaType: 'application/pdf', filename: 'a.pdf' }
        ]
      }
    ]
  })
  const sent = JSON.stringify(sentBody())
  report.files = [sent.includes(PNG), sent.includes(PDF)]

  const controller = new AbortController()
  gateway.enqueue({ stallAfter: 0 })
  const pending = ai.generateText({ model, messages: ASK, abortSignal: controller.signal })
  setTimeout(() => controller.abort(), 50)
  report.aborted = await pending.catch((error) => error.name)

  gateway.reset()
  gateway.enqueue({ status: 400, json: { error: { message: 'no such thing', type: 'x' } } })
  const failure = await ai.generateText({ model, messages: ASK }).catch((error) => error)
  report.refused = [
    ai.APICallError.isInstance(failure),
    failure.statusCode,
    gateway.requests.length
  ]

  gateway.reset()
  gateway.enqueue(Array.from({ length: 9 }, () => ({ status: 500, json: { error: 'down' } })))
  await ai.generateText({ model, messages: ASK }).catch(() => {})
  report.requestsOfOneFailure = gateway.requests.length
  gateway.reset()

  await otherModels(ai, aihubmix, report)
  await gateway.close()
  return report
}

function toolsOf(ai) {
  const execute = async () => '21 degrees'
  const inputSchema = ai.jsonSchema(TOOL.parameters)
  return { [TOOL.name]: ai.tool({ description: TOOL.description, inputSchema, execute }) }
}

async function uiMessagesOf(running) {
  const messages = []
  const stream = running.toUIMessageStream({
    onFinish: ({ messages: made }) => messages.push(...made)
  })
  for await (const _ of stream) {
    // Read to its end.
  }
  return messages
}

// Where the vendor's own state stands in a request, and what it is.
function stateOf(body) {
  const found = []
  JSON.stringify(body, (key, value) => {
    if (['signature', 'thoughtSignature', 'encrypted_content', 'reasoning_content'].includes(key)) {
      found.push(`${key}: ${value}`)
    }
    return value
  })
  return found
}

async function otherModels(ai, aihubmix, report) {
  const generateImage = ai.generateImage ?? ai.experimental_generateImage
  const transcribe = ai.transcribe ?? ai.experimental_transcribe
  const generateSpeech = ai.generateSpeech ?? ai.experimental_generateSpeech
  const values = ['a', 'b']
  const { embeddings } = await ai.embedMany({
    model: aihubmix.embeddingModel('text-embedding-3-small'),
    values
  })
  report.embeddings = embeddings.length
  const { ranking } = await ai.rerank({
    model: aihubmix.rerankingModel('jina-reranker-m0'),
    query: 'a',
    documents: values
  })
  report.ranking = ranking.length
  const { images } = await generateImage({ model: aihubmix.imageModel('gpt-image-2'), prompt: 'x' })
  report.images = images.map(({ uint8Array }) => uint8Array.length > 0)
  const wav = new Uint8Array(Buffer.from('RIFF\u0004\0\0\0WAVE', 'latin1'))
  const { text } = await transcribe({ model: aihubmix.transcriptionModel('whisper-1'), audio: wav })
  report.transcript = text
  const { audio } = await generateSpeech({ model: aihubmix.speechModel('tts-1'), text: 'hello' })
  report.speech = audio.uint8Array.length > 0
  const { video } = await ai.experimental_generateVideo({
    model: aihubmix.videoModel('veo-3.1-generate-001'),
    prompt: 'a cat',
    duration: 4,
    providerOptions: { aihubmix: { pollIntervalMs: 1 } }
  })
  report.video = video.mediaType
}

main(...process.argv.slice(2)).then((report) => console.log(JSON.stringify(report)))
