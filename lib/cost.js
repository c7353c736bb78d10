'use strict'

// What an answer cost, by its own usage and the catalog's prices. Pure.
//
// | kind | tokens | price, if the catalog names none |
// |---|---|---|
// | `cache_read` | `cached_tokens` | `input` |
// | `cache_write_5m`, `cache_write_1h` | by lifetime where the vendor says it, else all as 5m | `cache_write`; 1h: 1.6 times that, as Anthropic has it |
// | `audio_input`, `image_input` | `prompt_tokens_details` | `input` |
// | `input` | the rest of what was read | 0 |
// | `reasoning`, `audio_output`, `image_output` | `completion_tokens_details` | `output` |
// | `output` | the rest of what was written | 0 |
//
// The parts of what was read add up to `prompt_tokens`, those of what was written to `completion_tokens`.

const CURRENCY = 'USD'
const MILLION = 1_000_000
// https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#pricing: 2 against 1.25 times the input.
const LONGER_LIFE = 1.6

function costOf(usage, vendorUsage, price) {
  const read = usage.prompt_tokens_details ?? {}
  const written = usage.completion_tokens_details ?? {}
  const { input = 0, output = 0, cache_read = input } = price
  const write5m = price.cache_write_5m ?? price.cache_write ?? input
  const write1h =
    price.cache_write_1h ?? (price.cache_write === undefined ? input : write5m * LONGER_LIFE)
  const longLived = vendorUsage?.cache_creation?.ephemeral_1h_input_tokens ?? 0
  const writes = read.cache_creation_tokens ?? read.cache_write_tokens ?? 0
  const prompt = shares(usage.prompt_tokens, [
    ['cache_read', read.cached_tokens, cache_read],
    ['cache_write_1h', Math.min(longLived, writes), write1h],
    ['cache_write_5m', writes - Math.min(longLived, writes), write5m],
    ['audio_input', read.audio_tokens, price.audio_input ?? price.input_audio ?? input],
    ['image_input', read.image_tokens, price.image_input ?? price.input_image ?? input],
    ['input', Infinity, input]
  ])
  const completion = shares(usage.completion_tokens, [
    ['reasoning', written.reasoning_tokens, price.reasoning ?? output],
    ['audio_output', written.audio_tokens, price.audio_output ?? price.output_audio ?? output],
    ['image_output', written.image_tokens, price.image_output ?? price.output_image ?? output],
    ['output', Infinity, output]
  ])
  return totalOf([...prompt, ...completion])
}

// Each kind takes its tokens of the whole; none takes more than is left.
function shares(whole, kinds) {
  let left = whole ?? 0
  const parts = []
  for (const [kind, wanted, price] of kinds) {
    const tokens = Math.min(left, wanted ?? 0)
    left -= tokens
    if (tokens > 0) parts.push({ kind, tokens, price })
  }
  return parts
}

function totalOf(parts) {
  const sum = parts.reduce((total, { tokens, price }) => total + (tokens * price) / MILLION, 0)
  // Without the dust of binary fractions.
  return { amount: Number(sum.toPrecision(12)), currency: CURRENCY, estimate: true, parts }
}

// Several costs as one: parts of the same kind and price are one part.
function summed(costs) {
  const parts = new Map()
  for (const { kind, tokens, price } of costs.flatMap((cost) => cost.parts)) {
    const key = `${kind} ${price}`
    parts.set(key, { kind, tokens: tokens + (parts.get(key)?.tokens ?? 0), price })
  }
  return totalOf([...parts.values()])
}

module.exports = { costOf, summed }
