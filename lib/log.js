'use strict'

// The log: to the caller's logger, else to standard error. Off unless asked for, always redacted.

const { configError } = require('./error')

const LEVELS = ['off', 'warn', 'info', 'debug']

class Log {
  #level
  #logger
  #redact

  constructor(level, logger, redact) {
    this.#level = LEVELS.indexOf(level)
    this.#logger = logger
    this.#redact = redact
  }

  // `details`: what a machine may want beside the line.
  write(level, line, details) {
    if (LEVELS.indexOf(level) > this.#level) return
    const text = this.#redact(`aihubmix: ${line}`)
    try {
      if (this.#logger === undefined)
        process.stderr.write(`${text.replaceAll('\n', ' ')} (${level})\n`)
      else if (details === undefined) this.#logger[level](text)
      else this.#logger[level](text, JSON.parse(this.#redact(JSON.stringify(details))))
    } catch {
      // A log that fails is no reason for a call to fail.
    }
  }
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
