// Which models there are, what they can do and what they cost.

import { AihubmixModelClient, resolveRoute } from 'aihubmix-native'

const client = new AihubmixModelClient()

const { data } = await client.models.catalog({ type: 'llm', features: ['tools'] })
for (const { model_id, context_length, pricing } of data.slice(0, 10)) {
  const { route } = resolveRoute(model_id)
  console.log(
    model_id.padEnd(30),
    route.padEnd(16),
    `${context_length} tokens`,
    `${pricing?.input} $ per million in`
  )
}

// Asked again, an unchanged catalog is not transferred again.
const again = await client.models.catalog({ type: 'llm', features: ['tools'] })
console.log(again.data.length, 'models with tools')

// What this key may use.
let count = 0
for await (const model of client.models.list()) count += model.id === '' ? 0 : 1
console.log(count, 'models for this key')
