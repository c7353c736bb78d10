'use strict'

// No cassette holds a credential: the headers that carry one are left out, and the key itself is masked
// wherever else it stands, with and without its `sk-`.

const CREDENTIALS = [
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'proxy-authorization',
  'cookie',
  'set-cookie'
]
const SHORTEST = 8
const MASK = '***'

class Secrets {
  #found = new Set()

  /** Learns the credentials of a request. */
  learn({ headers, query }) {
    for (const name of CREDENTIALS) {
      for (const value of [headers[name] ?? []].flat())
        this.#add(String(value).replace(/^\w+\s+/, ''))
    }
    if (query.key !== undefined) this.#add(query.key)
  }

  mask(text) {
    let masked = text
    for (const secret of this.#found) masked = masked.replaceAll(secret, MASK)
    return masked
  }

  /** Headers without those that carry credentials. */
  headers(headers) {
    const kept = Object.entries(headers).filter(
      ([name]) => !CREDENTIALS.includes(name.toLowerCase())
    )
    return Object.fromEntries(kept.map(([name, value]) => [name, this.mask(String(value))]))
  }

  #add(secret) {
    const bare = secret.replace(/^sk-/, '')
    const forms = [secret, bare, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
    for (const form of forms) if (form.length >= SHORTEST) this.#found.add(form)
    // The longest first, so that no part of one is left.
    this.#found = new Set([...this.#found].sort((one, other) => other.length - one.length))
  }
}

module.exports = { Secrets }
