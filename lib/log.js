'use strict'

// The log: to the caller's logger, else to standard error. Off unless asked for, always redacted.

const { configError } = require('./error')
const { stringify } = require('./stringify')

const LEVELS = ['off', 'warn', 'info', 'debug']

class Log {
  #level
  #logger
  #objectFirst
  #redact

  constructor(level, logger, redact) {
    this.#level = LEVELS.indexOf(level)
    this.#logger = logger
    this.#objectFirst = takesObjectFirst(logger)
    this.#redact = redact
  }

  // `details`: what a machine may want beside the line.
  write(level, line, details) {
    if (LEVELS.indexOf(level) > this.#level) return
    const text = this.#redact(`aihubmix: ${line}`)
    if (this.#logger === undefined) {
      process.stderr.write(`${text.replaceAll('\n', ' ')} (${level})\n`)
      return
    }
    const args = details === undefined ? [text] : this.#ordered(text, details)
    this.#hand(level, args)
  }

  #ordered(text, details) {
    const copy = JSON.parse(this.#redact(stringify(details)))
    return this.#objectFirst ? [copy, text] : [text, copy]
  }

  // A log that fails is no reason for a call to fail.
  async #hand(level, args) {
    try {
      await this.#logger[level](...args)
    } catch {}
  }
}

// Whether a logger takes `(object, text)`: pino and its kin (Fastify's `log`), bunyan. All others take the text first.
function takesObjectFirst(logger) {
  return typeof logger?.bindings === 'function' || typeof logger?.addStream === 'function'
}

// `undefined` if nothing is to be logged.
function logOf(native, logger) {
  const level = native.logLevel
  return level === 'off' ? undefined : new Log(level, logger, (text) => native.redact(text))
}

function checkLogger(logger) {
  if (logger === undefined || logger === null) return undefined
  const isLogger = ['warn', 'info', 'debug'].every((level) => typeof logger[level] === 'function')
  if (!isLogger)
    throw configError('logger', '`logger` must have the functions `warn`, `info` and `debug`')
  return logger
}

module.exports = { checkLogger, logOf }
