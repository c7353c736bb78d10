/**
 * What an answer cost: an estimate, by its own usage and the catalog's prices.
 *
 * @example
 * const client = new AihubmixModelClient({ pricing: 'catalog' })
 * const answer = await client.chatCompletion('gpt-5.4-mini', messages)
 * answer.aihubmix.cost // { amount: 0.0021, currency: 'USD', estimate: true, parts: [ … ] }
 */
export interface Cost {
  /** In `currency`: the sum of the parts. */
  amount: number
  currency: 'USD'
  estimate: true
  /** What was read adds up to `usage.prompt_tokens`, what was written to `usage.completion_tokens`. */
  parts: CostPart[]
  /**
   * What changed the catalog's prices, by the vendors' price pages: a prompt above their bound (`long_prompt`), the
   * service tier that answered (`flex`, `priority`, `fast`), where it answered (`us`). Absent: the catalog's own prices.
   */
  tiers?: ('long_prompt' | 'flex' | 'priority' | 'fast' | 'us' | (string & {}))[]
}

/** Tokens of one kind. */
export interface CostPart {
  kind:
    | 'input'
    | 'cache_read'
    | 'cache_write_5m'
    | 'cache_write_1h'
    | 'audio_input'
    | 'image_input'
    | 'output'
    | 'reasoning'
    | 'audio_output'
    | 'image_output'
    | (string & {})
  tokens: number
  /** For a million tokens. */
  price: number
}

/** How a meter counts. */
export interface MeterOptions {
  /**
   * US dollars. A soft bound: once it is spent, further calls are an `INSUFFICIENT_QUOTA` with `param: 'meter'` and no
   * `status`; calls under way go on. Default: none.
   */
  budget?: number | undefined
}

/**
 * What several chats cost together, made by `client.meter()`.
 *
 * @example
 * const meter = client.meter({ budget: 0.5 })
 * await client.chatCompletion('gpt-5.4-mini', messages, {}, { meter })
 * console.log(meter.cost.amount, meter.remaining)
 */
export interface Meter {
  readonly budget: number | undefined
  /** What is left of the budget, 0 or greater. */
  readonly remaining: number | undefined
  /** Answers counted, those of broken streams included. */
  readonly calls: number
  /** Of these, those whose price is not known: the sum lacks what they cost. */
  readonly unpriced: number
  readonly cost: Cost
  /** The figures of all answers, added up. */
  readonly usage: Record<string, any>
  /** Counts an answer that was made without this meter. */
  add(completion: { usage?: unknown; aihubmix?: { cost?: Cost | undefined } | undefined }): void
  /** @throws {AihubmixError} `INSUFFICIENT_QUOTA` once the budget is spent */
  check(): void
}
