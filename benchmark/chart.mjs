// The pictures of docs/performance.md, drawn from results: what work costs as a part of what `openai` needs, and how
// costs grow. Plain SVG, for light and dark pages.

import { NATIVE } from './clients.mjs'
import { curve, median, ratio, scenarioOf } from './figures.mjs'

const STYLE = `
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
    .small { font-size: 11px }
    .grid { stroke: #d8dee4; stroke-width: 1; fill: none }
    .line { stroke-width: 2; fill: none }
    .peer { fill: #d8dee4 }
    .process { fill: #2f6fbd }
    .main { fill: #1a8f6a }
    .c0 { stroke: #2f6fbd } .c1 { stroke: #c4622d } .c2 { stroke: #7a7f87 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .grid { stroke: #343b43 }
      .peer { fill: #343b43 }
      .process { fill: #5b9bea }
      .main { fill: #3fbf95 }
      .c0 { stroke: #5b9bea } .c1 { stroke: #e8925c } .c2 { stroke: #9aa1aa }
    }
  `

function svg(width, height, label, elements) {
  const body = elements.map((line) => `  ${line}\n`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">\n  <style>${STYLE}</style>\n${body}</svg>\n`
}

const said = (x, y, words, { anchor = 'start', small = false } = {}) =>
  `<text${small ? ' class="small"' : ''} x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`

const box = (kind, x, y, width, height) =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="2"/>`

// --- what work costs, as bars ---

// Where bars begin, what the whole of one is, and how far rows are apart.
const LEFT = 250
const WHOLE = 400
const ROW = 54

const WORK = {
  request: ['a request', 'with an answer of 1 KB'],
  burst: ['a chunk of a stream', 'that arrives at once'],
  paced: ['a chunk of a stream', '64 of 50 chunks a second'],
  history: ['a request of 1 MB', '200 messages'],
  turns: ['the next turn', 'of the same 1 MB'],
  image: ['a request of 1 MB', 'an image']
}
const BARS = [
  ['process', 'CPU time, all threads'],
  ['main', 'CPU time, your thread'],
  ['peer', 'what openai needs for the same']
]

/** What this package needs as a part of what `openai` needs. */
export function speedChart(results) {
  const rows = Object.entries(WORK).flatMap(([id, words], at) => {
    const scenario = scenarioOf(results, id)
    const [cpu, main] = ['process', 'main'].map((what) => ratio(scenario, NATIVE, what))
    return workRow(words, cpu, main, 56 + at * ROW)
  })
  const legend = BARS.flatMap(([kind, words], at) => {
    const x = 20 + at * 220
    return [box(kind, x, 14, 12, 12), said(x + 18, 25, words)]
  })
  const height = 64 + Object.keys(WORK).length * ROW
  const label = 'CPU time of aihubmix-native as a part of that of openai, by work'
  return svg(720, height, label, [...legend, ...rows])
}

function workRow([work, detail], cpu, main, y) {
  return [
    said(LEFT - 12, y + 12, work, { anchor: 'end' }),
    said(LEFT - 12, y + 28, detail, { anchor: 'end', small: true }),
    ...partOfWhole('process', cpu, y),
    ...partOfWhole('main', main, y + 18)
  ]
}

function partOfWhole(kind, share, y) {
  const width = Math.min(share, 1) * WHOLE
  const words = `1 / ${(1 / share).toFixed(share > 0.2 ? 1 : 0)}`
  return [
    box('peer', LEFT, y, WHOLE, 14),
    box(kind, LEFT, y, width.toFixed(1), 14),
    said((LEFT + width + 6).toFixed(1), y + 11, words, { small: true })
  ]
}

// --- how costs grow, as curves ---

const PANEL = { width: 360, height: 230, left: 58, right: 16, top: 40, bottom: 34 }

/** Six curves: what a thing costs as there is more of it. */
export function growthChart(results) {
  const panels = panelsOf(results)
  const elements = panels.flatMap((panel, at) =>
    drawPanel(panel, (at % 2) * PANEL.width, 36 + Math.floor(at / 2) * PANEL.height)
  )
  const { clients } = panels[0]
  const legend = clients.flatMap((client, at) => [
    `<path class="line c${at}" d="M${20 + at * 180} 20h24"/>`,
    said(50 + at * 180, 24, client)
  ])
  const height = 36 + Math.ceil(panels.length / 2) * PANEL.height
  return svg(2 * PANEL.width, height, 'How costs grow with length and number', [
    ...legend,
    ...elements
  ])
}

function panelsOf(results) {
  const ofGroup = (group) => results.scenarios.filter((scenario) => scenario.group === group)
  const panel = (group, title, of, read) => {
    const scenarios = ofGroup(group)
    const { clients } = scenarios[0]
    return {
      title,
      of,
      clients,
      points: curve(scenarios).map((at) => ({
        x: at.point,
        y: clients.map((client) => read(at[client]))
      }))
    }
  }
  const cpu = (at) => at?.process
  return [
    panel('growth-chunks', 'µs a chunk', 'chunks in a stream', cpu),
    panel('growth-streams', 'µs a chunk', 'streams at once, 10 chunks a second each', cpu),
    panel('growth-streams', 'KB a stream', 'streams at once', (at) =>
      Math.max(1, at?.memory / 1024)
    ),
    panel('growth-requests', 'µs a request', 'requests of a fresh process', cpu),
    panel('growth-turns', 'µs a turn', 'turns, 10 KB more each', cpu),
    latencyPanel(ofGroup('latency').filter(({ mode }) => mode === 'open-calls'))
  ]
}

function latencyPanel(scenarios) {
  const { clients } = scenarios[0]
  const points = scenarios.map(({ rate, samples }) => ({
    x: rate,
    y: clients.map((client) => median(samples[client].map(({ latency }) => latency.p99)))
  }))
  return { title: 'ms until the answer, p99', of: 'requests a second', clients, points }
}

function drawPanel({ title, of, clients, points }, left, top) {
  const { width, height } = PANEL
  const plot = {
    x: left + PANEL.left,
    y: top + PANEL.top,
    width: width - PANEL.left - PANEL.right,
    height: height - PANEL.top - PANEL.bottom
  }
  const xs = points.map(({ x }) => x)
  const ys = points.flatMap(({ y }) => y).filter((value) => value > 0)
  const toX = logScale(Math.min(...xs), Math.max(...xs), plot.x, plot.x + plot.width)
  const [least, most] = [
    10 ** Math.floor(Math.log10(Math.min(...ys))),
    10 ** Math.ceil(Math.log10(Math.max(...ys)))
  ]
  const toY = logScale(least, most, plot.y + plot.height, plot.y)
  const grid = powersOfTen(least, most).flatMap((value) => [
    `<path class="grid" d="M${plot.x} ${toY(value)}h${plot.width}"/>`,
    said(plot.x - 6, toY(value) + 4, short(value), { anchor: 'end', small: true })
  ])
  const ticks = xs.map((x) =>
    said(toX(x), plot.y + plot.height + 15, short(x), { anchor: 'middle', small: true })
  )
  const lines = clients.map((_, at) => {
    const path = points.filter(({ y }) => y[at] > 0).map(({ x, y }) => `${toX(x)} ${toY(y[at])}`)
    return `<path class="line c${at}" d="M${path.join('L')}"/>`
  })
  const heading = [
    said(left + 10, top + 22, title),
    said(plot.x + plot.width, plot.y + plot.height + 28, of, { anchor: 'end', small: true })
  ]
  return [...heading, ...grid, ...ticks, ...lines]
}

function logScale(from, to, start, end) {
  const span = Math.log(to / from) || 1
  return (value) => Number((start + (Math.log(value / from) / span) * (end - start)).toFixed(1))
}

function powersOfTen(least, most) {
  const count = Math.round(Math.log10(most / least))
  return Array.from({ length: count + 1 }, (_, at) => least * 10 ** at)
}

const short = (value) =>
  value >= 1_000
    ? `${Number((value / 1_000).toPrecision(3))}k`
    : String(Number(value.toPrecision(3)))
