'use strict'

// The entry point `aihubmix-native/otel`: spans and metrics of OpenTelemetry, made of the diagnostics channels.

module.exports = require('./lib/otel')
