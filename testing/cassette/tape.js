'use strict'

// What a cassette holds, as JSON: `{ version, exchanges: [{ request, response }] }`.

const { mkdir, readFile, rename, writeFile } = require('node:fs/promises')
const path = require('node:path')
const { isDeepStrictEqual } = require('node:util')

const VERSION = 1

/** What tells one request from another: neither headers nor the boundary of a form. */
function requestOf({ method, path: asked, query, body, bodyText }, secrets) {
  const { key, ...rest } = query
  const content = body === undefined ? { text: bodyText } : { json: body }
  const carried = bodyText === '' ? {} : content
  return JSON.parse(secrets.mask(JSON.stringify({ method, path: asked, query: rest, ...carried })))
}

/** Text stays readable; anything else is base64. */
function bodyOf(bytes, secrets) {
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) return { base64: bytes.toString('base64') }
  return { text: secrets.mask(text) }
}

function bytesOf({ text, base64 }) {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64')
}

function isSame(one, other) {
  return isDeepStrictEqual(one, other)
}

async function readTape(file) {
  const tape = JSON.parse(await readFile(file, 'utf8'))
  if (tape?.version !== VERSION || !Array.isArray(tape.exchanges)) {
    throw new TypeError(`${file} is not a cassette of version ${VERSION}`)
  }
  return tape.exchanges
}

/** All of it or nothing: a test that is killed leaves the old one. */
async function writeTape(file, exchanges) {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, `${JSON.stringify({ version: VERSION, exchanges }, undefined, 2)}\n`)
  await rename(draft, file)
}

module.exports = { bodyOf, bytesOf, isSame, readTape, requestOf, writeTape }
