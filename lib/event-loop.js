'use strict'

// A fair share of the event loop. What is there already (chunks of a fast stream, answers of many calls) would
// be handed out in microtasks without end; timers, sockets and signals get their turn in between.

const { performance } = require('node:perf_hooks')
const { setImmediate } = require('node:timers')

// Fake timers replace them.
const now = performance.now.bind(performance)

// How much of one turn of the event loop is spent on handing out, in milliseconds.
const SHARE = 10

// When a turn was last seen to begin: the core has rung, or the work that waited goes on. A reader who comes later
// in a turn of his own is at worst sent to the next one, which is near.
let turnBegan = now()
// Keeps the process alive while work waits for it.
let nextTurn
// Work that waits, the oldest first, and whether somebody is at it.
let queue = []
let at = 0
let running = false

// A turn of the event loop begins: the core hands over what has come.
function begin() {
  // While work waits, its turn is at hand already.
  if (nextTurn === undefined) turnBegan = now()
}

// Whether this turn has had its share; what is left is for `run`.
function isSpent() {
  return now() - turnBegan >= SHARE
}

// Does the work, in this turn if there is time left, after all work that waits. It must not throw.
function run(work) {
  queue.push(work)
  if (!running) next()
}

function goOn() {
  nextTurn = undefined
  turnBegan = now()
  if (running) next()
}

// One piece of work. The clock is looked at again when those who were waiting for it have gone on, which
// they do in microtasks.
function next() {
  running = at < queue.length
  if (!running) {
    queue = []
    at = 0
    return
  }
  if (isSpent()) {
    nextTurn ??= setImmediate(goOn)
    return
  }
  const work = queue[at]
  queue[at] = undefined
  at += 1
  try {
    work()
  } finally {
    Promise.resolve().then(next)
  }
}

module.exports = { begin, isSpent, run }
