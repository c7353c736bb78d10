'use strict'

// Abort signals whose listeners are counted.

const { getEventListeners } = require('node:events')

function listeners(signal) {
  return getEventListeners(signal, 'abort').length
}

module.exports = { listeners }
