// A fetch over HTTP/2, for clients that take one.

import { Agent, fetch as undiciFetch } from 'undici'

const dispatcher = new Agent({ allowH2: true, connections: 1, pipelining: 100 })

export const fetch = (url, init) => undiciFetch(url, { ...init, dispatcher })
