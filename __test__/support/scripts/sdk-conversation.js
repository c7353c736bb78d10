'use strict'

// What all SDKs are asked to do.

module.exports = {
  ASK: [{ role: 'user', content: 'hello' }],
  ASK_TOOL: [{ role: 'user', content: 'please use get_weather' }],
  SCHEMA: {
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
    additionalProperties: false
  },
  TOOL: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  }
}
