'use strict'

// Messages that were sent before cross the Node boundary no more, and whoever changes one in place sees it sent
// changed.

const fc = require('fast-check')
const { SentMessages } = require('../lib/sent-messages')
const { SentRows } = require('../lib/sent-rows')
const { MODEL, useGateway } = require('./support/gateway')

const context = useGateway()
const LONG = 'x'.repeat(2_000)

const plainly = (value) => JSON.parse(JSON.stringify(value))

const leaf = fc.oneof(
  fc.constantFrom('', 'a', LONG, null, true, 0, -0, 1.5, Number.NaN, undefined),
  fc.string({ maxLength: 4 })
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', 'content', 'text'), tie('tree'), { maxKeys: 3 })
  )
}))
const message = fc
  .tuple(fc.constantFrom('user', 'assistant'), tree, fc.constantFrom(LONG, `${LONG}"\n世界`))
  .map(([role, more, content]) => ({ role, content: [{ type: 'text', text: content }], more }))

// Everything that a caller can do to an object that he has sent.
const CHANGES = {
  nothing: () => {},
  set: (object, key, value) => {
    object[key] = value
  },
  remove: (object, key) => delete object[key],
  'put last': (object, key) => {
    const { [key]: value } = object
    delete object[key]
    object[key] = value
  },
  push: (object, _key, value) => Array.isArray(object) && object.push(value),
  shorten: (object) => Array.isArray(object) && object.pop(),
  'leave a hole': (object) => Array.isArray(object) && delete object[0],
  hide: (object, key) =>
    Object.defineProperty(object, key, { enumerable: false, configurable: true }),
  compute: (object, key, value) =>
    Object.defineProperty(object, key, {
      get: () => value,
      enumerable: true,
      configurable: true
    }),
  'copy the value': (object, key) => {
    object[key] = structuredClone(object[key])
  },
  box: (object, key) => {
    object[key] = new Object(object[key] ?? 'boxed')
  },
  'write itself': (object, _key, value) => {
    object.toJSON = () => ({ role: 'user', content: 'written', value })
  },
  'inherit toJSON': (object, _key, value) =>
    Object.setPrototypeOf(object, {
      toJSON: () => ({ role: 'user', content: 'inherited', value })
    }),
  'another prototype': (object) => Object.setPrototypeOf(object, null),
  freeze: (object) => Object.freeze(object)
}
const change = fc.record({
  kind: fc.constantFrom(...Object.keys(CHANGES)),
  place: fc.nat(),
  key: fc.nat(),
  value: tree,
  times: fc.integer({ min: 1, max: 3 })
})

function objectsIn(value, found = []) {
  if (typeof value !== 'object' || value === null || found.includes(value)) return found
  found.push(value)
  for (const key of Object.keys(value)) objectsIn(value[key], found)
  return found
}

// `roots`: what may be changed, and all that is in it.
function apply({ kind, place, key, value }, roots) {
  const objects = objectsIn(roots).slice(1)
  const object = objects[place % objects.length]
  const keys = [...Object.keys(object), 'new']
  try {
    CHANGES[kind](object, keys[key % keys.length], structuredClone(value))
  } catch {
    // It is frozen.
  }
}

test('whatever is done to a message, what stands for it is what JSON would write now', () => {
  let recalled = 0
  fc.assert(
    fc.property(message, fc.array(change, { maxLength: 6 }), (sent, changes) => {
      const memory = new SentMessages((value) => {
        const text = JSON.stringify(value)
        return { text, length: text.length }
      })
      for (const change of [{ kind: 'nothing', place: 0, key: 0, times: 3 }, ...changes]) {
        apply(change, [sent])
        for (let time = 0; time < change.times; time += 1) {
          const text = memory.recall(sent)?.text
          if (text === undefined) memory.remember(sent)
          else expect(text).toBe(JSON.stringify(sent))
          recalled += text === undefined ? 0 : 1
        }
      }
    }),
    { numRuns: 1_000 }
  )
  expect(recalled).toBeGreaterThan(1_000)
})

test('whatever messages come in whatever order, their row stands for just these', () => {
  let known = 0
  const memory = new SentMessages((value) => ({ text: JSON.stringify(value), length: 1 }))
  const pool = Array.from({ length: 6 }, (_, at) => ({ role: 'user', content: `${at}` }))
  for (const message of pool) memory.remember(message)
  const rows = new SentRows((texts) => {
    known += texts[0].includes('},{') ? 1 : 0
    return texts.join()
  })
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat({ max: pool.length - 1 }), { minLength: 1, maxLength: 8 })),
      fc.nat({ max: pool.length - 1 }),
      (conversations, changed) => {
        pool[changed].content += '!'
        memory.recall(pool[changed])
        for (const conversation of conversations) {
          for (const length of [conversation.length >> 1, conversation.length]) {
            const messages = conversation.slice(0, length || 1).map((at) => pool[at])
            const text = rows.textOf(messages.map((message) => memory.recall(message)))
            expect(`[${text}]`).toBe(JSON.stringify(messages))
          }
        }
      }
    ),
    { numRuns: 1_000 }
  )
  expect(known).toBeGreaterThan(100)
})

test('what is sent of changed messages is what is sent of new ones', () => {
  const client = context.client()
  const sent = (messages) => {
    try {
      return JSON.parse(client.buildRequest(MODEL, messages).bodyText).messages
    } catch (error) {
      return error.message
    }
  }
  const nothing = { kind: 'nothing', place: 0, key: 0, times: 3 }
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      (messages, changes) => {
        for (const change of [nothing, ...changes]) {
          const { content, more } = messages[change.place % messages.length]
          apply(change, [content[0], more])
          for (let time = 0; time < change.times; time += 1) {
            expect(sent(messages)).toEqual(sent(plainly(messages)))
          }
        }
      }
    ),
    { numRuns: 100 }
  )
})
