/**
 * A mock of the AIHubMix gateway for tests: a server on loopback that speaks every route the client
 * uses, answers plausibly by itself, and can be told what to answer and how to fail.
 *
 * It needs nothing but Node.js, does not keep the process alive, and works in Jest, Vitest and `node:test`.
 *
 * @example
 * const { AihubmixModelClient } = require('aihubmix-native')
 * const { startMockGateway } = require('aihubmix-native/testing')
 *
 * let gateway, client
 * beforeAll(async () => {
 *   gateway = await startMockGateway()
 *   client = new AihubmixModelClient({ apiKey: 'sk-test', baseURL: gateway.url })
 * })
 * afterEach(() => gateway.reset())
 * afterAll(() => gateway.close())
 *
 * test('answers without a script', async () => {
 *   const answer = await client.chatCompletion('claude-sonnet-4-6', [{ role: 'user', content: 'hello' }])
 *   expect(answer.choices[0].message.content).toBe('You said: hello')
 *   expect(gateway.requests[0].path).toBe('/v1/messages')
 * })
 *
 * test('retries what the gateway refuses for a moment', async () => {
 *   gateway.enqueue([{ status: 429, headers: { 'retry-after-ms': '1' } }, { chat: 'at last' }])
 *   const answer = await client.chatCompletion('gpt-5.4-mini', [{ role: 'user', content: 'hello' }])
 *   expect(answer.choices[0].message.content).toBe('at last')
 *   expect(gateway.requests).toHaveLength(2)
 * })
 */
export function startMockGateway(options?: MockGatewayOptions): Promise<MockGateway>

export interface MockGatewayOptions {
  /**
   * The one key that is accepted, with or without its `sk-`. Any other is answered as the real gateway
   * does it: 401 `Invalid token: <the key without sk->`. Default: any key will do, but there must be one.
   */
  apiKey?: string
  /**
   * Whether to refuse what the vendors refuse, in their words and with their status: unknown members, pairing of calls
   * and results, ids and names, signatures that this gateway did not issue, parameters that the model does not take,
   * limits. A list picks rules by id (`claude.signature`) or family (`claude`). Requests are then checked before
   * scripts; one that is refused leaves them waiting. Default: only what every vendor refuses.
   *
   * @throws TypeError (as a rejection) for a rule that does not exist
   */
  strict?: boolean | readonly string[]
}

/** One thing that a vendor refuses. */
export interface StrictRule {
  /** `<family>.<name>`: `claude.signature`, `gemini.function-name`, `mistral.call-id`, … */
  id: string
  /** Where the vendor says so. */
  page: string
  /** What of it no page says. */
  guess?: string
}

export interface RefusedRequest {
  /** The id of the rule that it broke, the first if there are several. */
  rule: string
  page: string
  status: number
  /** In the vendor's words. */
  message: string
  request: RecordedRequest
}

export interface MockGateway {
  /** The server's root, `http://127.0.0.1:<port>`: give it as `baseURL`. Any path prefix may follow it. */
  readonly url: string
  /** What has been asked so far, oldest first; complete requests only. `reset()` empties this same array. */
  readonly requests: RecordedRequest[]
  /** Requests to chat routes that broke a rule, oldest first. `reset()` empties this same array. */
  readonly refusals: RefusedRequest[]
  /** The rules in force; see `strict`. */
  readonly rules: StrictRule[]
  /** Connections that are open at this moment. */
  readonly openSockets: number
  /** Answers whose client went away before their end (cancelled streams, timeouts); cuts by script do not count. */
  readonly closedEarly: number
  /** Scripts that still wait for their request. */
  readonly pendingScripts: number
  /**
   * Queues what to answer next. Each request takes the first waiting script that fits it; without one the
   * gateway answers by itself. A script goes before every check: of the key, of the route and of the body.
   *
   * @throws TypeError for a script with an unknown key, two bodies, or a count that is none
   */
  enqueue(scripts: Script | readonly Script[]): void
  /**
   * Makes a strict gateway forget what it has signed so far, as another account, host or key would: such state is
   * refused from now on, what is signed later is not.
   */
  disown(): void
  /** Forgets requests, refusals, signatures, scripts, videos and counts, and begins to number from 1 again. Connections stay open. */
  reset(): void
  /** Closes the server and every connection. May be called more than once. */
  close(): Promise<void>
}

export interface RecordedRequest {
  method: string
  /** As it was sent, prefix included, without the query. */
  path: string
  query: Record<string, string>
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>
  /** The parsed JSON, a `MultipartBody` for `multipart/form-data`, or undefined (no body, or not JSON). */
  body: any
  /** The body as text (UTF-8). */
  bodyText: string
}

export interface MultipartBody {
  /** A name that came more than once has an array. */
  fields: Record<string, string | string[]>
  files: { name: string; filename: string; contentType: string; size: number }[]
}

/**
 * One answer, one fault, or both. At most one of `json`, `text`, `sse` and `chat` may be given; with none
 * of them, a `status` from 400 answers with an error in the gateway's own shape, and anything else
 * (`headers`, faults) is applied to the answer that the gateway gives by itself.
 *
 * @example
 * gateway.enqueue({ chat: { content: 'It is 21 °C.', reasoning_content: 'I looked it up.' } })
 * gateway.enqueue({ chat: { tool_calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] } })
 * gateway.enqueue({ status: 503 })                               // {"error":{"message":"… (tid: …)", …}}
 * gateway.enqueue({ json: { error: { message: 'overloaded' } } }) // an error with status 200
 * gateway.enqueue({ sse: [{ type: 'error', error: { type: 'overloaded_error', message: 'later' } }] })
 * gateway.enqueue({ chat: 'half of th', cutAfter: 300 })         // the connection breaks in mid-answer
 * gateway.enqueue({ chat: 'drop by drop', chunkBytes: 1 })       // every byte in a write of its own
 * gateway.enqueue({ stallAfter: 0 })                             // headers, and then nothing, for ever
 * gateway.enqueue({ match: '/v1/embeddings', status: 500 })      // only for that route
 */
export interface Script {
  /** HTTP status. Default 200. */
  status?: number
  /** Sent besides the usual ones, or in their place. */
  headers?: Record<string, string>
  /** The body, as JSON. */
  json?: unknown
  /** The body, as it is; `Content-Type: text/plain` unless `headers` say otherwise. */
  text?: string | Uint8Array
  /**
   * The events of a stream, each in one write; nothing is added to them, no `[DONE]` either.
   *
   * - An object becomes `data: <JSON>`; on routes that name their events (Messages, Responses) with
   *   an `event: <its type>` line before it.
   * - A string that begins as an event stream may begin (`data:`, `event:`, `id:`, `retry:`, a `:` comment,
   *   a line break, a byte order mark) is sent byte for byte, its blank line being the script's business.
   * - Any other string is a bare payload: `[DONE]` becomes `data: [DONE]` and a blank line.
   */
  sse?: readonly (string | object)[]
  /**
   * An OpenAI-shaped answer, rendered for the wire that is called, whole or streamed as asked:
   * a text, the members of one message, or a whole chat completion. Ids, usage and finish reason are
   * made up where they are missing. With a `status` from 400, a text is the message of the error.
   */
  chat?: string | ChatShorthand | ChatAnswer
  /** Milliseconds before the answer's headers. */
  delayMs?: number
  /** Milliseconds between two writes of the body. */
  gapMs?: number
  /** Bytes of the body (before HTTP's own chunk framing) in one write. Default: one write for each event, or for the whole. */
  chunkBytes?: number
  /** Bytes of the body after which the answer stands still for ever. With 0 only the headers are sent. */
  stallAfter?: number
  /**
   * Bytes of the body after which the connection is destroyed. With 0 nothing is sent at all, not even headers;
   * from the body's length on, everything but the end of the answer is sent.
   */
  cutAfter?: number
  /** Which requests the script is for: a part of the path, or a function. Others leave it waiting. Default: any. */
  match?: string | ((request: RecordedRequest) => boolean)
}

/** The members of one assistant message, and what stands beside it. */
export interface ChatShorthand {
  content?: string | null
  refusal?: string | null
  /** Thinking block (Anthropic), thought part (Gemini), reasoning item (Responses); a signature is made up. */
  reasoning_content?: string | null
  /** On chat completions sent as given; on Messages the `thinking` and `redacted_thinking` blocks of a list are. */
  reasoning_details?: unknown
  tool_calls?: readonly (ToolCallShorthand | ToolCall)[] | null
  annotations?: readonly UrlCitation[] | null
  images?: readonly { type: 'image_url'; image_url: { url: string } }[] | null
  audio?: unknown
  logprobs?: unknown
  /** Default: `tool_calls` if there are any, else `stop`. */
  finish_reason?: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'function_call'
  /** The vendor's own word, used as it is on Messages and Gemini: `pause_turn`, `MALFORMED_FUNCTION_CALL`, … */
  native_finish_reason?: string
  id?: string
  /** Default: the model that was asked. */
  model?: string
  created?: number
  usage?: Usage
}

/** A whole chat completion, as a recording or a client has it. Messages and Responses render the first choice. */
export interface ChatAnswer {
  id?: string
  model?: string
  created?: number
  choices: readonly {
    index?: number
    message: Omit<
      ChatShorthand,
      'finish_reason' | 'native_finish_reason' | 'id' | 'model' | 'created' | 'usage'
    >
    finish_reason?: string | null
    native_finish_reason?: string
    logprobs?: unknown
  }[]
  usage?: Usage
}

export interface ToolCallShorthand {
  name: string
  /** JSON text is sent as it is, even if it is cut; an object as its JSON. Default `{}`. */
  arguments?: string | object
  /** Default: made up in the vendor's style; Gemini then sends none. */
  id?: string
}

export interface ToolCall {
  id?: string
  type?: 'function'
  function: { name: string; arguments?: string }
  /** Google's place for the thought signature of a call. */
  extra_content?: { google?: { thought_signature?: string } }
}

export interface UrlCitation {
  type: 'url_citation'
  url_citation: { url: string; title: string; start_index?: number; end_index?: number }
}

/** OpenAI's figures; what is missing is estimated from the texts, at four characters a token. */
export interface Usage {
  prompt_tokens?: number
  completion_tokens?: number
  total_tokens?: number
  /** What is not given: what the prompt cache of the vendor would say of the requests so far, if `prompt_tokens` is not given. */
  prompt_tokens_details?: {
    cached_tokens?: number
    cache_creation_tokens?: number
    /** Of these, those that are kept for an hour (Claude). */
    cache_creation_1h_tokens?: number
  }
  completion_tokens_details?: { reasoning_tokens?: number }
}

/**
 * Records real exchanges: a server on loopback that passes everything on to the gateway, answers as it answers,
 * and writes it all down. `replayCassette` plays the file, without a key and without a network.
 *
 * No credential is written: the headers that carry one are left out, and the key is masked wherever else it
 * stands. The words of the conversations are; look at the file before you share it.
 *
 * @param file the cassette to be written by `close()`; an old one is replaced
 *
 * @example
 * const { AihubmixModelClient } = require('aihubmix-native')
 * const { recordCassette, replayCassette } = require('aihubmix-native/testing')
 *
 * const file = '__test__/cassettes/summary.json'
 * let gateway, client
 * beforeAll(async () => {
 *   gateway = process.env.RECORD ? await recordCassette(file) : await replayCassette(file)
 *   client = new AihubmixModelClient({ apiKey: process.env.AIHUBMIX_API_KEY ?? 'sk-replayed', baseURL: gateway.url })
 * })
 * afterAll(() => gateway.close())
 */
export function recordCassette(
  file: string,
  options?: RecordCassetteOptions
): Promise<CassetteRecorder>

export interface RecordCassetteOptions {
  /** Where the requests go. Default `https://aihubmix.com`. */
  target?: string
}

export interface CassetteRecorder {
  /** The server's root: give it as `baseURL`. */
  readonly url: string
  /** Closes the server and writes the cassette; exchanges that did not come to their end are left out. */
  close(): Promise<void>
}

/**
 * Plays a cassette: answers each request as it was answered when it was recorded with the same method, path,
 * query and body, once for each time it was recorded. Any other request is refused with a 404 that says what differs.
 *
 * @throws TypeError (as a rejection) for a file that is no cassette
 */
export function replayCassette(file: string): Promise<CassettePlayer>

export interface CassettePlayer {
  /** The server's root: give it as `baseURL`. */
  readonly url: string
  /** What has been asked so far, oldest first. */
  readonly requests: RecordedRequest[]
  /** Exchanges that have not been played yet. */
  readonly pending: number
  /** Closes the server. May be called more than once. */
  close(): Promise<void>
}
