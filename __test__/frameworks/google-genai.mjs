// Google's own SDK: its requests go through as they are.

import { GoogleGenAI } from '@google/genai'
import { ASK, ASK_TOOL, RESULT, TOOL, client, model, report } from './conversation.mjs'

const google = new GoogleGenAI({
  apiKey: 'unused',
  httpOptions: { baseUrl: client.getBaseURL(model), fetch: client.fetch }
})
const { text: chat } = await google.models.generateContent({ model, contents: ASK })
let stream = ''
for await (const chunk of await google.models.generateContentStream({ model, contents: ASK }))
  stream += chunk.text ?? ''

const { name, description, parameters } = TOOL
const declared = { name, description, parametersJsonSchema: parameters }
const config = { tools: [{ functionDeclarations: [declared] }] }
const dialog = google.chats.create({ model, config })
const { functionCalls } = await dialog.sendMessage({ message: ASK_TOOL })
const [call] = functionCalls
const functionResponse = { id: call.id, name: call.name, response: { result: RESULT } }
const { text: tools } = await dialog.sendMessage({ message: [{ functionResponse }] })
report({ chat, stream, tools, called: functionCalls.length })
