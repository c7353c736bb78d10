// The provider's models are what the AI SDK takes.

import type { EmbeddingModelV4, ImageModelV4, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider'
import { AihubmixModelClient } from 'aihubmix-native'
import { aihubmix, createAihubmix, type AihubmixProvider } from 'aihubmix-native/ai-sdk'

const provider: AihubmixProvider = createAihubmix({ appCode: 'CODE1234' })
const model: LanguageModelV4 = provider('claude-sonnet-4-6')
const vectors: EmbeddingModelV4 = provider.embeddingModel('text-embedding-3-small')
const images: ImageModelV4 = provider.imageModel('gpt-image-2')
const older: LanguageModelV3 = createAihubmix({ client: new AihubmixModelClient('sk-test'), specificationVersion: 'v3' })(
  'gpt-5.4-mini'
)
// @ts-expect-error models of V3 are not those of V4
const wrong: LanguageModelV4 = older
// @ts-expect-error no such specification
createAihubmix({ specificationVersion: 'v2' })
createAihubmix('sk-test')
console.log(model, vectors, images, wrong, aihubmix('gpt-5.4-mini'))
export {}
