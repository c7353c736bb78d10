'use strict'

// A file to send, from any of its forms: `{ name, type, path } | { name, type, length, replayable, open }`.

const fs = require('node:fs')
const path = require('node:path')
const { fileURLToPath } = require('node:url')
const native = require('./native')
const { setCause } = require('./aihubmix-error')
const { notAwaited } = require('./arguments')
const { invalidRequest } = require('./error')
const { messageOf } = require('./thrown')
const { bytesOf, closeIterator } = require('./upload-call')

// Without what somebody may have added to `Object.prototype`, such as `signal`.
const ONCE = { __proto__: null, once: true }

// As many bytes show what a file is.
const HEAD = 64
const UNKNOWN = 'application/octet-stream'

// `stem`: the name of a file that has none, without its extension. `param`: what to name in an error. `signal`:
// nobody wants it any more.
async function readUpload(uploadable, { param, stem = 'file', signal }) {
  const { content, type: givenType, name: givenName } = detailsOf(uploadable)
  if (typeof content === 'string') await checkPath(content, param)
  const source = { __proto__: null, ...sourceOf(content, param) }
  const name = text(givenName, `${param}.name`) ?? source.name
  signal.addEventListener('abort', () => source.close?.(), ONCE)
  const type =
    text(givenType, `${param}.type`) ??
    source.type ??
    native.mediaType(name, undefined) ??
    native.mediaType(undefined, await headOf(source, param)) ??
    UNKNOWN
  return {
    __proto__: null,
    ...source,
    type,
    name: name ?? `${stem}.${native.setFileExtension(type)}`,
    named: name !== undefined
  }
}

async function headOf(source, param) {
  try {
    return await source.head(HEAD)
  } catch (error) {
    throw setCause(invalidRequest(param, `the file could not be read: ${messageOf(error)}`), error)
  }
}

function isUploadable(value) {
  return uploadOf(detailsOf(value).content) !== undefined
}

function detailsOf(uploadable) {
  const isDetails =
    typeof uploadable === 'object' &&
    uploadable !== null &&
    uploadable.content !== undefined &&
    (uploadable.content !== Object.prototype.content || Object.hasOwn(uploadable, 'content'))
  return isDetails && uploadOf(uploadable) === undefined
    ? { __proto__: null, ...uploadable }
    : { __proto__: null, content: uploadable }
}

function sourceOf(content, param) {
  const source = uploadOf(content)
  if (source !== undefined) return source
  throw invalidRequest(
    param,
    notAwaited(
      content,
      `\`${param}\` must be bytes, a Blob, the path of a file or a stream, or one of them as \`{ content, type, name }\``
    )
  )
}

// A string is a path. Contents and addresses are easily taken for one; what is quoted of them is short.
async function checkPath(text, param) {
  const scheme = /^(data|https?):/i.exec(text)?.[1].toLowerCase()
  const isData = scheme === 'data' || (scheme === undefined && (await isBase64(text)))
  if (!isData && scheme === undefined) return
  const what = isData ? (scheme ?? 'base64').replace('data', 'a data URL') : 'an address of the web'
  const advice = isData
    ? "pass its bytes (`Buffer.from(base64, 'base64')`)"
    : 'fetch it, and pass the bytes'
  const shown = `${text.slice(0, 12)}…`
  throw invalidRequest(
    param,
    `\`${param}\` is ${what} (\`${shown}\`), not the path of a file: ${advice}`
  )
}

// As the contents of a file are written, and no name of a file that there is.
async function isBase64(text) {
  if (text.length < 64 || !/^[\w+/-]+=*\s*$/.test(text.replaceAll(/\r?\n/g, ''))) return false
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/\d/.test(text)) return false
  return fs.promises.access(text).then(
    () => false,
    () => true
  )
}

// Where a file's bytes come from; undefined for what is no file.
function uploadOf(content) {
  if (typeof content === 'string') return ofPath(content)
  if (typeof content !== 'object' || content === null) return undefined
  if (content.protocol === 'file:' && typeof content.href === 'string')
    return ofPath(fileURLToPath(content.href))
  if (
    ArrayBuffer.isView(content) ||
    Object.prototype.toString.call(content) === '[object ArrayBuffer]'
  ) {
    return ofBytes(bytesOf(content))
  }
  if (typeof content.stream === 'function' && typeof content.size === 'number')
    return ofBlob(content)
  if (typeof content.getReader === 'function') return ofStream(readingOf(content), undefined)
  if (typeof content[Symbol.asyncIterator] === 'function') return ofStream(content, content.path)
  return undefined
}

// The core reads it from the disk.
function ofPath(file) {
  return {
    path: file,
    replayable: true,
    name: path.basename(file),
    head: (length) => beginningOf(file, length)
  }
}

// Of a regular file only: a pipe would be emptied by looking at it, and its opening may wait for ever. That it
// cannot be read is found out and told by the core.
async function beginningOf(file, length) {
  let handle
  try {
    if (!(await fs.promises.stat(file)).isFile()) return undefined
    handle = await fs.promises.open(file)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } catch {
    return undefined
  } finally {
    await handle?.close()
  }
}

function ofBytes(bytes) {
  return {
    length: bytes.length,
    replayable: true,
    head: (length) => bytes.subarray(0, length),
    async *open() {
      yield bytes
    }
  }
}

function ofBlob(blob) {
  return {
    length: blob.size,
    replayable: true,
    name: typeof blob.name === 'string' && blob.name !== '' ? path.basename(blob.name) : undefined,
    type: typeof blob.type === 'string' && blob.type !== '' ? blob.type : undefined,
    head: async (length) => bytesOf(await blob.slice(0, length).arrayBuffer()),
    open: () => readingOf(blob.stream())[Symbol.asyncIterator]()
  }
}

// It can be read once. Its first piece may be looked at before it is sent.
function ofStream(stream, file) {
  // A stream of Node.js may fail before anybody reads it, and then nobody hears it; its reader is told all the same.
  stream.on?.('error', () => {})
  let iterator
  let first
  const begin = () => {
    iterator ??= stream[Symbol.asyncIterator]()
    first ??= iterator.next()
    return first
  }
  return {
    replayable: false,
    name: typeof file === 'string' ? path.basename(file) : undefined,
    async head(length) {
      const { value, done } = await begin()
      return done ? undefined : bytesOf(value).subarray(0, length)
    },
    // Whoever waits for a piece of a generator waits on; a stream of Node.js is closed at once.
    close: () => {
      if (typeof stream.destroy === 'function') stream.destroy()
      else closeIterator(iterator)
    },
    async *open() {
      try {
        for (let { value, done } = await begin(); !done; { value, done } = await iterator.next())
          yield value
      } finally {
        await iterator.return?.()
      }
    }
  }
}

// Not every web stream is async iterable.
function readingOf(stream) {
  return {
    [Symbol.asyncIterator]() {
      const reader = stream.getReader()
      return {
        next: () => reader.read(),
        // Of a stream that has been read to its end this does nothing. It ends a read that waits.
        async return() {
          await reader.cancel().catch(() => {})
          return { value: undefined, done: true }
        }
      }
    }
  }
}

function text(value, param) {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw invalidRequest(param, `\`${param}\` must be a string`)
  return value
}

module.exports = { isUploadable, readUpload, uploadOf }
