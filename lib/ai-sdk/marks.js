'use strict'

// Marks of what a vendor is to cache.

const NAMESPACES = ['aihubmix', 'anthropic', 'openrouter']

// The mark on a part, a message, a tool or the output of one.
function markOf({ providerOptions } = {}) {
  for (const vendor of NAMESPACES.map((name) => providerOptions?.[name])) {
    const mark = vendor?.cacheControl ?? vendor?.cache_control
    if (mark !== undefined) return mark
  }
  return undefined
}

function marked(part, mark) {
  return mark === undefined ? part : { ...part, cache_control: mark }
}

module.exports = { markOf, marked }
