'use strict'

// Messages in a row that were all sent before cross as one: what stands for all of their texts hangs on the last of
// them, so that the next turn, which begins with the same row, hands over one thing and what is new.
// The texts of a row go when its last message does, or is sent in another one; two rows of a conversation are kept.

class SentRows {
  #join

  // `join(texts)` makes what stands for several texts, one after another, of what stands for each.
  constructor(join) {
    this.#join = join
  }

  // What stands for the texts of this row of `Sent` (sent-messages.js).
  textOf(row) {
    const last = row.at(-1)
    if (row.length === 1) return last.text
    const known = this.#longestKnown(row)
    const length = known?.ids.length ?? 0
    if (length === row.length) return known.text
    const texts = row.slice(length).map((sent) => sent.text)
    if (known !== undefined) texts.unshift(known.text)
    last.row = { ids: row.map((sent) => sent.id), text: this.#join(texts) }
    return last.row.text
  }

  // The longest row that this one begins with: `{ ids, text }`. What hangs on messages before its last one, or fits no
  // more, goes.
  #longestKnown(row) {
    let known
    for (let at = row.length - 1; at > 0; at -= 1) {
      const older = row[at].row
      if (older === undefined || older === known) continue
      const { ids } = older
      if (known === undefined && ids.length === at + 1 && isSame(ids, row)) known = older
      else row[at].row = undefined
    }
    return known
  }
}

function isSame(ids, row) {
  for (let at = 0; at < ids.length; at += 1) if (ids[at] !== row[at].id) return false
  return true
}

module.exports = { SentRows }
