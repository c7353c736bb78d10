// With spans and metrics of OpenTelemetry that go nowhere.

import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { instrument } from '../../otel.js'
import { create as createPlain } from './aihubmix-native.mjs'

export function create(task) {
  instrument({ tracerProvider: new BasicTracerProvider(), meterProvider: new MeterProvider() })
  return createPlain(task)
}
