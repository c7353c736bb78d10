'use strict'

// What an answer rests on, as the AI SDK's sources and as citations of the text.
//
// | where | source |
// |---|---|
// | `annotations`: `url_citation` | `url` |
// | `annotations`: `file_citation`, `container_file_citation`, `file_path` | `document` |
// | a kept text of Claude's: citations of documents that the caller sent | `document`, one for each |
// | the same: citations of pages and search results | the passage of the citation (`citedText`) |

const MEDIA_TYPES = {
  page_location: 'application/pdf',
  char_location: 'text/plain',
  content_block_location: 'text/plain',
  file_citation: 'text/plain',
  container_file_citation: 'text/plain',
  file_path: 'application/octet-stream'
}

// Gathers the citations of one answer. Each method gives the sources that are new.
class Citations {
  #sources = new Map()
  #citations = []
  // Citations of an address whose passage is not known yet.
  #waiting = new Map()

  annotation(annotation) {
    const { type, url_citation: cited } = annotation ?? {}
    if (typeof cited?.url === 'string') {
      const { url, title } = cited
      const [source, fresh] = this.#source(url, { sourceType: 'url', url, ...(title && { title }) })
      const citation = { source, ...range(cited.start_index, cited.end_index) }
      this.#citations.push(citation)
      const waiting = this.#waiting.get(url)
      if (waiting === undefined) this.#waiting.set(url, [citation])
      else waiting.push(citation)
      return fresh
    }
    if (MEDIA_TYPES[type] === undefined || typeof annotation.file_id !== 'string') return []
    const { file_id: id, filename, start_index: start, end_index: end } = annotation
    const [source, fresh] = this.#document(id, type, filename ?? id, filename)
    this.#citations.push({ source, ...range(start, end) })
    return fresh
  }

  // An entry of the vendor's state.
  detail({ type, citations }) {
    if (type !== 'text' || !Array.isArray(citations)) return []
    return citations.flatMap((cited) => this.#ofText(cited))
  }

  #ofText({ type, url, source: address, cited_text: citedText, ...document }) {
    const waiting = this.#waiting.get(url ?? address)
    if (waiting !== undefined) {
      const citation = waiting.shift()
      if (citation !== undefined && typeof citedText === 'string') citation.citedText = citedText
      return []
    }
    if (MEDIA_TYPES[type] === undefined) return []
    const { document_index: at, document_title: title } = document
    const [source, fresh] = this.#document(`document ${at}`, type, title ?? `document ${at + 1}`)
    this.#citations.push({ source, ...(typeof citedText === 'string' && { citedText }) })
    return fresh
  }

  // The citations since the last time, of a text that begins here in the answer; undefined if there are none.
  take(begin = 0) {
    const taken = this.#citations
    this.#citations = []
    if (taken.length === 0) return undefined
    return taken.map(({ startIndex, endIndex, ...citation }) => ({
      ...citation,
      ...range(startIndex - begin, endIndex - begin)
    }))
  }

  #document(name, type, title, filename) {
    const mediaType = MEDIA_TYPES[type]
    const members = { sourceType: 'document', mediaType, title, ...(filename && { filename }) }
    return this.#source(`\0${name}`, members)
  }

  #source(name, members) {
    const known = this.#sources.get(name)
    if (known !== undefined) return [known, []]
    const made = { type: 'source', id: `source-${this.#sources.size}`, ...members }
    this.#sources.set(name, made)
    return [made, [made]]
  }
}

function range(startIndex, endIndex) {
  return {
    ...(isPlace(startIndex) && { startIndex }),
    ...(isPlace(endIndex) && { endIndex })
  }
}

function isPlace(index) {
  return Number.isInteger(index) && index >= 0
}

module.exports = { Citations }
