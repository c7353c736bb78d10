'use strict'

// A number that a JSON schema admits: 1 or 0 where it may be, else the one that is next to a bound.

// A whole number that is a multiple of 0.1 is ten steps away at most.
const MOST_STEPS = 10

// Draft 4 and OpenAPI 3.0 say `exclusiveMinimum: true` beside `minimum`; later drafts the bound itself.
function boundsOf({ minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below }) {
  return {
    least: Math.max(
      numeric(minimum) ?? Number.NEGATIVE_INFINITY,
      numeric(above) ?? Number.NEGATIVE_INFINITY
    ),
    most: Math.min(
      numeric(maximum) ?? Number.POSITIVE_INFINITY,
      numeric(below) ?? Number.POSITIVE_INFINITY
    ),
    isAbove:
      above === true ||
      (numeric(above) ?? Number.NEGATIVE_INFINITY) >=
        (numeric(minimum) ?? Number.NEGATIVE_INFINITY),
    isBelow:
      below === true ||
      (numeric(below) ?? Number.POSITIVE_INFINITY) <= (numeric(maximum) ?? Number.POSITIVE_INFINITY)
  }
}

function numberOf(schema) {
  const { least, most, isAbove, isBelow } = boundsOf(schema)
  const hasLeast = Number.isFinite(least)
  const hasMost = Number.isFinite(most)
  const fits = (value) =>
    (isAbove && hasLeast ? value > least : value >= least) &&
    (isBelow && hasMost ? value < most : value <= most)
  const step = numeric(schema.multipleOf) ?? (schema.isInteger ? 1 : undefined)
  const isWanted = (value) => fits(value) && (!schema.isInteger || Number.isInteger(value))
  for (const value of candidates(least, most, step)) if (isWanted(value)) return value
  return 1
}

function* candidates(least, most, step) {
  const bounds = [least, most].filter(Number.isFinite)
  if (step === undefined) {
    const between = bounds.length === 2 ? [bounds[0] / 2 + bounds[1] / 2] : []
    yield* [1, 0, ...bounds, ...between]
    yield* bounds.flatMap((bound) => [bound + 1, bound - 1])
    return
  }
  // Around each of these, a few steps to both sides.
  for (const value of [1, 0, ...bounds]) {
    const nearest = Math.round(value / step)
    for (let away = 0; away <= MOST_STEPS; away += 1) {
      yield times(nearest + away, step)
      yield times(nearest - away, step)
    }
  }
}

// Without what binary fractions add.
function times(count, step) {
  return Number((count * step).toPrecision(15))
}

function numeric(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

module.exports = { numberOf }
