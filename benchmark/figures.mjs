// What results say: medians, ratios, spread.

export function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Microseconds of a unit: `what` is `process` (all threads) or `main`. */
export function costOf({ samples }, client, what) {
  return median((samples[client] ?? []).map((sample) => sample[what] / sample.units))
}

/** What a client needs as a part of what the scenario's reference needs. */
export function ratio(scenario, client, what) {
  return costOf(scenario, client, what) / costOf(scenario, scenario.reference, what)
}

/** How far the rounds are apart: half of the way from the least to the most, as a part of the median. */
export function spread({ samples }, client) {
  const costs = samples[client].map((sample) => sample.process / sample.units)
  if (costs.length < 2) return '-'
  const half = (Math.max(...costs) - Math.min(...costs)) / 2
  return `±${((half / median(costs)) * 100).toFixed(0)} %`
}

/** The points of a curve: `[{ point, [client]: { process, main, memory } }]`. */
export function curve(scenarios) {
  const [{ mode, clients, points }] = scenarios
  if (mode === 'turns') {
    return points.map((point, at) => ({
      point,
      ...Object.fromEntries(
        clients.map((client) => [client, scenarios[0].samples[client][0].curve[at]])
      )
    }))
  }
  return scenarios.map((scenario) => ({
    point: scenario.point,
    ...Object.fromEntries(
      clients.map((client) => [
        client,
        {
          process: costOf(scenario, client, 'process'),
          main: costOf(scenario, client, 'main'),
          memory: scenario.samples[client][0].memoryPerStream
        }
      ])
    )
  }))
}

export function scenarioOf({ scenarios }, id) {
  const found = scenarios.find((scenario) => scenario.id === id)
  if (found === undefined) throw new Error(`these results have no ${id}`)
  return found
}
