'use strict'

const { AihubmixModelClient } = require('./lib/client')
const { ChatCompletionEventStream } = require('./lib/chat-event-stream')
const { AihubmixError } = require('./lib/aihubmix-error')
const { handleAihubmixErrors } = require('./lib/error')
const {
  fixToolChoice,
  processCacheTags,
  resolveRoute,
  routeModel,
  setFileExtension
} = require('./lib/functions')
const { estimateTokens, fitMessages } = require('./lib/tokens')

module.exports = {
  AihubmixModelClient,
  AihubmixError,
  ChatCompletionEventStream,
  estimateTokens,
  fitMessages,
  fixToolChoice,
  handleAihubmixErrors,
  processCacheTags,
  resolveRoute,
  routeModel,
  setFileExtension
}
