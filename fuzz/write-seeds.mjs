// Writes fuzz/seeds: what the mock gateway says on every wire, and requests, errors, configurations and JSON.
//
//   node fuzz/write-seeds.mjs

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startMockGateway } from '../testing.js'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'seeds')
const user = (content) => ({ role: 'user', content })
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const png = 'data:image/png;base64,iVBORw0KGgo='

// The digit that stands for a wire in a seed, and how it is asked.
const WIRES = [
  {
    name: 'messages',
    ask: (stream) => [
      '/v1/messages',
      { model: 'claude-opus-5', max_tokens: 99, messages: [user('hi')], stream }
    ]
  },
  {
    name: 'gemini',
    ask: (stream) => [
      `/gemini/v1beta/models/gemini-3.8-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }
    ]
  },
  {
    name: 'chat',
    ask: (stream) => [
      '/v1/chat/completions',
      {
        model: 'gpt-4.1',
        messages: [user('hi')],
        ...(stream && { stream, stream_options: { include_usage: true } })
      }
    ]
  },
  {
    name: 'responses',
    ask: (stream) => ['/v1/responses', { model: 'gpt-6-sol', input: 'hi', stream }]
  }
]

const ANSWERS = {
  text: { content: 'Hello, wörld 😀 "quoted"\n' },
  thinking: { reasoning_content: 'I think so.', content: 'Yes.' },
  calls: {
    reasoning_content: 'Two.',
    content: 'I look.',
    tool_calls: [
      { name: 'get_weather', arguments: { city: 'Paris', n: [1.5, null, true] } },
      { name: 'get_time', arguments: {} }
    ]
  },
  image: { content: 'Here.', images: [{ type: 'image_url', image_url: { url: png } }] },
  sources: {
    content: 'As they say.',
    annotations: [
      {
        type: 'url_citation',
        url_citation: { url: 'https://example.com', title: 'E', start_index: 0, end_index: 2 }
      }
    ]
  },
  refusal: { refusal: 'No.', finish_reason: 'content_filter' },
  cut: { content: 'Half of', finish_reason: 'length' },
  choices: {
    choices: [
      { message: { content: 'one' } },
      { message: { content: 'two' }, finish_reason: 'length' }
    ]
  }
}

const ERRORS = {
  messages: {
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded' },
    request_id: 'r'
  },
  gemini: [
    {
      error: {
        code: 429,
        message: 'Quota exceeded',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ retryDelay: '3s' }]
      }
    }
  ],
  chat: {
    error: {
      message: 'Invalid token (tid: 2026)',
      type: 'Aihubmix_api_error',
      param: null,
      code: 'invalid_api_key'
    }
  },
  responses: {
    error: {
      message: 'Too long',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param: 'input'
    }
  }
}

const REQUESTS = {
  text: {
    messages: [{ role: 'system', content: '<cache>manual</cache> rules' }, user('hi')],
    temperature: 0.5
  },
  tools: {
    messages: [
      user('q'),
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'hm',
        reasoning_details: [
          { format: 'aihubmix.anthropic', type: 'thinking', thinking: 'hm', signature: 'c2ln' }
        ],
        tool_calls: [
          {
            id: 'functions.look:0',
            type: 'function',
            function: { name: 'look', arguments: '{"city":"x"}' }
          }
        ]
      },
      { role: 'tool', tool_call_id: 'functions.look:0', content: [{ type: 'text', text: 'warm' }] },
      user('and?')
    ],
    tools: [{ type: 'function', function: { name: 'look', parameters, strict: true } }],
    tool_choice: 'required',
    parallel_tool_calls: false,
    reasoning_effort: 'high'
  },
  parts: {
    messages: [
      user([
        { type: 'text', text: 'see', cache_control: { type: 'ephemeral' } },
        { type: 'image_url', image_url: { url: png, detail: 'low' } },
        {
          type: 'file',
          file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' }
        },
        { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }
      ])
    ],
    max_tokens: 100,
    stop: ['a', 'b'],
    n: 1
  },
  schema: {
    messages: [user('json please')],
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'x',
        strict: true,
        schema: { ...parameters, $defs: { n: { $ref: '#/$defs/n' } } }
      }
    },
    stream: true,
    stream_options: { include_usage: true },
    reasoning: { effort: 'low', max_tokens: 2000 },
    extra_body: { a: { b: 1 } }
  }
}
const MODELS = ['claude-opus-5-5', 'gemini-3.8-flash', 'gpt-6-sol', 'gpt-5-pro']

const CONFIGURATIONS = [
  ['{"apiKey":"sk-0123456789abcdef"}', '{}'],
  [
    '{}',
    '{"AIHUBMIX_API_KEY":"sk-0123456789abcdef","HTTPS_PROXY":"http://u:p@127.0.0.1:1","NO_PROXY":"*"}'
  ],
  [
    '{"apiKey":"sk-0123456789abcdef","baseURL":"http://127.0.0.1:1/prefix/v1/","timeout":{"connect":1,"idle":2},"maxRetries":3}',
    '{"AIHUBMIX_LOG":"debug"}'
  ],
  [
    '{"apiKey":"sk-0123456789abcdef","proxy":"socks5h://127.0.0.1:1","headers":{"X-A":"b"},"fallbackBaseURLs":["http://[::1]:1"],"limits":{"answer":1}}',
    '{}'
  ],
  [
    '{"apiKey":"sk-0123456789abcdef","cacheTags":"all","openaiApi":"auto","inlineImageUrls":true,"appCode":"x","unknown":1}',
    '{}'
  ]
]

const JSONS = [
  '{"a":[1,-0,1.5e+300,12345678901234567890,"\\u00e9\\ud83d\\ude00",null,true],"":{"a":{"b":[]}},"a":2}',
  '[[],{},"","\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000"]',
  '"\\ud83d alone"',
  ' \n{ "spaces" : [ 1 , 2 ] }\t'
]

async function main() {
  rmSync(folder, { recursive: true, force: true })
  const gateway = await startMockGateway()
  for (const [digit, { name, ask }] of WIRES.entries()) {
    for (const [kind, chat] of Object.entries(ANSWERS)) {
      write('answer', `${name}-${kind}`, `${digit}${await said(gateway, chat, ask(false))}`)
      write('stream', `${name}-${kind}`, `${digit}3${await said(gateway, chat, ask(true))}`)
    }
    write('error', name, JSON.stringify(ERRORS[name]))
    for (const [kind, request] of Object.entries(REQUESTS))
      write(
        'request',
        `${name}-${kind}`,
        `${digit}${JSON.stringify({ model: MODELS[digit], ...request })}`
      )
  }
  write('error', 'html', '<html><title>502 Bad Gateway</title></html>')
  for (const [at, lines] of CONFIGURATIONS.entries()) write('configuration', at, lines.join('\n'))
  for (const [at, text] of JSONS.entries()) write('json', at, text)
  await gateway.close()
}

async function said(gateway, chat, [path, body]) {
  gateway.enqueue({ chat })
  const headers = { authorization: 'Bearer sk-seed', 'content-type': 'application/json' }
  const response = await fetch(gateway.url + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body)
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${text}`)
  return text
}

function write(target, name, text) {
  mkdirSync(join(folder, target), { recursive: true })
  writeFileSync(join(folder, target, String(name)), text)
}

await main()
