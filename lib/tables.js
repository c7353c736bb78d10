'use strict'

// Long lists of values of one shape, which the core hands over as columns: see src/json/table.rs. V8 makes objects in
// a loop over columns in a fraction of the time in which it parses them.

// The list of a table: `plan` is JSON, `numbers` a buffer.
function readTable([plan, numbers]) {
  const { count, floats, of } = JSON.parse(plan)
  return listOf(new Columns(numbers, floats).next(of, count), 0, count)
}

// Columns are read in the order in which they were written.
class Columns {
  #floats
  #ints
  #float = 0
  #int = 0

  constructor(numbers, floats) {
    const { buffer, byteOffset, byteLength } = aligned(numbers)
    const middle = floats * Float64Array.BYTES_PER_ELEMENT
    const ints = (byteLength - middle) / Int32Array.BYTES_PER_ELEMENT
    this.#floats = new Float64Array(buffer, byteOffset, floats)
    this.#ints = new Int32Array(buffer, byteOffset + middle, ints)
  }

  // The values of the next column: an array of any kind, which nobody else sees.
  next(plan, count) {
    if (plan === 'int') return this.#nextInts(count)
    if (plan === 'float') return this.#nextFloats(count)
    const [[kind, of]] = Object.entries(plan)
    if (kind === 'scalars') return chosen(of, this.#nextInts(count))
    if (kind === 'lists') return this.#lists(of, this.#nextInts(count))
    if (kind === 'records') return this.#records(of, count)
    return of
  }

  #nextInts(count) {
    this.#int += count
    return this.#ints.subarray(this.#int - count, this.#int)
  }

  #nextFloats(count) {
    this.#float += count
    const floats = this.#floats.subarray(this.#float - count, this.#float)
    if (!floats.some(Number.isNaN)) return floats
    return Array.from(floats, (float) => (Number.isNaN(float) ? null : float))
  }

  #lists(plan, lengths) {
    let all = 0
    for (const length of lengths) all += Math.max(length, 0)
    return plan === 'int'
      ? listsOfInts(lengths, this.#nextInts(all))
      : listsOf(lengths, this.next(plan, all))
  }

  // What is a member of the plan stands for the member of the record, so a copy of it has the record's shape.
  #records(plan, count) {
    const keys = Object.keys(plan)
    const columns = keys.map((key) => this.next(plan[key], count))
    const records = new Array(count)
    for (let at = 0; at < count; at += 1) {
      const record = { ...plan }
      for (let column = 0; column < keys.length; column += 1) {
        record[keys[column]] = columns[column][at]
      }
      records[at] = record
    }
    return records
  }
}

// Typed arrays begin at multiples of their elements' size.
function aligned(numbers) {
  const isAligned = numbers.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0
  return isAligned ? numbers : new Uint8Array(numbers)
}

function chosen(scalars, places) {
  const values = new Array(places.length)
  for (let at = 0; at < values.length; at += 1) values[at] = scalars[places[at]]
  return values
}

function listsOfInts(lengths, ints) {
  const lists = new Array(lengths.length)
  let start = 0
  for (let at = 0; at < lists.length; at += 1) {
    const length = lengths[at]
    lists[at] = length < 0 ? null : listOfInts(ints, start, length)
    start += Math.max(length, 0)
  }
  return lists
}

function listsOf(lengths, elements) {
  const lists = new Array(lengths.length)
  let start = 0
  for (let at = 0; at < lists.length; at += 1) {
    const length = lengths[at]
    lists[at] = length < 0 ? null : listOf(elements, start, length)
    start += Math.max(length, 0)
  }
  return lists
}

// Short lists are literals, which V8 makes without a call. What is of one kind has a function of its own, so that V8
// knows what it is.
function listOfInts(ints, at, length) {
  switch (length) {
    case 0:
      return []
    case 1:
      return [ints[at]]
    case 2:
      return [ints[at], ints[at + 1]]
    case 3:
      return [ints[at], ints[at + 1], ints[at + 2]]
    case 4:
      return [ints[at], ints[at + 1], ints[at + 2], ints[at + 3]]
    case 5:
      return [ints[at], ints[at + 1], ints[at + 2], ints[at + 3], ints[at + 4]]
    case 6:
      return [ints[at], ints[at + 1], ints[at + 2], ints[at + 3], ints[at + 4], ints[at + 5]]
    default:
      return copied(ints, at, at + length)
  }
}

function listOf(elements, at, length) {
  switch (length) {
    case 0:
      return []
    case 1:
      return [elements[at]]
    case 2:
      return [elements[at], elements[at + 1]]
    case 3:
      return [elements[at], elements[at + 1], elements[at + 2]]
    default:
      return copied(elements, at, at + length)
  }
}

// An ordinary array, which was never larger.
function copied(values, start, end) {
  const list = []
  for (let at = start; at < end; at += 1) list.push(values[at])
  return list
}

module.exports = { readTable }
