'use strict'

// A fair share of the event loop. What is there already (chunks of a fast stream, answers of many calls) would
// be handed out in microtasks without end; timers, sockets and signals get their turn in between.

const { performance } = require('node:perf_hooks')
const { setImmediate } = require('node:timers')

// Fake timers replace them.
const now = performance.now.bind(performance)

// How much of one turn of the event loop is spent on handing out, in milliseconds.
const SHARE = 10
// What those who were waiting do with what they get is done in microtasks, so the clock is looked at again in one
// behind them. As many steps go before such a look as take this long, in milliseconds, and this many at most.
const LOOK_AFTER = 1
const MOST_STEPS = 64

// When a turn was last seen to begin: the core has rung, or the work that waited goes on. A reader who comes later
// in a turn of his own is at worst sent to the next one, which is near.
let turnBegan = now()
// Keeps the process alive while work waits for it.
let nextTurn
// Work that waits, the oldest first, and whether somebody is at it.
let queue = []
let at = 0
let running = false
// Steps before the next look at the clock, and when those before it began.
let steps = 1
let stepsBegan = 0

// A turn of the event loop begins: the core hands over what has come.
function begin() {
  // While work waits, its turn is at hand already.
  if (nextTurn === undefined) turnBegan = now()
}

// Whether this turn has had its share; what is left is for `run`.
function isSpent() {
  return now() - turnBegan >= SHARE
}

// Does the work step by step, in this turn if there is time left, after all work that waits: `work` is called until
// it returns something else than true. It must not throw.
function run(work) {
  queue.push(work)
  if (!running) next()
}

function goOn() {
  nextTurn = undefined
  turnBegan = now()
  if (running) next()
}

function next() {
  running = at < queue.length
  if (!running) {
    queue = []
    at = 0
    return
  }
  stepsBegan = now()
  if (stepsBegan - turnBegan >= SHARE) {
    nextTurn ??= setImmediate(goOn)
    return
  }
  try {
    for (let step = 0; step < steps && at < queue.length; step += 1) doStep()
  } finally {
    Promise.resolve().then(look)
  }
}

function doStep() {
  const work = queue[at]
  let more
  try {
    more = work()
  } finally {
    if (more !== true) {
      queue[at] = undefined
      at += 1
    }
  }
}

// Those who were waiting have gone on: how long that took says how many come next.
function look() {
  const took = now() - stepsBegan
  if (took >= LOOK_AFTER) steps = 1
  else if (steps < MOST_STEPS) steps *= 2
  next()
}

module.exports = { begin, isSpent, run }
