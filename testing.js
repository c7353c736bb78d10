'use strict'

// The entry point `aihubmix-native/testing`: a gateway of one's own, on loopback, for tests.
// It stands on Node's own modules alone and does not load the native client.

const { startMockGateway } = require('./testing/server')

module.exports = { startMockGateway }
