'use strict'

// The entry point `aihubmix-native/ai-sdk`: a provider for Vercel's AI SDK over this client. It needs no package
// of the AI SDK at run time.

module.exports = require('./lib/ai-sdk')
