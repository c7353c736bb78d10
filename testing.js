'use strict'

// The entry point `aihubmix-native/testing`: a gateway of one's own, on loopback, for tests; and recordings
// of real exchanges, to be played in them.
// It stands on Node's own modules alone and does not load the native client.

const { recordCassette } = require('./testing/cassette/record')
const { replayCassette } = require('./testing/cassette/replay')
const { startMockGateway } = require('./testing/server')

module.exports = { recordCassette, replayCassette, startMockGateway }
