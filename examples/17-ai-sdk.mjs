// The AI SDK over this client: a tool in a loop, with the vendor's signed thinking kept from step to step.
// Needs `npm install ai` and, for version 7 of it, Node.js 22.

import { generateText, isStepCount, jsonSchema, tool } from 'ai'
import { createAihubmix } from 'aihubmix-native/ai-sdk'

const aihubmix = createAihubmix()
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

for (const model of ['claude-sonnet-4-6', 'gemini-3.5-flash']) {
  const { text, steps } = await generateText({
    model: aihubmix(model),
    prompt: 'Use get_weather for Lisbon.',
    tools: {
      get_weather: tool({
        description: 'The weather of a city',
        inputSchema: jsonSchema(schema),
        execute: async () => ({ celsius: 21 })
      })
    },
    stopWhen: isStepCount(3),
    providerOptions: { aihubmix: { reasoning_effort: 'high' } }
  })
  console.log(`${model}, ${steps.length} steps: ${text}`)
}
