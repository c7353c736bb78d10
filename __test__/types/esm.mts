// A consumer that is an ES module.

import * as everything from 'aihubmix-native'
import { AihubmixError, AihubmixModelClient, routeModel, type ChatCompletion } from 'aihubmix-native'
import { startMockGateway } from 'aihubmix-native/testing'

const gateway = await startMockGateway()
const client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
const answer: ChatCompletion = await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
console.log(answer, routeModel('gpt-5.4-mini'), AihubmixError.isInstance(1), everything.setFileExtension('audio/wav'))
await gateway.close()
export {}
