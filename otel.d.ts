/** What {@link instrument} takes. Providers are those of `@opentelemetry/api`. */
export interface InstrumentOptions {
  /** Makes the spans. Default: the global one. */
  tracerProvider?: { getTracer(name: string, version?: string): any } | undefined
  /** Makes the metrics. Default: the global one. */
  meterProvider?: { getMeter(name: string, version?: string): any } | undefined
  /**
   * Whether spans carry the words of the conversation (`gen_ai.input.messages`, `gen_ai.output.messages`).
   * Default: false.
   */
  captureContent?: boolean | undefined
}

/** What undoes {@link instrument}. */
export interface Instrumentation {
  /** Makes no more spans and metrics. */
  disable(): void
}

/**
 * Makes a span and metrics of every call of every client in this process (a worker has its own), by OpenTelemetry's
 * semantic conventions for generative AI. Needs the package `@opentelemetry/api`.
 *
 * @throws AihubmixError `CONFIG_ERROR` if `@opentelemetry/api` is missing.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 * @example
 * import { instrument } from 'aihubmix-native/otel'
 *
 * const instrumentation = instrument()
 * instrumentation.disable()
 */
export declare function instrument(options?: InstrumentOptions): Instrumentation
