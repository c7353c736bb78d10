'use strict'

const { AihubmixModelClient } = require('./lib/client')
const { AihubmixError } = require('./lib/aihubmix-error')
const { handleAihubmixErrors } = require('./lib/error')
const {
  fixToolChoice,
  processCacheTags,
  resolveRoute,
  routeModel,
  setFileExtension
} = require('./lib/functions')

module.exports = {
  AihubmixModelClient,
  AihubmixError,
  fixToolChoice,
  handleAihubmixErrors,
  processCacheTags,
  resolveRoute,
  routeModel,
  setFileExtension
}
