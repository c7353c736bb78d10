import { createAihubmix } from '../../ai-sdk.js'
import { clientOf } from './aihubmix-native.mjs'
import { overAiSdk } from './ai-text.mjs'

export function create(task) {
  return overAiSdk(
    createAihubmix({ client: clientOf(task), specificationVersion: 'v4' })(task.model)
  )
}
