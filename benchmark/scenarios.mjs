// What is measured, as data. A scenario is one line of the tables: the same work for every client that it names.
//
//   mode      how it is run: see measure.mjs
//   path      what the gateway answers: see native/src/work.rs
//   messages  what is sent: see conversations.mjs
//   at        how many calls at once
//   unit      what costs are counted by, and how many of them a call is worth

import { NATIVE, VENDOR_SDKS } from './clients.mjs'

const FAMILIES = Object.keys(VENDOR_SDKS)
const BURST = 2_000

const AI_SDK = ['aihubmix-native/ai-sdk', '@ai-sdk/openai-compatible']
const FLOORS = ['undici.dispatch', 'reqwest (Rust)']

const request = { mode: 'steady', unit: 'request', units: 1, messages: 'short' }
const burst = { mode: 'steady', unit: 'chunk', units: BURST, at: 8, messages: 'short' }
const paced = { mode: 'paced', unit: 'chunk', messages: 'short' }

// On all three APIs, against the vendor's own SDK; on chat completions against `undici` and others too.
const EVERYWHERE = [
  {
    id: 'request',
    title: 'a request with an answer of 1 KB',
    ...request,
    path: 'whole-text-1x1000',
    at: 16,
    more: [...AI_SDK, ...FLOORS]
  },
  {
    id: 'burst',
    title: 'a chunk of a stream that arrives at once',
    ...burst,
    path: `burst-text-${BURST}x5`,
    more: [...AI_SDK, ...FLOORS]
  },
  {
    id: 'paced',
    title: 'a chunk of 64 streams, 50 chunks a second each',
    ...paced,
    path: 'paced-text-75x5-50',
    at: 64,
    units: 75,
    more: AI_SDK
  },
  {
    id: 'reasoning',
    title: 'a chunk of reasoning, at once',
    ...burst,
    path: `burst-reasoning-${BURST}x20`
  },
  {
    id: 'tools',
    title: 'a chunk of the arguments of a tool call, at once',
    ...burst,
    path: `burst-tool-${BURST}x20`,
    sameText: false
  },
  {
    id: 'answer',
    title: 'an answer of 1 MB of prose',
    ...request,
    path: 'whole-text-1x1000000',
    at: 4,
    more: FLOORS
  },
  {
    id: 'answer-base64',
    title: 'an answer of 1 MB without anything to unescape',
    ...request,
    path: 'whole-base64-1x1000000',
    at: 4
  },
  {
    id: 'history',
    title: 'a request of 1 MB, 200 messages',
    ...request,
    path: 'whole-text-1x1000',
    messages: 'history',
    at: 4,
    more: ['@ai-sdk/openai-compatible', 'aihubmix-native/ai-sdk']
  },
  {
    id: 'turns',
    title: 'the next turn of the same 1 MB',
    ...request,
    path: 'whole-text-1x1000',
    messages: 'turns',
    at: 1
  },
  {
    id: 'image',
    title: 'a request of 1 MB, an image',
    ...request,
    path: 'whole-text-1x1000',
    messages: 'image',
    at: 4,
    more: FLOORS
  }
]

const ONLY_CHAT = [
  {
    id: 'small-chunks',
    title: 'a chunk of 1 character, at once',
    ...burst,
    path: `burst-text-${BURST}x1`
  },
  {
    id: 'large-chunks',
    title: 'a chunk of 1,000 characters, at once',
    ...burst,
    units: 400,
    path: 'burst-text-400x1000'
  },
  {
    id: 'fast',
    title: 'a chunk of 16 streams, 500 chunks a second each',
    ...paced,
    path: 'paced-text-750x5-500',
    at: 16,
    units: 750
  },
  {
    id: 'logprobs',
    title: 'an answer with 1 MB of logprobs',
    ...request,
    path: 'whole-logprobs-5000x1',
    at: 4
  },
  {
    id: 'request-tls',
    title: 'a request with an answer of 1 KB, TLS',
    ...request,
    path: 'whole-text-1x1000',
    at: 16,
    protocol: 'https',
    more: ['reqwest (Rust)']
  },
  {
    id: 'burst-tls',
    title: 'a chunk of a stream that arrives at once, TLS',
    ...burst,
    path: `burst-text-${BURST}x5`,
    protocol: 'https',
    more: ['reqwest (Rust)']
  },
  {
    id: 'request-http2',
    title: 'a request with an answer of 1 KB, HTTP/2',
    ...request,
    path: 'whole-text-1x1000',
    at: 16,
    protocol: 'http2',
    more: ['reqwest (Rust)']
  },
  {
    id: 'burst-http2',
    title: 'a chunk of a stream that arrives at once, HTTP/2',
    ...burst,
    path: `burst-text-${BURST}x5`,
    protocol: 'http2',
    more: ['reqwest (Rust)']
  }
]

// The ways into the package, on a stream of Claude's.
const WAYS = {
  id: 'ways',
  title: 'a chunk of a stream that arrives at once, by each way in',
  family: 'claude',
  ...burst,
  path: `burst-text-${BURST}x20`,
  clients: [
    NATIVE,
    'aihubmix-native, traced',
    'openai over client.fetch',
    'aihubmix-native/ai-sdk',
    '@ai-sdk/openai-compatible over client.fetch',
    '@anthropic-ai/sdk',
    '@ai-sdk/anthropic'
  ],
  reference: '@ai-sdk/anthropic',
  rounds: 2
}

// What options cost where they have nothing to do.
const OPTIONS = [
  { ...request, id: 'options', title: 'a request', path: 'whole-text-1x1000', at: 16 },
  { ...burst, id: 'options-burst', title: 'a chunk of a stream that arrives at once' }
].map((one) => ({
  path: `burst-text-${BURST}x5`,
  ...one,
  group: 'options',
  family: 'chat',
  clients: [
    NATIVE,
    ...['throttle', 'cost and meter', 'fallback', 'fit', 'traced'].map(
      (name) => `${NATIVE}, ${name}`
    )
  ],
  reference: NATIVE,
  rounds: 2
}))

const PEERS = [NATIVE, 'openai', 'undici']

// Planned times, kept whatever the client does: latency is counted from when a thing was due.
const LATENCY = [
  ...[500, 1_000, 2_000].map((rate) => ({
    id: `calls-${rate}`,
    title: `a request, ${rate.toLocaleString('en')} a second`,
    mode: 'open-calls',
    unit: 'request',
    path: 'whole-text-1x1000',
    messages: 'short',
    rate,
    seconds: 2,
    at: 64
  })),
  ...[
    [16, 50],
    [64, 50],
    [256, 50],
    [16, 500]
  ].map(([at, rate]) => ({
    id: `chunks-${at}x${rate}`,
    title: `a chunk, ${at} streams of ${rate} a second`,
    mode: 'open-chunks',
    unit: 'chunk',
    path: `paced-clock-${2 * rate}x20-${rate}`,
    messages: 'short',
    at
  }))
].map((one) => ({ ...one, family: 'chat', clients: PEERS, reference: 'openai', rounds: 1 }))

// Costs as a thing becomes longer or more. Each point is a scenario of its own.
const GROWTH = {
  'growth-chunks': {
    title: 'a chunk of a stream, by its length',
    of: 'chunks',
    points: [100, 1_000, 10_000, 100_000],
    at: (count) => ({
      mode: 'steady',
      unit: 'chunk',
      units: count,
      path: `burst-text-${count}x5`,
      at: 1
    })
  },
  'growth-requests': {
    title: 'a request of a fresh process, import and first connections included',
    of: 'requests',
    points: [10, 100, 1_000, 10_000],
    at: (count) => ({
      mode: 'cold',
      unit: 'request',
      units: 1,
      path: 'whole-text-1x1000',
      at: 16,
      calls: count
    })
  },
  'growth-streams': {
    title: 'a chunk of streams of 10 a second, by how many are open',
    of: 'streams',
    points: [1, 10, 100, 1_000],
    at: (count) => ({
      mode: 'paced',
      unit: 'chunk',
      units: 20,
      path: 'paced-text-20x5-10',
      at: count,
      warmUpStreams: 1
    })
  },
  'growth-turns': {
    title: 'a turn of a conversation that grows by 10 KB each',
    of: 'turns',
    points: [1, 10, 30, 60, 100],
    at: () => ({
      mode: 'turns',
      unit: 'request',
      units: 1,
      path: 'whole-text-1x1000',
      messages: 'growing',
      at: 1
    })
  }
}

function everywhere(scenario) {
  return FAMILIES.map((family) => {
    const sdk = VENDOR_SDKS[family]
    const peers = family === 'chat' ? ['undici', ...(scenario.more ?? [])] : []
    const id = family === 'chat' ? scenario.id : `${scenario.id}-${family}`
    return {
      ...scenario,
      work: scenario.id,
      id,
      group: family,
      family,
      clients: [NATIVE, sdk, ...peers],
      reference: sdk
    }
  })
}

function onlyChat(scenario) {
  const clients = [...PEERS, ...(scenario.more ?? [])]
  return { ...scenario, group: 'chat', family: 'chat', clients, reference: 'openai' }
}

function points([id, { title, of, points, at }]) {
  const common = {
    group: id,
    family: 'chat',
    messages: 'short',
    clients: PEERS,
    reference: 'openai',
    rounds: 1
  }
  // One process plays all turns.
  if (id === 'growth-turns') return [{ id, title, of, points, ...common, ...at() }]
  return points.map((point) => ({
    id: `${id}-${point}`,
    title,
    of,
    point,
    ...common,
    ...at(point)
  }))
}

const IMPORT = {
  id: 'import',
  title: 'import',
  group: 'import',
  mode: 'import',
  family: 'chat',
  unit: 'process',
  reference: 'openai',
  rounds: 5,
  clients: [
    NATIVE,
    'openai',
    '@anthropic-ai/sdk',
    '@google/genai',
    'undici',
    '@ai-sdk/openai-compatible'
  ]
}

export const SCENARIOS = [
  ...EVERYWHERE.flatMap(everywhere),
  ...ONLY_CHAT.map(onlyChat),
  { ...WAYS, group: 'ways' },
  ...OPTIONS,
  ...LATENCY.map((one) => ({ ...one, group: 'latency' })),
  ...Object.entries(GROWTH).flatMap(points),
  IMPORT
]

/** What `--scenario` knows a scenario by: its id, its group or the first word of that, its work on whichever API. */
export const namesOf = ({ id, group, work }) => [id, group, group.split('-')[0], work]

// A minute's worth: `--quick`.
export const QUICK = [
  'request',
  'burst',
  'paced',
  'history',
  'turns',
  'answer',
  'calls-1000',
  'chunks-64x50',
  'import'
]
