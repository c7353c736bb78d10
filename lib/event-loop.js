'use strict'

// A fair share of the event loop. What is there already (chunks of a fast stream, answers of many calls) would
// be handed out in microtasks without end; timers, sockets and signals get their turn in between.

const { performance } = require('node:perf_hooks')
const { setImmediate } = require('node:timers')

// Fake timers replace them.
const now = performance.now.bind(performance)

// How much of one turn of the event loop is spent on handing out, in milliseconds.
const SHARE = 10

let turnBegan
// The beginning of the next turn. It keeps the process alive only while work waits for it.
let nextTurn
// Work that waits, the oldest first, and whether somebody is at it.
let queue = []
let at = 0
let running = false

// Whether this turn has had its share; what is left is for `run`.
function isSpent() {
  if (turnBegan === undefined) {
    turnBegan = now()
    nextTurn = setImmediate(beginTurn).unref()
    return false
  }
  return now() - turnBegan >= SHARE
}

// Does the work, in this turn if there is time left, after all work that waits. It must not throw.
function run(work) {
  queue.push(work)
  if (!running) next()
}

function beginTurn() {
  turnBegan = undefined
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
    nextTurn.ref()
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

module.exports = { isSpent, run }
