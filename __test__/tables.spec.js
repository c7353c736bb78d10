'use strict'

// Long lists of values of one shape cross the Node boundary as columns: nobody sees a difference from JSON.parse.

const fc = require('fast-check')
const { MODEL, HELLO, useGateway } = require('./support/gateway')

const context = useGateway()

// An answer with this JSON, as the client gives it.
async function answered(text) {
  context.gateway.enqueue({ headers: { 'content-type': 'application/json' }, text })
  return context.client().request({ method: 'GET', path: '/v1/things' })
}

// The same values, members in the same order, of the same prototypes.
async function expectParsed(text) {
  const value = await answered(text)
  expect(value).toStrictEqual(JSON.parse(text))
  expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)))
  return value
}

const listOf = (count, element) =>
  `[${Array.from({ length: count }, (_, at) => element(at)).join(',')}]`

const token = (at, more = '') =>
  `{"token":"${[' the', ' caf\\u00e9', '世', '\\ud83d', '\\"'][at % 5]}",` +
  `"logprob":-${at % 7}.${at},"bytes":${at % 11 ? `[${new Array(at % 9).fill(at % 256)}]` : null}${more}}`
const logprob = (at) => token(at, `,"top_logprobs":${listOf(at % 6, (top) => token(at + top))}`)

test('log probabilities are what JSON.parse makes of them, in every member', async () => {
  const logprobs = `{"content":${listOf(2_000, logprob)},"refusal":null}`
  const choice = `{"index":0,"message":{"role":"assistant","content":"a","refusal":null},"logprobs":${logprobs},"finish_reason":"stop"}`
  const body = `{"id":"c","object":"chat.completion","created":1,"model":"${MODEL}","choices":[${choice}]}`
  const json = { headers: { 'content-type': 'application/json' }, text: body }
  context.gateway.enqueue([json, json])
  const client = context.client()
  const { choices } = await client.chatCompletion(MODEL, HELLO)
  expect(choices).toStrictEqual(JSON.parse(body).choices)
  expect(JSON.stringify(choices)).toBe(JSON.stringify(JSON.parse(body).choices))
  const told = await client.chat.completions
    .create({ model: MODEL, messages: HELLO })
    .withResponse()
  expect(told.data.choices).toStrictEqual(choices)
})

test('records are ordinary objects, each of its own', async () => {
  const { data } = await expectParsed(
    `{"data":${listOf(300, (at) => `{"a":[${at}],"b":{"c":1}}`)}}`
  )
  expect(Object.getPrototypeOf(data[0])).toBe(Object.prototype)
  expect(Object.getOwnPropertyDescriptor(data[0], 'a')).toEqual({
    value: [0],
    writable: true,
    enumerable: true,
    configurable: true
  })
  data[0].a.push(1)
  data[0].b.c = 2
  data.push('one more')
  expect(data[1]).toEqual({ a: [1], b: { c: 1 } })
})

test.each([
  [
    'numbers',
    (at) => ['-0', '-0.0', '1e999', '1E2', '9007199254740993', '0.1', '12345678901'][at % 7]
  ],
  ['integers', (at) => `${(at - 500) * 1_000_003}`],
  ['lists of lists', (at) => `[[${at},0.5],[],[-0]]`],
  ['long lists', (at) => `[${new Array(at % 40).fill(at)}]`],
  ['a key that is special in code', () => '{"__proto__":{"a":1},"constructor":1,"":[]}'],
  ['keys that are numbers', (at) => `{"b":${at},"2":[1],"1":"a"}`],
  ['keys that come again', (at) => `{"a":"some text","b":${at},"a":1.5,"\\u0062":2}`],
  ['members that are missing', (at) => (at % 100 ? '{"a":1.5,"b":"text"}' : '{"a":1.5}')],
  [
    'members in another order',
    (at) => (at === 900 ? '{"b":"text","a":1.5}' : '{"a":1.5,"b":"text"}')
  ],
  [
    'members of another kind',
    (at) => `{"a":${['1', '"a"', 'null', '[1]', '{"a":1}', 'true'][at % 6]},"b":[1.5]}`
  ],
  ['one of another kind', (at) => (at === 999 ? '"odd"' : '{"a":[1],"b":{}}')]
])('a list of %s is what JSON.parse makes of it', async (_kind, element) => {
  await expectParsed(`{"first":1,"list":${listOf(1_000, element)},"last":2}`)
  await expectParsed(listOf(1_000, element))
  await expectParsed(listOf(20, () => `{"inner":${listOf(200, element)}}`))
})

test('any list is what JSON.parse makes of it', async () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(
        '0',
        '-0',
        '7',
        '-1.5',
        '1e21',
        'null',
        'true',
        '"a"',
        '"\\ud83d"',
        '"é\\n"',
        '" "'
      ),
      fc.array(tie('tree'), { maxLength: 4 }).map((list) => ` [ ${list} ] `),
      fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__', '1'), tie('tree')), {
          maxLength: 4
        })
        .map((members) => `{${members.map(([key, value]) => `"${key}": ${value}`)}}`)
    )
  }))
  const lists = fc.tuple(fc.array(tree, { minLength: 1, maxLength: 3 }), tree, fc.nat(1_999))
  await fc.assert(
    fc.asyncProperty(lists, async ([some, odd, at]) => {
      await expectParsed(listOf(2_000, (place) => (place === at ? odd : some[place % some.length])))
    }),
    { numRuns: 60 }
  )
})
