// Results as Markdown tables.

import { CLIENTS, NATIVE } from './clients.mjs'
import { costOf, curve, median, ratio, spread } from './figures.mjs'

const GROUPS = {
  chat: 'Chat completions',
  claude: "Claude, on Anthropic's API",
  gemini: "Gemini, on Google's API",
  ways: 'Ways into the package',
  options: 'What is above one call, on and off',
  latency: 'Latency at planned times',
  'growth-chunks': 'Growth: chunks',
  'growth-requests': 'Growth: requests',
  'growth-streams': 'Growth: streams',
  'growth-turns': 'Growth: turns',
  import: 'Import'
}

/** All of them, with what was measured where. */
export function tables(results) {
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const scenarios = results.scenarios.filter((scenario) => scenario.group === group)
    return scenarios.length === 0 ? '' : `\n## ${title}\n\n${tableOf(group, scenarios, results)}\n`
  })
  return groups.join('') + gatewayShare(results)
}

function tableOf(group, scenarios, results) {
  if (group === 'latency') return latency(scenarios)
  if (group === 'import') return imports(scenarios[0], results)
  if (group.startsWith('growth-')) return growth(scenarios)
  return scenarios.map(costs).join('\n\n')
}

const row = (cells) => `| ${cells.join(' | ')} |`
const head = (...cells) => [row(cells), row(cells.map(() => '---'))]

// One work, a row for each client.
function costs(scenario) {
  const { title, unit, clients, reference } = scenario
  const isPaced = scenario.mode === 'paced'
  const extra = isPaced ? ['event loop busy', 'event loop late, p99', 'memory a stream'] : []
  const lines = head(
    `${title} (µs of CPU a ${unit})`,
    'all threads',
    `of ${reference}`,
    'main thread',
    `of ${reference}`,
    'spread',
    ...extra
  )
  for (const client of clients) {
    lines.push(
      row([
        nameOf(client),
        micro(costOf(scenario, client, 'process')),
        part(ratio(scenario, client, 'process')),
        micro(costOf(scenario, client, 'main')),
        part(ratio(scenario, client, 'main')),
        spread(scenario, client),
        ...(isPaced ? pacedCells(scenario.samples[client]) : [])
      ])
    )
  }
  return lines.join('\n')
}

function pacedCells(samples) {
  const of = (read) => median(samples.map(read))
  return [
    `${(of(({ utilization }) => utilization) * 100).toFixed(1)} %`,
    `${of(({ loopDelay }) => loopDelay.p99).toFixed(2)} ms`,
    `${Math.max(0, of(({ memoryPerStream }) => memoryPerStream) / 1024).toFixed(0)} KB`
  ]
}

function latency(scenarios) {
  const lines = head(
    'ms from when it was due',
    'client',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'most',
    'CPU, all threads (µs)',
    'main thread (µs)'
  )
  for (const scenario of scenarios) {
    for (const client of scenario.clients) {
      const of = (key) => median(scenario.samples[client].map(({ latency }) => latency[key]))
      const values = ['p50', 'p90', 'p99', 'p999', 'max'].map((key) => of(key).toFixed(2))
      const cpu = ['process', 'main'].map((what) => micro(costOf(scenario, client, what)))
      lines.push(row([scenario.title, client, ...values, ...cpu]))
    }
  }
  return lines.join('\n')
}

function growth(scenarios) {
  const [{ title, of, clients }] = scenarios
  const hasMemory = scenarios[0].group === 'growth-streams'
  const columns = clients.flatMap((client) => [
    `${client}, all threads`,
    'main thread',
    ...(hasMemory ? ['memory a stream'] : [])
  ])
  const lines = head(`${title} (µs): ${of}`, ...columns)
  for (const at of curve(scenarios)) {
    const cells = clients.flatMap((client) => {
      const { process: cpu, main, memory } = at[client]
      return [
        micro(cpu),
        micro(main),
        ...(hasMemory ? [`${Math.max(0, memory / 1024).toFixed(0)} KB`] : [])
      ]
    })
    lines.push(row([at.point.toLocaleString('en'), ...cells]))
  }
  return lines.join('\n')
}

function imports({ clients, samples }, { installed }) {
  const lines = head('client', 'ms', 'CPU (ms)', 'memory of the process (MB)', 'installed (MB)')
  for (const client of clients) {
    const of = (read) => median(samples[client].map(read))
    const size = installed[client]
    lines.push(
      row([
        client,
        of(({ milliseconds }) => milliseconds).toFixed(1),
        (of((sample) => sample.process) / 1_000).toFixed(0),
        (of(({ memory }) => memory) / 2 ** 20).toFixed(0),
        size === undefined ? '' : (size / 1e6).toFixed(1)
      ])
    )
  }
  return lines.join('\n')
}

/** How busy the gateway was: what is measured must not be it. */
function gatewayShare({ scenarios }) {
  const shares = scenarios.flatMap(({ id, samples }) =>
    Object.entries(samples).flatMap(([client, list]) =>
      list.map(({ gateway }) => ({ id, client, gateway: gateway ?? 0 }))
    )
  )
  if (shares.length === 0) return ''
  const { id, client, gateway } = shares.reduce((most, one) =>
    one.gateway > most.gateway ? one : most
  )
  const middle = median(shares.map((one) => one.gateway))
  return `\nThe gateway needed ${(middle * 100).toFixed(0)} % of its core at the median, ${(gateway * 100).toFixed(0)} % at most (${id}, ${client}).\n`
}

function nameOf(client) {
  const name = client === NATIVE ? `**${client}**` : client
  return CLIENTS[client].floor ? `_${name}_` : name
}

function micro(value) {
  if (!Number.isFinite(value)) return '-'
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function part(value) {
  return Number.isFinite(value) ? value.toFixed(value < 0.1 ? 3 : 2) : '-'
}
