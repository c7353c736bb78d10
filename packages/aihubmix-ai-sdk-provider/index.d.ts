import type {
  AihubmixProvider,
  AihubmixProviderOptions,
  SpecificationVersion
} from 'aihubmix-native/ai-sdk'

export * from 'aihubmix-native/ai-sdk'

/** What a host passes to every provider; none of it matters here. */
export interface HostOptions {
  name?: string
  fetch?: unknown
  includeUsage?: boolean
  queryParams?: unknown
  supportsStructuredOutputs?: boolean
}

/** `createAihubmix` of `aihubmix-native/ai-sdk`, which leaves a host's own options alone. */
export declare function createAihubmix<Version extends SpecificationVersion = 'v4'>(
  options?: string | (AihubmixProviderOptions & HostOptions & { specificationVersion?: Version })
): AihubmixProvider<Version>
