// What every framework is asked to do, and how it is reported: the last line is JSON.

import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { AihubmixModelClient } = require('../..')
const { createAihubmix } = require('../../ai-sdk')

export const [baseURL, model] = process.argv.slice(2)
export const client = new AihubmixModelClient({ baseURL })
export const aihubmix = createAihubmix({ client, specificationVersion: 'v4' })

export const ASK = 'hello'
export const ASK_TOOL = 'please use get_weather'
export const RESULT = '21 degrees'
export const TOOL = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false
  }
}

// `chat`, `stream`: texts; `tools`: the answer after the tool; `called`: how often the tool ran.
export function report(said) {
  console.log(JSON.stringify(said))
  client.close()
  process.exit(0)
}
