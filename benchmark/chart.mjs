// docs/speed.svg, drawn from benchmark/speed.json: what compare.mjs measured, as parts of what `openai` needs.
//
//   node benchmark/compare.mjs --json benchmark/speed.json && node benchmark/chart.mjs

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const FIGURES = new URL('speed.json', import.meta.url)
const CHART = new URL('../docs/speed.svg', import.meta.url)

// Where bars begin, what the whole of one is, and how far rows are apart.
const LEFT = 250
const WHOLE = 400
const ROW = 54

const LABELS = {
  request: ['a request', 'with an answer of 1 KB'],
  burst: ['a piece of a stream', 'that arrives at once'],
  paced: ['a piece of a stream', '64 at model speed']
}
const BARS = [
  ['process', 'CPU time, all threads'],
  ['main', 'CPU time, your thread'],
  ['peer', 'what openai needs for the same']
]

/** The chart of `{ [work]: { process, main } }`, parts of 1. */
export function chart(figures) {
  const rows = Object.entries(LABELS).flatMap(([work, label], at) =>
    row(label, figures[work], 56 + at * ROW)
  )
  const height = 64 + Object.keys(LABELS).length * ROW
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${height}" width="720" height="${height}" role="img" aria-label="CPU time of aihubmix-native as a part of that of openai, by work">
  <style>
    text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
    .small { font-size: 11px }
    .peer { fill: #d8dee4 }
    .process { fill: #2f6fbd }
    .main { fill: #1a8f6a }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .peer { fill: #343b43 }
      .process { fill: #5b9bea }
      .main { fill: #3fbf95 }
    }
  </style>
${[...legend(), ...rows].map((line) => `  ${line}\n`).join('')}</svg>
`
}

function legend() {
  return BARS.flatMap(([kind, words], at) => {
    const x = 20 + at * 220
    return [bar(kind, x, 14, 12, 12), `<text x="${x + 18}" y="25">${words}</text>`]
  })
}

function row([work, detail], { process, main }, y) {
  return [
    `<text x="${LEFT - 12}" y="${y + 12}" text-anchor="end">${work}</text>`,
    `<text class="small" x="${LEFT - 12}" y="${y + 28}" text-anchor="end">${detail}</text>`,
    ...part('process', process, y),
    ...part('main', main, y + 18)
  ]
}

// The peer's bar is the whole, ours the part.
function part(kind, share, y) {
  const width = Math.min(share, 1) * WHOLE
  return [
    bar('peer', LEFT, y, WHOLE, 14),
    bar(kind, LEFT, y, width.toFixed(1), 14),
    `<text class="small" x="${(LEFT + width + 6).toFixed(1)}" y="${y + 11}">1 / ${(1 / share).toFixed(share > 0.2 ? 1 : 0)}</text>`
  ]
}

function bar(kind, x, y, width, height) {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="2"/>`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(CHART, chart(JSON.parse(readFileSync(FIGURES, 'utf8'))))
}
