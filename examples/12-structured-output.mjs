// An answer in a shape of one's own: parsed, and checked where the schema can check.
// A schema of zod, Valibot or ArkType goes in as it is: `response_format: z.object({ … })`.

import { AihubmixModelClient } from 'aihubmix-native'

const client = new AihubmixModelClient()

const city = {
  type: 'json_schema',
  json_schema: {
    name: 'city',
    strict: true,
    schema: {
      type: 'object',
      properties: { name: { type: 'string' }, population: { type: 'integer' } },
      required: ['name', 'population'],
      additionalProperties: false
    }
  }
}

for (const model of ['gpt-5.4-mini', 'claude-sonnet-4-6', 'gemini-3.5-flash']) {
  const answer = await client.chat.completions.parse({
    model,
    messages: [{ role: 'user', content: 'Which is the largest city of Portugal?' }],
    response_format: city,
    max_tokens: 1000
  })
  const { parsed, refusal } = answer.choices[0].message
  console.log(`${model}:`, parsed ?? refusal)
}
