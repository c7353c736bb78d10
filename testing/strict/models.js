'use strict'

// What models refuse, as their vendors say. The first row whose pattern fits counts; a newer model of a line
// is read as the newest one that is known. A name's vendor prefix (`moonshotai/kimi-k3`) does not count.

const EFFORTS = ['low', 'medium', 'high']

// https://platform.claude.com/docs/en/about-claude/models/overview
//
//   output     most tokens of an answer
//   thinking   the kinds of `thinking.type` it takes
//   unasked    thinks where the request does not say
//   efforts    values of `output_config.effort`; none: it has no such setting
//   sampling   takes `temperature`, `top_p`, `top_k`
//   prefill    goes on from a last message of the assistant's
//   forced     takes a `tool_choice` that forces a call
//   bound      checks that thinking comes back behind the prefix it was made with
//   systemMessages  takes messages of the system's among the others
//   schemas    takes `output_config.format`
const BUDGET = ['enabled', 'disabled']
const ADAPTIVE = ['adaptive', 'disabled']
const OLD = { output: 64_000, thinking: BUDGET, sampling: true, prefill: true, forced: true }
const NEW = {
  output: 128_000,
  thinking: ADAPTIVE,
  efforts: [...EFFORTS, 'xhigh', 'max'],
  forced: true,
  systemMessages: true,
  schemas: true
}
const CLAUDE = [
  [/^claude-3-7/, OLD],
  [/^claude-3-5/, { ...OLD, output: 8192, thinking: ['disabled'] }],
  [/^claude-(3|2|instant)/, { ...OLD, output: 4096, thinking: ['disabled'] }],
  [/^claude-opus-4(-0|-1)?(-\d{8})?$/, { ...OLD, output: 32_000, schemas: true }],
  [/^claude-sonnet-4(-0)?(-\d{8})?$/, OLD],
  [/^claude-opus-4-5/, { ...OLD, efforts: EFFORTS, schemas: true }],
  [/^claude-(sonnet|haiku)-4-5/, { ...OLD, schemas: true }],
  [
    /^claude-(opus|sonnet)-4-6/,
    {
      ...NEW,
      thinking: ['adaptive', ...BUDGET],
      efforts: [...EFFORTS, 'max'],
      systemMessages: false,
      sampling: true
    }
  ],
  [/^claude-opus-4-7/, { ...NEW, systemMessages: false }],
  [/^claude-(opus-4-8|opus-5)(-\d{8})?$/, NEW],
  [/^claude-sonnet-5(-\d{8})?$/, { ...NEW, unasked: true }],
  [/^claude-(fable|mythos)-5(-\d{8})?$/, { ...NEW, thinking: ['adaptive'], unasked: true }],
  [
    /^claude-mythos-preview/,
    { ...NEW, thinking: ['adaptive'], unasked: true, systemMessages: false }
  ],
  [/^claude-mythos/, { ...NEW, thinking: ['adaptive'], unasked: true, forced: false }],
  [/^claude-fable/, { ...NEW, thinking: ['adaptive'], unasked: true, forced: false, bound: true }],
  [/^claude-haiku/, { ...NEW, unasked: true, bound: true, highestDisabled: 'high' }],
  [
    /^claude-sonnet/,
    { ...NEW, thinking: ['adaptive', 'between_tools'], unasked: true, forced: false, bound: true }
  ],
  [/^claude/, { ...NEW, unasked: true, forced: false, bound: true }],
  // Models of others that the gateway serves on this route.
  [
    /^/,
    {
      ...NEW,
      output: Infinity,
      thinking: ['adaptive', 'between_tools', ...BUDGET],
      sampling: true,
      prefill: true
    }
  ]
]

// https://ai.google.dev/gemini-api/docs/thinking
//
//   levels     values of `thinkingLevel`; none: it takes a budget
//   budget     [least, most], and whether 0 turns thinking off
//   signed     demands the signature of each step's first call
//   images     draws: no functions, no JSON, and each part that begins a turn or is an image is signed
//   sampling   takes `temperature`, `topP`, `topK`
//   several    takes `candidateCount` > 1, `responseLogprobs`, penalties
const LEVELS = ['minimal', 'low', 'medium', 'high']
const GEMINI_3 = { levels: LEVELS, signed: true, sampling: true, output: 65_536 }
const GEMINI = [
  [/^gemini-(1|2\.0)/, { output: 8192, sampling: true, several: true }],
  [/^gemini-2\.5-.*image/, { images: true, output: 32_768, sampling: true, several: true }],
  [/^gemini-2\.5-flash-lite/, budgeted([512, 24_576], true)],
  [/^gemini-2\.5-flash/, budgeted([1, 24_576], true)],
  [/^gemini-2\.5-pro/, budgeted([128, 32_768], false)],
  [/^gemini-.*image/, { ...GEMINI_3, images: true, output: 32_768 }],
  [/^gemini-3(\.1)?-pro/, { ...GEMINI_3, levels: ['low', 'medium', 'high'] }],
  [/^gemini-3\.[5-6]-flash/, { ...GEMINI_3, sampling: false }],
  [/^gemini-3\.[7-9]-flash/, { ...GEMINI_3, levels: EFFORTS, sampling: false }],
  [/^gemini-4-hydrogen/, { ...GEMINI_3, levels: [...EFFORTS, 'xhigh'], output: 1_048_576 }],
  [/^gemini-4/, { ...GEMINI_3, levels: EFFORTS, output: 1_048_576 }],
  [/^gemini-(flash|pro)-latest/, { ...GEMINI_3, levels: EFFORTS }],
  [/^gemini/, GEMINI_3],
  [/^/, { output: 8192, sampling: true, several: true }]
]

function budgeted(budget, canBeOff) {
  return { budget, canBeOff, output: 65_536, sampling: true, several: true }
}

// https://platform.openai.com/docs/models
//
//   efforts    none: it does not reason
//   unasked    the effort where the request does not say
//   chat       false: it exists on Responses only
//   tools      on chat completions, function tools only without reasoning
//   output     most tokens of an answer
const REASONS = { efforts: EFFORTS, unasked: 'medium', output: 128_000 }
const NEWEST = { ...REASONS, tools: 'no reasoning', efforts: ['none', ...EFFORTS, 'xhigh'] }
const OPENAI = [
  [/^gpt-3\.5/, { output: 4096 }],
  [/^gpt-4(-|$)/, { output: 8192 }],
  [/^(gpt-4o|chatgpt-4o|gpt-audio)/, { output: 16_384 }],
  [/^gpt-4\.1/, { output: 32_768 }],
  [/^gpt-oss/, { lenient: true }],
  [/^o1-pro|^o3-pro|deep-research/, { ...REASONS, output: 100_000, chat: false }],
  [/^o\d/, { ...REASONS, output: 100_000 }],
  [/^(gpt-5(\.\d)?-chat|gpt-5-search)/, { output: 16_384, lenient: true }],
  [/^gpt-5-pro/, { ...REASONS, efforts: ['high'], unasked: 'high', output: 272_000, chat: false }],
  [/^gpt-5\.\d-pro/, { ...REASONS, efforts: ['medium', 'high', 'xhigh'], chat: false }],
  [/^gpt-5(\.\d)?-codex/, { ...REASONS, efforts: ['none', ...EFFORTS, 'xhigh'], chat: false }],
  [/^gpt-5(-|$)/, { ...REASONS, efforts: ['minimal', ...EFFORTS] }],
  [/^gpt-5\.1/, { ...REASONS, efforts: ['none', ...EFFORTS], unasked: 'none' }],
  [/^gpt-5\.2/, { ...REASONS, efforts: ['none', ...EFFORTS, 'xhigh'], unasked: 'none' }],
  [/^gpt-5\.4/, { ...NEWEST, unasked: 'none' }],
  [/^gpt-5\.5/, NEWEST],
  [/^gpt-5\.\d/, { ...NEWEST, efforts: ['none', ...EFFORTS, 'xhigh', 'max'] }],
  [
    /^gpt-6-rosalind|^gpt-6-astra|^gpt-6\.1-sol/,
    { ...NEWEST, efforts: [...EFFORTS, 'xhigh', 'max'] }
  ],
  [/^gpt-\d/, { ...NEWEST, efforts: ['none', ...EFFORTS, 'xhigh', 'max'] }],
  [/^/, { lenient: true }]
]

// Who stands behind a name on chat completions. `thinks` says whether a request makes the model think.
const asked = ({ thinking, enable_thinking: enabled, reasoning_effort: effort }) =>
  thinking?.type === 'enabled' || enabled === true || (effort ?? 'none') !== 'none'
const notForbidden = ({ thinking, enable_thinking: enabled, reasoning_effort: effort }) =>
  thinking?.type !== 'disabled' && enabled !== false && effort !== 'none'
const CHAT_VENDORS = [
  [/^(gpt-oss)/, { vendor: 'other', thinks: () => false }],
  [/^(gpt-|chatgpt|o[134](-|$))/, { vendor: 'openai' }],
  [/^(mistral|ministral|codestral|devstral|magistral|pixtral|open-mi)/, { vendor: 'mistral' }],
  [/^(kimi-k2-thinking|kimi-k2\.\d|kimi-k[3-9])/, { vendor: 'kimi', thinks: notForbidden }],
  [/^(kimi|moonshot)/, { vendor: 'kimi', thinks: asked }],
  [/^deepseek-(v[4-9]|reasoner|r\d)/, { vendor: 'deepseek', thinks: notForbidden }],
  [/^deepseek/, { vendor: 'deepseek', thinks: asked }],
  [/^(qwen|qwq|qvq)/, { vendor: 'qwen', thinks: asked }],
  [/^(glm|chatglm)/, { vendor: 'glm', thinks: notForbidden }],
  [/^grok/, { vendor: 'grok', thinks: () => false }],
  [/^/, { vendor: 'other', thinks: () => false }]
]

function factsIn(rows) {
  return (model) => {
    const name = String(model ?? '')
      .toLowerCase()
      .split('/')
      .at(-1)
    return rows.find(([pattern]) => pattern.test(name))?.[1] ?? {}
  }
}

module.exports = {
  claude: factsIn(CLAUDE),
  gemini: factsIn(GEMINI),
  openai: factsIn(OPENAI),
  chatVendor: factsIn(CHAT_VENDORS)
}
