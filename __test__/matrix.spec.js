'use strict'

// A conversation is never locked: it moves from any model to any other and back, over a gateway as strict as the
// vendors, which disowns what it has signed once on the way. No call fails, and nothing is lost without a word.
//
// Each model meets each other one: `npm test` takes a few pairs for each scenario, `MATRIX=all npx jest matrix` all.

const { AihubmixModelClient } = require('..')
const { startMockGateway } = require('../testing')

const EVERYTHING = process.env.MATRIX === 'all'

//   reasons   answers with reasoning where it is asked for
//   sees      takes images;   reads: takes PDFs
const MODELS = [
  { id: 'claude-opus-5-5', reasons: true, sees: true, reads: true },
  { id: 'claude-sonnet-5', reasons: true, sees: true, reads: true },
  { id: 'claude-sonnet-4-6', reasons: true, sees: true, reads: true },
  { id: 'gemini-3.1-pro-preview', reasons: true, sees: true, reads: true },
  { id: 'gemini-3.8-flash', reasons: true, sees: true, reads: true },
  { id: 'gemini-3-pro-image', reasons: false, sees: true, reads: true },
  { id: 'gpt-5.6-terra', reasons: true, sees: true, reads: true },
  { id: 'gpt-5.5-pro', reasons: true, sees: true, reads: true },
  { id: 'gpt-4.1', reasons: false, sees: true, reads: true },
  { id: 'kimi-k3', reasons: true, sees: true, reads: false },
  { id: 'deepseek-v4-pro', reasons: true, sees: false, reads: false },
  { id: 'mistral-large-latest', reasons: false, sees: true, reads: false }
]

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=='
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64')
const TOOLS = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: 'Looks something up',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false
    }
  }
}))
const FORMAT = {
  type: 'json_schema',
  json_schema: {
    name: 'answer',
    strict: true,
    schema: {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false
    }
  }
}

// What a model says, and what stands for it in later requests.
const text = (mark) => ({ content: mark })
const json = (mark) => ({ content: JSON.stringify({ text: mark }) })
const calls = (names) => (mark) => ({
  content: `${mark} I look it up.`,
  tool_calls: names.map((name, at) => ({ name, arguments: { city: `${mark}-${at}` } }))
})

//   options    what every call asks for;   first: the content of the first question, beside its words
//   says       what the model answers to a question
//   edits      what the caller changes before the conversation goes on
//   aborted    whether the first answer breaks in its middle
const SCENARIOS = {
  tools: { options: { tools: TOOLS }, says: calls(['get_weather']) },
  'parallel tools': { options: { tools: TOOLS }, says: calls(['get_weather', 'get_time']) },
  thinking: { thinks: true, says: text },
  'thinking with tools': { thinks: true, options: { tools: TOOLS }, says: calls(['get_weather']) },
  images: {
    needs: 'sees',
    first: { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
    keeps: PNG,
    says: text
  },
  PDF: {
    needs: 'reads',
    first: {
      type: 'file',
      file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` }
    },
    keeps: PDF,
    says: text
  },
  'structured output': { options: { response_format: FORMAT }, says: json },
  edits: {
    thinks: true,
    says: text,
    edits: (messages) =>
      messages.map((message) =>
        typeof message.content === 'string'
          ? { ...message, content: message.content.replace('question-1', 'question-one') }
          : message
      )
  },
  'an aborted answer': { thinks: true, aborted: true, says: text }
}

// The gateway may refuse what it has disowned, and what the caller's edits have cut off from its prefix. The client
// then mends it. Nothing else.
const MENDABLE = ['claude.signature', 'gemini.signature', 'responses.encrypted-content']

let gateway
let client

beforeAll(async () => {
  gateway = await startMockGateway({ strict: true })
  client = new AihubmixModelClient({ apiKey: 'sk-matrix-0123456789', baseURL: gateway.url })
})
afterAll(async () => {
  client.close()
  await gateway.close()
})

describe.each(Object.entries(SCENARIOS))('%s', (name, scenario) => {
  test.each([
    ['whole', false],
    ['streamed', true]
  ])(
    '%s',
    async (_, stream) => {
      const faults = []
      for (const [from, to] of pairsFor(name, scenario, stream)) {
        const fault = await faultOf({ from, to, scenario, stream })
        if (fault) faults.push(`${from.id} -> ${to.id}: ${fault}`)
      }
      expect(faults).toEqual([])
    },
    300_000
  )
})

// Every model twice in each scenario, once as the first, once as the second, with another partner each time.
function pairsFor(name, { needs }, stream) {
  const able = MODELS.filter((model) => needs === undefined || model[needs])
  if (EVERYTHING) return able.flatMap((from) => able.map((to) => [from, to]))
  const step = 1 + 2 * Object.keys(SCENARIOS).indexOf(name) + (stream ? 1 : 0)
  return able.map((from, at) => [from, able[(at + step) % able.length]])
}

async function faultOf(conversation) {
  gateway.reset()
  try {
    await converse(conversation)
    const { edits } = conversation.scenario
    const mendable = edits ? [...MENDABLE, 'claude.prefix'] : MENDABLE
    const refused = gateway.refusals.filter(({ rule }) => !mendable.includes(rule))
    return refused.length > 0 ? `refused: ${refused[0].rule} ${refused[0].message}` : undefined
  } catch (error) {
    return error.message
  }
}

async function converse({ from, to, scenario, stream }) {
  const talk = new Talk(scenario, stream)
  await talk.ask(from)
  talk.edit()
  await talk.ask(from)
  gateway.disown()
  // The turn is open where there are tools: the other model goes on with it.
  await talk.ask(from, { leaveOpen: true })
  await talk.goOn(to)
  await talk.ask(from)
}

class Talk {
  messages = []
  marks = []
  turn = 0

  constructor(scenario, stream) {
    this.scenario = scenario
    this.stream = stream
  }

  // One question, and where the model calls tools, their results and what it makes of them.
  async ask(model, { leaveOpen = false } = {}) {
    this.turn += 1
    const question = `question-${this.turn}`
    const { first } = this.scenario
    const words = { type: 'text', text: question }
    this.messages.push({
      role: 'user',
      content: first && this.turn === 1 ? [first, words] : question
    })
    this.marks.push(question)
    await this.answered(model, this.scenario.says(this.#mark()))
    if (!leaveOpen) await this.goOn(model)
  }

  async goOn(model) {
    const open = this.messages.at(-1).tool_calls ?? []
    if (open.length === 0) return
    for (const { id } of open) {
      const content = `result-${this.turn}-${this.marks.length}`
      this.messages.push({ role: 'tool', tool_call_id: id, content })
      this.marks.push(content)
    }
    await this.answered(model, text(this.#mark()))
  }

  edit() {
    const { edits } = this.scenario
    if (edits === undefined) return
    this.messages = edits(this.messages)
    this.marks = this.marks.map((mark) => mark.replace('question-1', 'question-one'))
  }

  async answered(model, says) {
    const { thinks, aborted } = this.scenario
    const thought = thinks && model.reasons ? { reasoning_content: `${this.#mark()} thought` } : {}
    const breaks = aborted && this.turn === 1
    gateway.enqueue({ chat: { ...says, ...thought, ...(breaks && { content: LONG }) } })
    const options = {
      max_tokens: 8000,
      ...this.scenario.options,
      ...(thinks && model.reasons && { reasoning_effort: 'high' })
    }
    const asked = breaks
      ? await brokenOff(model, this.messages, options)
      : await this.#completion(model, options)
    this.#expectNothingLost(asked)
    this.messages.push(asked.choices[0].message)
    if (!breaks) this.marks.push(...marksOf(says))
  }

  async #completion(model, options) {
    if (!this.stream) return client.chatCompletion(model.id, this.messages, options)
    const stream = await client.chatCompletion(model.id, this.messages, {
      ...options,
      stream: true
    })
    return stream.finalChatCompletion()
  }

  // Each word, result, image and file that was said before is in the request, or in a warning.
  #expectNothingLost({ aihubmix: { warnings } }) {
    const { bodyText } = gateway.requests.at(-1)
    const { keeps } = this.scenario
    const lost = [...this.marks, ...(keeps ? [keeps] : [])].filter(
      (mark) => !bodyText.includes(mark)
    )
    if (lost.length > 0 && warnings.length === 0)
      throw new Error(`lost without a word in turn ${this.turn}: ${lost[0]}`)
    const stale = gateway.refusals.filter(({ request }) => request === gateway.requests.at(-2))
    if (stale.length > 0 && !warnings.some(({ code }) => code === 'stale_reasoning'))
      throw new Error(`${stale[0].rule} was mended without a word`)
  }

  #mark() {
    return `answer-${this.turn}-${this.marks.length}`
  }
}

const LONG = 'a long answer '.repeat(50)

// An answer whose reader has had enough, as far as it came.
async function brokenOff(model, messages, options) {
  const leave = new AbortController()
  const stream = await client.chatCompletion(
    model.id,
    messages,
    { ...options, stream: true },
    { signal: leave.signal }
  )
  try {
    for await (const { choices } of stream) if (choices[0]?.delta.content) leave.abort()
  } catch (error) {
    if (error.code === 'ABORTED') return { ...error.partial, aihubmix: { warnings: [] } }
    throw error
  }
  throw new Error('the answer was not broken off')
}

function marksOf({ content, tool_calls: made = [] }) {
  const said = content.startsWith('{') ? JSON.parse(content).text : content
  return [said, ...made.map(({ arguments: { city } }) => city)]
}
