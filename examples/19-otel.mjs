// Every call as a span of OpenTelemetry. Needs `npm install @opentelemetry/api @opentelemetry/sdk-trace-base`.

import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor
} from '@opentelemetry/sdk-trace-base'
import { AihubmixModelClient } from 'aihubmix-native'
import { instrument } from 'aihubmix-native/otel'

// A program has an exporter that sends them somewhere.
const exporter = new InMemorySpanExporter()
const tracerProvider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(exporter)]
})
const instrumentation = instrument({ tracerProvider })

const client = new AihubmixModelClient()
await client.chatCompletion('claude-sonnet-4-6', [{ role: 'user', content: 'Good morning' }])

for (const { name, attributes } of exporter.getFinishedSpans()) {
  const provider = attributes['gen_ai.provider.name']
  console.log(`${name} (${provider}): ${attributes['gen_ai.usage.output_tokens']} tokens written`)
}
instrumentation.disable()
