import type { Route } from './routes'

/** Where the requests of two conversations part: the result of `client.explainCache`. */
export interface CacheExplanation {
  route: Route
  /** Whether all of the earlier request is the beginning of the later one. */
  same: boolean
  /** Of the first difference, in the vendor's own request: `messages[3].content[0].text`. */
  path?: string
  /** What is there in the later one; `reordered`: the same members in another order. */
  change?: 'changed' | 'added' | 'removed' | 'reordered'
  /** Tokens before it, by estimate: what a cache may have. */
  shared: number
  /** Tokens of the earlier request behind it, by estimate: what is read anew. */
  behind: number
}
