'use strict'

// The laws of a stream's chunks.

const { MODEL, HELLO, useGateway } = require('./support/gateway')
const { HEAD, USAGE, chunk, finish, usageChunk, saying, readAll, textOf } = require('./support/sse')

const context = useGateway()

async function streamed(sse, options, script) {
  context.gateway.enqueue({ sse, ...script })
  return readAll(await context.client().chatCompletion(MODEL, HELLO, { stream: true, ...options }))
}

describe('the chunks of a stream', () => {
  test('are what a plain reader of the events would have, the end excepted', async () => {
    const events = [
      chunk(
        { role: 'assistant', content: '' },
        { system_fingerprint: 'fp_1', service_tier: 'default' }
      ),
      chunk({ content: 'one' }, { system_fingerprint: 'fp_1', service_tier: 'default' }),
      chunk({ content: ' two' }, { system_fingerprint: 'fp_1', service_tier: 'default' }),
      chunk({ content: ' three' }, { system_fingerprint: 'fp_2', service_tier: 'default' }),
      chunk(
        { content: ' four' },
        { system_fingerprint: 'fp_2' },
        { logprobs: { content: [{ token: 'four' }] } }
      ),
      chunk({ content: ' five' }, {}, { logprobs: { content: [{ token: 'five' }] } }),
      chunk({ content: ' six', own: { deep: [1] } }, {}, { logprobs: null }),
      chunk({ content: ' seven', own: { deep: [1] } }, {}, { logprobs: null }),
      chunk({ content: ' eight' }, {}, { logprobs: null }),
      chunk({ content: ' nine' }, {}, { logprobs: null }),
      chunk({ content: '\u0000"\\\n\u2028é世😀' }, {}, { logprobs: null })
    ]
    const chunks = await streamed([...events, finish(), usageChunk(), '[DONE]'])
    expect(chunks.slice(0, -1)).toEqual(events)
    expect(chunks.at(-1)).toEqual({
      ...finish(),
      usage: expect.objectContaining(USAGE),
      aihubmix: { route: 'openai', requestId: 'mock-000001', attempts: 1, warnings: [] }
    })
  })

  test('are the same however the bytes are cut', async () => {
    const events = saying('Grüße ', '世界 ', '😀 ', '"quoted" ', 'the end')
    const whole = await streamed(events)
    for (const chunkBytes of [1, 7, 100, 100_000]) {
      const { aihubmix, ...last } = (await streamed(events, {}, { chunkBytes })).at(-1)
      expect(last).toEqual({ ...whole.at(-1), aihubmix: undefined })
      expect(aihubmix.attempts).toBe(1)
    }
    for (const chunkBytes of [1, 13]) {
      expect((await streamed(events, {}, { chunkBytes })).slice(0, -1)).toEqual(whole.slice(0, -1))
    }
  })

  test('share one id, time and model, even if the server forgets or changes them', async () => {
    const { id, created, model, ...bare } = chunk({ content: 'b' })
    const chunks = await streamed([
      chunk({ role: 'assistant', content: 'a' }),
      bare,
      { ...chunk({ content: 'c' }), id: 'other', created: 1, model: 'other' },
      { ...chunk({ content: 'd' }), id: '', created: 0, model: '' },
      finish(),
      '[DONE]'
    ])
    expect(textOf(chunks)).toBe('abcd')
    for (const one of chunks) expect(one).toMatchObject({ ...HEAD, id, created, model })
  })

  test('have a made-up id and the asked model where the server gives none', async () => {
    const chunks = await streamed([
      { choices: [{ index: 0, delta: { content: 'a' } }] },
      { choices: [{ index: 0, delta: { content: 'b' } }] },
      '[DONE]'
    ])
    const [first] = chunks
    expect(first.id).toMatch(/^chatcmpl-/)
    expect(first.created).toBeGreaterThan(1_700_000_000)
    expect(first.object).toBe('chat.completion.chunk')
    for (const one of chunks)
      expect(one).toMatchObject({ id: first.id, created: first.created, object: first.object })
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop')
  })

  test('tell the role once', async () => {
    const roles = (chunks) =>
      chunks.flatMap(({ choices }) => choices).filter(({ delta }) => 'role' in delta)
    const always = (content) => chunk({ role: 'assistant', content })
    expect(
      roles(await streamed([always('a'), always('b'), always('c'), finish(), '[DONE]']))
    ).toHaveLength(1)
    const never = await streamed([
      chunk({ content: 'a' }),
      chunk({ content: 'b' }),
      finish(),
      '[DONE]'
    ])
    expect(roles(never)).toEqual([never[0].choices[0]])
  })

  test('number the tool calls densely, whatever the server counts', async () => {
    const call = (index, id, name, args) =>
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }] })
    const more = (index, args) => chunk({ tool_calls: [{ index, function: { arguments: args } }] })
    const chunks = await streamed([
      chunk({ role: 'assistant', content: null }),
      call(3, 'c1', 'one', ''),
      more(3, '{"a"'),
      more(3, ':1}'),
      call(7, 'c2', 'two', '{}'),
      call(7, 'c3', 'three', ''),
      finish('tool_calls'),
      '[DONE]'
    ])
    const pieces = chunks
      .flatMap(({ choices }) => choices)
      .flatMap(({ delta }) => delta.tool_calls ?? [])
    const folded = new Map()
    for (const {
      index,
      id,
      function: { name, arguments: args }
    } of pieces) {
      const known = folded.get(index) ?? { id, name, args: '' }
      folded.set(index, { ...known, args: known.args + args })
    }
    expect([...folded]).toEqual([
      [0, { id: 'c1', name: 'one', args: '{"a":1}' }],
      [1, { id: 'c2', name: 'two', args: '{}' }],
      [2, { id: 'c3', name: 'three', args: '{}' }]
    ])
  })

  test('tell exactly one finish reason per choice', async () => {
    const at = (index, delta, reason = null) => ({
      ...HEAD,
      choices: [{ index, delta, finish_reason: reason }]
    })
    const chunks = await streamed(
      [
        at(0, { content: 'a' }),
        at(1, { content: 'b' }),
        at(1, {}, 'length'),
        at(0, { content: 'c' }),
        at(0, {}, 'stop'),
        at(0, {}, 'stop'),
        usageChunk(),
        '[DONE]'
      ],
      { n: 2 }
    )
    const reasons = chunks
      .flatMap(({ choices }) => choices)
      .filter(({ finish_reason: reason }) => reason !== null)
    expect(reasons.map(({ index, finish_reason: reason }) => [index, reason])).toEqual([
      [1, 'length'],
      [0, 'stop']
    ])
    const carriers = chunks.filter((one) => 'aihubmix' in one || 'usage' in one)
    expect(carriers).toEqual([chunks.at(-1)])
  })

  test('carry usage and receipt on the last finish, asked for or not', async () => {
    const chunks = await streamed(saying('a', 'b'))
    expect(chunks.at(-1)).toMatchObject({ usage: USAGE, choices: [{ finish_reason: 'stop' }] })
    expect(context.gateway.requests[0].body.stream_options).toEqual({ include_usage: true })
    const unasked = await streamed(saying('a', 'b'), { stream_options: { include_usage: false } })
    expect(unasked.at(-1)).toMatchObject({ usage: USAGE, choices: [{ finish_reason: 'stop' }] })
    expect(context.gateway.requests[1].body.stream_options).toEqual({ include_usage: true })
  })

  test('carry usage in OpenAI’s form when the caller asked for it', async () => {
    const chunks = await streamed(saying('a'), { stream_options: { include_usage: true } })
    expect(chunks.at(-1)).toMatchObject({ ...HEAD, choices: [], usage: USAGE })
    expect(chunks.at(-2)).toMatchObject({
      choices: [{ finish_reason: 'stop' }],
      aihubmix: { route: 'openai' }
    })
    expect(chunks.filter(({ usage }) => usage)).toHaveLength(1)
  })

  test('take the last usage that is not empty, never a sum', async () => {
    const counted = (content, n) =>
      chunk({ content }, { usage: { prompt_tokens: 3, completion_tokens: n, total_tokens: 3 + n } })
    const chunks = await streamed([
      counted('a', 1),
      counted('b', 2),
      finish('stop', { usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 } }),
      usageChunk({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
      '[DONE]'
    ])
    expect(chunks.at(-1).usage).toMatchObject({
      prompt_tokens: 3,
      completion_tokens: 7,
      total_tokens: 10
    })
    expect(chunks.filter(({ usage }) => usage)).toHaveLength(1)
  })

  test('of a finish reason beside text: the text first, then the finish', async () => {
    const chunks = await streamed([
      chunk({ content: 'all at once' }, {}, { finish_reason: 'length' }),
      '[DONE]'
    ])
    expect(textOf(chunks)).toBe('all at once')
    expect(chunks.map(({ choices }) => choices[0].finish_reason)).toEqual([null, 'length'])
  })

  test('keep members that nobody knows', async () => {
    const chunks = await streamed([
      chunk({ role: 'assistant', content: 'a', mood: 'good' }, { provider: 'x' }, { weight: 0.5 }),
      chunk({ content: 'b', mood: 'better' }, { provider: 'x' }, { weight: 0.5 }),
      finish('stop', { provider: 'y', safety: { score: 1 } }),
      '[DONE]'
    ])
    expect(chunks[0]).toEqual(
      chunk({ role: 'assistant', content: 'a', mood: 'good' }, { provider: 'x' }, { weight: 0.5 })
    )
    expect(chunks[1]).toEqual(
      chunk({ content: 'b', mood: 'better' }, { provider: 'x' }, { weight: 0.5 })
    )
    expect(chunks[2]).toMatchObject({ provider: 'y', safety: { score: 1 } })
  })

  test('keep OpenAI’s padding, each its own', async () => {
    const padded = ['aB3', 'x', 'q7Lm', 'x', 'x'].map((obfuscation, n) =>
      chunk({ content: `w${n} ` }, { obfuscation })
    )
    const chunks = await streamed([...padded, finish(), '[DONE]'])
    expect(chunks.map(({ obfuscation }) => obfuscation).slice(0, -1)).toEqual([
      'aB3',
      'x',
      'q7Lm',
      'x',
      'x'
    ])
    expect(textOf(chunks)).toBe('w0 w1 w2 w3 w4 ')
  })

  test('keep padding with characters that JSON escapes', async () => {
    const padded = ['a"b', '\\', '\n', 'é'].map((obfuscation) =>
      chunk({ content: obfuscation }, { obfuscation })
    )
    const chunks = await streamed([...padded, finish(), '[DONE]'])
    expect(
      chunks.slice(0, -1).map((one) => [one.obfuscation, one.choices[0].delta.content])
    ).toEqual(['a"b', '\\', '\n', 'é'].map((text) => [text, text]))
  })

  test('separate reasoning from content as the server does', async () => {
    const chunks = await streamed([
      chunk({ role: 'assistant', content: '', reasoning_content: 'I ' }),
      chunk({ reasoning_content: 'think' }),
      chunk({ reasoning_content: ' so' }),
      chunk({ content: 'Yes' }),
      chunk({ content: ' I do' }),
      chunk({ reasoning: 'again' }),
      finish(),
      '[DONE]'
    ])
    const reasoning = chunks.map(({ choices }) => choices[0].delta.reasoning_content ?? '').join('')
    expect(reasoning).toBe('I think soagain')
    expect(textOf(chunks)).toBe('Yes I do')
  })

  test('that the caller changes are his own: later ones are not touched', async () => {
    const events = Array.from({ length: 50 }, (_, n) =>
      chunk({ content: `w${n} ` }, { system_fingerprint: 'fp_1' })
    )
    context.gateway.enqueue({ sse: [...events, finish(), '[DONE]'] })
    const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    const texts = []
    for await (const one of stream) {
      expect(one.object).toBe('chat.completion.chunk')
      const [choice] = one.choices
      if (choice.finish_reason === null) {
        expect(one.system_fingerprint).toBe('fp_1')
        expect(choice.index).toBe(0)
        expect(Object.keys(choice.delta).filter((key) => key !== 'role')).toEqual(['content'])
      }
      texts.push(choice.delta.content ?? '')
      choice.delta.content = 'changed'
      choice.delta.extra = 'changed'
      choice.index = 99
      choice.finish_reason = 'changed'
      one.choices.push('changed')
      one.id = 'changed'
      one.object = 'changed'
      one.system_fingerprint = 'changed'
    }
    expect(texts.join('')).toBe(events.map((one) => one.choices[0].delta.content).join(''))
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe(texts.join(''))
  })

  test.each([
    ['function', 'arguments'],
    ['custom', 'input']
  ])(
    'of pieces of a %s call are whole chunks, which are the caller’s own',
    async (kind, member) => {
      const call = (members) => chunk({ content: '', tool_calls: [{ index: 0, ...members }] })
      const pieces = ['{"a":', '"x', '"', ',"b":[1]', '}']
      const events = [
        call({ id: 'call_1', type: kind, [kind]: { name: 'f', [member]: '' } }),
        ...pieces.map((text) => call({ [kind]: { [member]: text } }))
      ]
      context.gateway.enqueue({ sse: [...events, finish('tool_calls'), '[DONE]'] })
      const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
      const chunks = []
      for await (const one of stream) {
        chunks.push(structuredClone(one))
        const [choice] = one.choices
        if (choice.finish_reason !== null) continue
        choice.delta.tool_calls[0][kind][member] = 'changed'
        choice.delta.tool_calls[0].index = 99
        choice.delta.tool_calls.push('changed')
      }
      delete chunks[0].choices[0].delta.role
      expect(chunks.slice(0, -1)).toEqual(events)
      const { message } = (await stream.finalChatCompletion()).choices[0]
      expect(message.tool_calls).toEqual([
        { id: 'call_1', type: kind, [kind]: { name: 'f', [member]: pieces.join('') } }
      ])
    }
  )

  test('halves of a character that come apart stay halves, and join in the whole answer', async () => {
    const head = JSON.stringify(chunk({ content: 'TEXT' }))
    const event = (escaped) => `data: ${head.replace('TEXT', escaped)}\n\n`
    context.gateway.enqueue({
      sse: [event('a'), event('\\ud83d'), event('\\ude00'), event('b'), finish(), '[DONE]']
    })
    const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    expect(textOf(await readAll(stream))).toBe('a😀b')
    expect((await stream.finalChatCompletion()).choices[0].message.content).toBe('a😀b')
  })
})

describe('odd streams', () => {
  test('comments, pings, blank events and unknown fields are passed over', async () => {
    const chunks = await streamed([
      ': OPENROUTER PROCESSING\n\n',
      ':\n\n',
      'event: ping\ndata:\n\n',
      chunk({ content: 'a' }),
      'retry: 5\n\n',
      'id: 7\n\n',
      ': ping\n\n',
      chunk({ content: 'b' }),
      finish(),
      '[DONE]'
    ])
    expect(textOf(chunks)).toBe('ab')
  })

  test('CR, CRLF, several data lines and a byte order mark', async () => {
    const line = (one) => JSON.stringify(one)
    const pretty = JSON.stringify(chunk({ content: 'c' }), null, 1)
      .split('\n')
      .map((text) => `data: ${text}\n`)
      .join('')
    const chunks = await streamed([
      `\uFEFFdata: ${line(chunk({ content: 'a' }))}\r\n\r\n`,
      `data:${line(chunk({ content: 'b' }))}\r\r`,
      `${pretty}\n`,
      finish(),
      'data: [DONE]\n\n'
    ])
    expect(textOf(chunks)).toBe('abc')
  })

  test('`[DONE]` without a finish reason is a proper end', async () => {
    const chunks = await streamed([chunk({ content: 'a' }), '[DONE]'])
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop')
    const called = await streamed([
      chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{}' } }] }),
      '[DONE]'
    ])
    expect(called.at(-1).choices[0].finish_reason).toBe('tool_calls')
  })

  test('a finish reason without `[DONE]`, `[DONE]` without a blank line', async () => {
    expect(textOf(await streamed([chunk({ content: 'a' }), finish()]))).toBe('a')
    expect(textOf(await streamed([chunk({ content: 'a' }), 'data: [DONE]']))).toBe('a')
  })

  test('a finish reason and then silence ends after two seconds', async () => {
    context.gateway.enqueue({
      sse: [chunk({ content: 'a' }), finish(), ': waiting\n\n', usageChunk()],
      gapMs: 200,
      stallAfter: 400
    })
    const startedAt = performance.now()
    const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    expect((await readAll(stream)).at(-1).choices[0].finish_reason).toBe('stop')
    const elapsed = performance.now() - startedAt
    expect(elapsed).toBeGreaterThan(1_500)
    expect(elapsed).toBeLessThan(6_000)
  })

  test('a finish reason and then a broken connection is a proper end', async () => {
    const events = [chunk({ content: 'a' }), finish()]
    const bytes = events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('').length
    const chunks = await streamed([...events, usageChunk()], {}, { cutAfter: bytes + 5 })
    expect(chunks.at(-1)).toMatchObject({
      choices: [{ finish_reason: 'stop' }],
      aihubmix: { attempts: 1 }
    })
  })

  test('go on after a finish reason for as long as the server does', async () => {
    const stop = { finish_reason: 'stop' }
    const every = await streamed(
      ['a', 'b', 'c'].map((content) => chunk({ content }, {}, stop)),
      {},
      { gapMs: 1_100 }
    )
    expect(textOf(every)).toBe('abc')
    const choices = [0, 1].map((index) => chunk({ content: 'x' }, {}, { index, ...stop }))
    const both = await streamed(choices, { n: 2 }, { gapMs: 2_100 })
    expect(textOf(both)).toBe('xx')
  }, 20_000)

  test('a whole answer may come behind white space and a byte order mark', async () => {
    const json = {
      ...HEAD,
      object: 'chat.completion',
      choices: [
        { index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }
      ]
    }
    for (const text of [
      `\n \n${JSON.stringify(json)}`,
      `\ufeff${JSON.stringify(json)}`,
      ` \ufeff \n${JSON.stringify(json)}`
    ]) {
      for (const chunkBytes of [1, undefined]) {
        context.gateway.enqueue({
          text,
          headers: { 'content-type': 'application/json' },
          chunkBytes
        })
        const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
        expect(textOf(await readAll(stream))).toBe('whole')
      }
    }
    context.gateway.enqueue({
      text: `\ufeff${JSON.stringify(json)}`,
      headers: { 'content-type': 'application/json' }
    })
    const whole = await context.client().chatCompletion(MODEL, HELLO)
    expect(whole.choices[0].message.content).toBe('whole')
  })

  test('a whole answer in place of a stream is one chunk and its finish', async () => {
    const json = {
      ...HEAD,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'whole', reasoning_content: 'why' },
          finish_reason: 'stop'
        }
      ],
      usage: USAGE
    }
    context.gateway.enqueue({ json })
    const stream = await context.client().chatCompletion(MODEL, HELLO, { stream: true })
    const chunks = await readAll(stream)
    expect(chunks).toHaveLength(2)
    expect(chunks[0]).toMatchObject({
      ...HEAD,
      choices: [{ delta: { role: 'assistant', content: 'whole', reasoning_content: 'why' } }]
    })
    expect(chunks[1]).toMatchObject({
      choices: [{ delta: {}, finish_reason: 'stop' }],
      usage: USAGE,
      aihubmix: { route: 'openai' }
    })
    expect((await stream.finalChatCompletion()).choices[0].message).toMatchObject({
      content: 'whole',
      reasoning_content: 'why'
    })
  })
})

test('a stream knows from the beginning what could not be expressed', async () => {
  const options = { stream: true, seed: 1 }
  const stream = await context.client().chatCompletion('claude-sonnet-4-6', HELLO, options)
  expect(stream.warnings).toMatchObject([{ code: 'unsupported_parameter', param: 'seed' }])
  const [one] = stream.tee()
  expect(one.warnings).toEqual(stream.warnings)
  const { aihubmix } = await one.finalChatCompletion()
  expect(aihubmix.warnings).toEqual(stream.warnings)
})
