// Tools: by hand, and with the loop that calls them.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()
const weather = {
  name: 'get_weather',
  description: 'The weather of a city, now',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
}
const weatherOf = ({ city }) => ({ city, celsius: 21, sky: 'clear' })

// By hand: the message goes back as it came, then one result for each call.
const messages = [{ role: 'user', content: 'What is the weather in Paris? Use get_weather.' }]
const options = { tools: [{ type: 'function', function: weather }], max_tokens: 1000 }
const { message } = (await client.chatCompletion('gemini-3.5-flash', messages, options)).choices[0]
messages.push(message)
for (const call of message.tool_calls ?? []) {
  console.log(`${call.function.name}(${call.function.arguments})`)
  const result = weatherOf(JSON.parse(call.function.arguments))
  messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(result) })
}
const answer = await client.chatCompletion('gemini-3.5-flash', messages, options)
console.log(answer.choices[0].message.content)

// The same in one go.
const run = client.chat.completions.runTools({
  model: 'gpt-5.4-mini',
  messages: [{ role: 'user', content: 'And in Rome? Use get_weather.' }],
  tools: [{ type: 'function', function: { ...weather, function: weatherOf } }]
})
console.log(await run.finalContent())
